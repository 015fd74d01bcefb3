"""Reads for the pages of the room: only what the person may see; what they may not see does not exist."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Case, Max, Q, QuerySet, Sum, When
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from common import contributions
from common.contributions import DemoPerson
from common.errors import Refusal
from staff.choices import DUTY_READERS, DUTY_ROLES, READING_ROLES, Role
from staff.models import AuditEntry, Duty, Member, MemberImport, RoleGrant, Unit
from staff.selectors import duties_at, scope_of, units_under, ways_up

PEOPLE_SHOWN = 30  # on a unit's page; the list of members shows all


def visible_units(actor: Member, roles: Iterable[str] = READING_ROLES) -> QuerySet[Unit]:
    """Units of the subtrees that these roles reach (administers, supervises, audits), in the order of the tree."""
    return units_under(scope_of(actor).paths(*roles)).order_by("path")


def get_unit_for(actor: Member, code: str, roles: Iterable[str] = READING_ROLES) -> Unit:
    """The unit with this code. Raises: Http404 when it does not exist for this person in these roles."""
    return get_object_or_404(visible_units(actor, roles), code=code.upper())


def administered_units(actor: Member) -> QuerySet[Unit]:
    """Units in use that this person administers, in the order of the tree."""
    return units_under(scope_of(actor).paths(Role.ADMINISTRATOR)).filter(is_active=True).order_by("path")


def places_for(actor: Member, unit: Unit) -> QuerySet[Unit]:
    """Where this person may move the unit: what they administer, without the unit and what is below it."""
    return administered_units(actor).exclude(path__startswith=unit.path)


def unit_card(unit: Unit) -> dict[str, Any]:
    """What a unit's page shows: the way down to it, what is below, who belongs to it, who holds which role in it."""
    way = [unit.path[:end] for end in range(Unit.steplen, len(unit.path), Unit.steplen)]
    held = RoleGrant.objects.filter(unit=unit).select_related("member__home_unit")
    return {
        "unit": unit,
        "way": Unit.objects.filter(path__in=way),
        "below": Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1),
        "people": Member.objects.filter(home_unit=unit, is_active=True).order_by("pinyin", "pk")[:PEOPLE_SHOWN],
        "grants": held.filter(member__is_active=True).order_by("role", "member__pinyin"),
    }


def visible_members(actor: Member) -> QuerySet[Member]:
    """Members whose unit this person sees, and the person."""
    seen = Q(home_unit__in=visible_units(actor).order_by())
    return Member.objects.filter(seen | Q(pk=actor.pk)).select_related("home_unit")


def get_member_for(actor: Member, staff_no: str) -> Member:
    """The member with this staff number. Raises: Http404 when they do not exist for this person."""
    return get_object_or_404(visible_members(actor), staff_no=staff_no.upper())


def find_member(actor: Member, staff_no: str) -> Member:
    """A member by a typed staff number. Raises: Refusal in words when there is none this person sees."""
    member = visible_members(actor).filter(staff_no=staff_no.strip().upper()).first()
    if member is None:
        raise Refusal(_("Nobody here has the staff number %(number)s") % {"number": staff_no[:20]}, field="staff_no")
    return member


def successors(actor: Member, leaving: Member) -> QuerySet[Member]:
    """Who may take over: active members this person sees whose role takes work; those of the same unit first."""
    workers = RoleGrant.objects.filter(role__in=DUTY_ROLES).values("member")
    others = visible_members(actor).filter(is_active=True, pk__in=workers).exclude(pk=leaving.pk)
    is_near = Case(When(home_unit=leaving.home_unit_id, then=0), default=1)
    return others.select_related("home_unit").order_by(is_near, "home_unit__path", "pinyin", "pk")


def grants_of(member: Member) -> QuerySet[RoleGrant]:
    """The roles a member holds, highest unit first."""
    return RoleGrant.objects.filter(member=member).select_related("unit").order_by("unit__path", "role")


def get_grant(member: Member, role: str, unit_code: str) -> RoleGrant:
    """One grant of this member. Raises: Http404."""
    grants = RoleGrant.objects.select_related("member__home_unit", "unit")
    return get_object_or_404(grants, member=member, role=role, unit__code=unit_code)


def holders(unit: Unit, role: str) -> QuerySet[Member]:
    """Active members who hold the role in the unit or above it, by name: those who may stand duty there."""
    grants = RoleGrant.objects.filter(role=role, unit__path__in=ways_up(unit.path))
    return Member.objects.filter(pk__in=grants.values("member"), is_active=True).order_by("pinyin", "pk")


def shifts_between(unit: Unit, role: str, start: datetime, end: datetime) -> QuerySet[Duty]:
    """Shifts of a unit and role that touch [start, end), earliest first."""
    touching = Duty.objects.filter(unit=unit, role=role, starts_at__lt=end, ends_at__gt=start)
    return touching.select_related("member").order_by("starts_at", "member__pinyin")


def roles_to_plan(unit: Unit) -> list[str]:
    """Roles that somebody can stand duty for here: those held in the unit first, then those held above it."""
    held = RoleGrant.objects.filter(unit__path__in=ways_up(unit.path), member__is_active=True, role__in=DUTY_ROLES)
    order = {role: place for place, role in enumerate(Role.values)}
    local = sorted(set(held.filter(unit=unit).values_list("role", flat=True)), key=order.__getitem__)
    above = sorted(set(held.values_list("role", flat=True)) - set(local), key=order.__getitem__)
    return local + above


def get_duty(unit: Unit, pk: str) -> Duty:
    """One shift of this unit. Raises: Http404."""
    shifts = Duty.objects.select_related("member", "unit")
    return get_object_or_404(shifts, unit=unit, pk=pk if pk.isdecimal() else 0)


def now_on_duty(actor: Member, at: datetime) -> QuerySet[Duty]:
    """Running shifts in the units whose duty this person reads, in the order of the tree."""
    seen = duties_at(at).filter(unit__in=visible_units(actor, DUTY_READERS).order_by())
    return seen.order_by("unit__path", "role", "member__pinyin")


def visible_audit(actor: Member) -> QuerySet[AuditEntry]:
    """Audit entries of the subtrees this person audits or administers, newest first."""
    units = units_under(scope_of(actor).paths(Role.AUDITOR, Role.ADMINISTRATOR))
    return AuditEntry.objects.filter(unit__in=units).select_related("actor", "unit").order_by("-id")


def get_import_for(actor: Member, pk: UUID) -> MemberImport:
    """A file this person uploaded. Raises: Http404."""
    return get_object_or_404(MemberImport, uploaded_by=actor, pk=pk)


def demo_people() -> list[DemoPerson]:
    """Whom a visitor of the demo may log in as: those a room above names and who work here, else one for each role."""
    working = Member.objects.filter(is_active=True)
    named = {person.staff_no: person for person in contributions.demo_people}
    here = set(working.filter(staff_no__in=named).values_list("staff_no", flat=True))
    if here:
        return [person for staff_no, person in named.items() if staff_no in here]
    first = RoleGrant.objects.filter(member__in=working).order_by("role", "member__staff_no").distinct("role")
    grants = {grant.role: grant for grant in first.select_related("member")}
    return [
        DemoPerson(grants[role].member.staff_no, grants[role].member.name, role.label)
        for role in Role
        if role in grants
    ]


def get_own(member: Member) -> Member:
    """The member's row read afresh, for a form that must not change the person of the request."""
    return Member.objects.select_related("home_unit").get(pk=member.pk)


def locked_until(staff_no: str, now: datetime) -> datetime | None:
    """When a login that was locked after wrong tries opens again; None when it is not locked."""
    recent = AccessAttempt.objects.filter(username=staff_no, attempt_time__gt=now - settings.AXES_COOLOFF_TIME)
    seen = recent.aggregate(tries=Sum("failures_since_start"), last=Max("attempt_time"))
    is_locked = (seen["tries"] or 0) >= settings.AXES_FAILURE_LIMIT
    return seen["last"] + settings.AXES_COOLOFF_TIME if is_locked else None

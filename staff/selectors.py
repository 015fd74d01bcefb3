"""Reads of the staff room: what a member reaches, who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from staff.choices import READING_ROLES, SUPERVISING_ROLES, Role, UnitKind
from staff.models import AuditEntry, Duty, Member, MemberImport, RoleGrant, Unit


@dataclass(frozen=True)
class Scope:
    """What a member's roles reach; build it with `scope_of`."""

    grants: tuple[tuple[str, str], ...]  # (role, path of the unit it is held in)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.grants)

    def has(self, *roles: str) -> bool:
        """Whether any of these roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def reaches(self, unit: Unit | None, *roles: str) -> bool:
        """Whether one of these roles is held in ``unit`` or above it; without roles, any role counts."""
        if unit is None:
            return False
        return any(unit.path.startswith(path) for role, path in self.grants if not roles or role in roles)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """Shortest tree paths reached by these roles (all roles when none is named)."""
        found = sorted({path for role, path in self.grants if not roles or role in roles}, key=len)
        kept: list[str] = []
        for path in found:
            if not any(path.startswith(k) for k in kept):
                kept.append(path)
        return tuple(kept)

    def unit_ids(self, *roles: str) -> frozenset[int]:
        """Ids of every unit that these roles reach; one query."""
        return frozenset(units_under(self.paths(*roles)).values_list("id", flat=True))


def scope_of(member: Member) -> Scope:
    """The member's scope; one query per instance of the member."""
    return Scope(member.grants_held)


def units_under(paths: Iterable[str]) -> QuerySet[Unit]:
    """Units in the subtrees that start at these tree paths."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return Unit.objects.filter(wanted)


def on_duty(*, unit: Unit, role: str, at: datetime) -> list[Member]:
    """Who answers for ``role`` around ``unit`` at ``at``.

    Walks from the unit up to the company: first those on the duty plan there; if the plan is silent on the whole
    way, those who hold the role at the nearest unit. Empty only when nobody holds the role at all.
    `staff.roster.DutyRoster` answers the same for thousands of units at a constant number of queries.
    """
    ways = ways_up(unit.path)
    planned = duties_at(at).filter(role=role, unit__path__in=ways)
    holders = by_place((row.unit.path, row.member) for row in planned)
    if not holders:
        granted = grants_alive().filter(role=role, unit__path__in=ways)
        holders = by_place((row.unit.path, row.member) for row in granted)
    return next((holders[path] for path in ways if path in holders), [])


def ways_up(path: str) -> list[str]:
    """Tree paths from a unit up to the top, itself first."""
    return [path[:end] for end in range(len(path), 0, -Unit.steplen)]


def by_place(pairs: Iterable[tuple[str, Member]]) -> dict[str, list[Member]]:
    """Members by tree path, in the order given, each once."""
    places: dict[str, dict[int, Member]] = {}
    for path, member in pairs:
        places.setdefault(path, {}).setdefault(member.pk, member)
    return {path: list(members.values()) for path, members in places.items()}


def duties_at(at: datetime) -> QuerySet[Duty]:
    """Shifts that are running at an instant, of active members, in the order they began."""
    running = Duty.objects.filter(starts_at__lte=at, ends_at__gt=at, member__is_active=True)
    return running.select_related("member", "unit").order_by("starts_at", "pk")


def grants_alive() -> QuerySet[RoleGrant]:
    """Grants of active members, oldest first."""
    return RoleGrant.objects.filter(member__is_active=True).select_related("member", "unit").order_by("pk")


def crews() -> QuerySet[Unit]:
    """Crews in use, in the order of the tree."""
    return Unit.objects.filter(kind=UnitKind.CREW, is_active=True)


def handling_units() -> QuerySet[Unit]:
    """Units that orders can be dispatched to."""
    kinds = [UnitKind.CREW, UnitKind.STATION, UnitKind.DEPARTMENT, UnitKind.DESK, UnitKind.HALL, UnitKind.REMOTE_DESK]
    return Unit.objects.filter(kind__in=kinds, is_active=True)


def is_supervising(member: Member) -> bool:
    """Supervisor and above."""
    return scope_of(member).has(*SUPERVISING_ROLES)


# ── reads for pages: only what the person may see; what they may not see does not exist ─────────


def visible_units(actor: Member) -> QuerySet[Unit]:
    """Units of the subtrees this person administers, supervises or audits, in the order of the tree."""
    return units_under(scope_of(actor).paths(*READING_ROLES)).order_by("path")


def get_unit_for(actor: Member, code: str) -> Unit:
    """The unit with this code. Raises: Http404 when it does not exist for this person."""
    return get_object_or_404(visible_units(actor), code=code.upper())


def visible_members(actor: Member) -> QuerySet[Member]:
    """Members whose unit this person sees, and the person."""
    seen = Q(home_unit__in=visible_units(actor).order_by())
    return Member.objects.filter(seen | Q(pk=actor.pk)).select_related("home_unit")


def get_member_for(actor: Member, staff_no: str) -> Member:
    """The member with this staff number. Raises: Http404 when they do not exist for this person."""
    return get_object_or_404(visible_members(actor), staff_no=staff_no.upper())


def grants_of(member: Member) -> QuerySet[RoleGrant]:
    """The roles a member holds, highest unit first."""
    return RoleGrant.objects.filter(member=member).select_related("unit").order_by("unit__path", "role")


def get_grant(member: Member, pk: int) -> RoleGrant:
    """One grant of this member. Raises: Http404."""
    return get_object_or_404(RoleGrant.objects.select_related("member__home_unit", "unit"), member=member, pk=pk)


def holders(unit: Unit, role: str) -> QuerySet[Member]:
    """Active members who hold the role in the unit or above it, by name: those who may stand duty there."""
    grants = RoleGrant.objects.filter(role=role, unit__path__in=ways_up(unit.path))
    return Member.objects.filter(pk__in=grants.values("member"), is_active=True).order_by("pinyin", "pk")


def shifts_between(unit: Unit, role: str, start: datetime, end: datetime) -> QuerySet[Duty]:
    """Shifts of a unit and role that touch [start, end), earliest first."""
    touching = Duty.objects.filter(unit=unit, role=role, starts_at__lt=end, ends_at__gt=start)
    return touching.select_related("member").order_by("starts_at", "member__pinyin")


def get_duty(unit: Unit, pk: int) -> Duty:
    """One shift of this unit. Raises: Http404."""
    return get_object_or_404(Duty.objects.select_related("member", "unit"), unit=unit, pk=pk)


def now_on_duty(actor: Member, at: datetime) -> QuerySet[Duty]:
    """Running shifts in the units this person sees, in the order of the tree."""
    seen = duties_at(at).filter(unit__in=visible_units(actor).order_by())
    return seen.order_by("unit__path", "role", "member__pinyin")


def visible_audit(actor: Member) -> QuerySet[AuditEntry]:
    """Audit entries of the subtrees this person audits or administers, newest first."""
    units = units_under(scope_of(actor).paths(Role.AUDITOR, Role.ADMINISTRATOR))
    return AuditEntry.objects.filter(unit__in=units).select_related("actor", "unit").order_by("-id")


def get_import_for(actor: Member, pk: int) -> MemberImport:
    """A file this person uploaded. Raises: Http404."""
    return get_object_or_404(MemberImport, uploaded_by=actor, pk=pk)


def demo_people() -> list[RoleGrant]:
    """One active member for each role, for the demo's login page."""
    first = RoleGrant.objects.filter(member__is_active=True).order_by("role", "member__staff_no").distinct("role")
    grants = {grant.role: grant for grant in first.select_related("member__home_unit")}
    return [grants[role] for role in Role.values if role in grants]

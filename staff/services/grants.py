"""Roles: given in a unit, taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refusal
from staff.choices import AuditAct, Role
from staff.models import Duty, Member, RoleGrant, Unit
from staff.services import audit
from staff.services.passwords import lock


@transaction.atomic
def grant_role(
    *, member: Member, role: Role | str, unit: Unit, actor: Member | None = None, now: datetime
) -> RoleGrant:
    """Give the member a role in a unit; it reaches the unit's subtree.

    Locks: the member's row. Idempotent: a role already held there is returned as it is.
    Raises: Refusal when the member is deactivated or the unit out of use.
    """
    member = lock(member)
    if not member.is_active:
        raise Refusal(_("%(name)s is deactivated; reactivate first") % {"name": member.name}, field="member")
    if not unit.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": unit.label}, field="unit")
    grant, is_new = RoleGrant.objects.get_or_create(member=member, role=role, unit=unit)
    if is_new:
        audit.record(act=AuditAct.ROLE_GRANTED, subject=grant, actor=actor, now=now, after=_words(grant))
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, actor: Member | None = None, now: datetime) -> list[Duty]:
    """Take a role back and strike the member's future duty that no other grant covers; return the struck shifts.

    Locks: the member's row, and every administrator's grant when it is an administrator's.
    Raises: Refusal when nobody would be left to administer the house.
    """
    member = lock(grant.member)
    if grant.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=member, beside=grant)
    audit.record(act=AuditAct.ROLE_REVOKED, subject=grant, actor=actor, now=now, before=_words(grant))
    grant.delete()
    return _strike_uncovered(member, grant.role, now)


def keep_an_administrator(*, without: Member, beside: RoleGrant | None = None) -> None:
    """Refuse when losing this member (or this one grant) leaves no active administrator at the top of the tree.

    Locks: all administrators' grants, so that two people cannot remove each other at once.
    """
    grants = RoleGrant.objects.select_for_update(of=("self",), no_key=True).filter(
        role=Role.ADMINISTRATOR, unit__depth=1, member__is_active=True
    )
    lost = {g.pk for g in grants if g.member_id == without.pk and (beside is None or g.pk == beside.pk)}
    if lost and len(lost) == len(grants):
        raise Refusal(_("This is the last administrator; give somebody else the role first"))


def _strike_uncovered(member: Member, role: str, now: datetime) -> list[Duty]:
    """Delete future shifts in units that the member's remaining grants of this role do not reach."""
    paths = tuple(RoleGrant.objects.filter(member=member, role=role).values_list("unit__path", flat=True))
    future = Duty.objects.select_related("unit").filter(member=member, role=role, starts_at__gt=now)
    struck = [duty for duty in future if not duty.unit.path.startswith(paths)]
    Duty.objects.filter(pk__in=[duty.pk for duty in struck]).delete()
    return struck


def _words(grant: RoleGrant) -> dict[str, str]:
    return {"role": grant.role, "unit": grant.unit.code}

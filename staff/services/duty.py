"""The duty plan: add a shift, take it out, repeat a week."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.errors import Refusal
from staff.choices import AuditAct, Role
from staff.models import Duty, Member, RoleGrant, Unit
from staff.services import audit
from staff.services.passwords import lock

LONGEST = timedelta(hours=24)
WEEK = timedelta(days=7)


@transaction.atomic
def plan_duty(
    *,
    member: Member,
    unit: Unit,
    role: Role | str,
    spells: Iterable[tuple[datetime, datetime]],
    actor: Member | None = None,
    now: datetime,
) -> list[Duty]:
    """Put a member on duty for one or more spells [from, to).

    Locks: the member's row, so that two plans for one person cannot cross.
    Raises: Refusal when the member is gone or holds the role neither there nor above, or when a spell is over,
    empty, longer than a day or crosses a shift the member has there; then none is planned.
    """
    member = lock(member)
    _check_holder(member, unit, role)
    spells = sorted(spells)
    for starts_at, ends_at in spells:
        _check_spell(starts_at, ends_at, now)
    _check_crossing(member, unit, role, spells)
    planned = Duty.objects.bulk_create(
        Duty(unit=unit, role=role, member=member, starts_at=starts_at, ends_at=ends_at) for starts_at, ends_at in spells
    )
    if planned:
        after = {"unit": unit.code, "role": role, "shifts": [_spell(duty) for duty in planned]}
        audit.record(act=AuditAct.DUTY_PLANNED, subject=planned[0], actor=actor, now=now, after=after)
    return planned


@transaction.atomic
def remove_duty(*, duty: Duty, actor: Member | None = None, now: datetime) -> None:
    """Take a shift out of the plan; one that is running ends now, one that is over stays as it was.

    Locks: the shift's row. Raises: Refusal when the shift is over.
    """
    duty = Duty.objects.select_for_update(of=("self",), no_key=True).select_related("member", "unit").get(pk=duty.pk)
    if duty.ends_at <= now:
        raise Refusal(_("This shift is over and stays in the plan"))
    before = {"unit": duty.unit.code, "role": duty.role, "shifts": [_spell(duty)]}
    audit.record(act=AuditAct.DUTY_REMOVED, subject=duty, actor=actor, now=now, before=before)
    if duty.starts_at < now:
        duty.ends_at = now
        duty.save(update_fields=["ends_at"])
    else:
        duty.delete()


@transaction.atomic
def copy_week(
    *, unit: Unit, role: Role | str, starts_at: datetime, actor: Member | None = None, now: datetime
) -> tuple[int, list[str]]:
    """Repeat the seven days before ``starts_at`` in the seven days from it; return how many, and who was left out.

    Local clock times are kept. Left out, with the reason: members who left or lost the role, shifts that would cross
    one already planned, and spells that are over. Idempotent: a second copy finds every shift already there.
    """
    copied, left_out = 0, []
    before = Duty.objects.select_related("member").filter(
        unit=unit, role=role, starts_at__gte=starts_at - WEEK, starts_at__lt=starts_at
    )
    for duty in before:
        spell = (localtime(duty.starts_at) + WEEK, localtime(duty.ends_at) + WEEK)  # the same time on the clock
        try:
            with transaction.atomic():
                plan_duty(member=duty.member, unit=unit, role=role, spells=[spell], actor=actor, now=now)
            copied += 1
        except Refusal as refusal:
            left_out.append(f"{duty.member.name}: {refusal.message}")
    return copied, left_out


def _check_holder(member: Member, unit: Unit, role: str) -> None:
    if not member.is_active:
        raise Refusal(_("%(name)s is deactivated; reactivate first") % {"name": member.name}, field="member")
    paths = tuple(RoleGrant.objects.filter(member=member, role=role).values_list("unit__path", flat=True))
    if not unit.path.startswith(paths):
        text = _("%(name)s does not hold the role %(role)s for %(unit)s")
        raise Refusal(text % {"name": member.name, "role": Role(role).label, "unit": unit.label}, field="member")


def _check_spell(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Refusal(_("The shift must end after it starts"), field="ends")
    if ends_at - starts_at > LONGEST:
        raise Refusal(_("A shift lasts at most 24 hours"), field="ends")
    if ends_at <= now:
        raise Refusal(_("This time is over"), field="starts")


def _check_crossing(member: Member, unit: Unit, role: str, spells: list[tuple[datetime, datetime]]) -> None:
    """Against the plan and against each other; one query, however many spells."""
    if not spells:
        return
    planned = Duty.objects.filter(
        member=member,
        unit=unit,
        role=role,
        starts_at__lt=max(ends for _starts, ends in spells),
        ends_at__gt=spells[0][0],
    )
    in_turn = sorted([*spells, *planned.values_list("starts_at", "ends_at")])
    if any(following[0] < one[1] for one, following in pairwise(in_turn)):
        raise Refusal(_("%(name)s is already on duty there at that time") % {"name": member.name}, field="starts")


def _spell(duty: Duty) -> list[str]:
    return [duty.starts_at.isoformat(), duty.ends_at.isoformat()]

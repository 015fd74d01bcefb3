"""Storm mode: asked for, switched on by somebody else, ended early; what fires meanwhile is summed up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from notifications.services.outbox import Note, enqueue
from outages.models import Storm
from outages.policies import can_begin_storm, can_call_storm
from outages.selectors.storms import open_storms, under
from staff.choices import Role
from staff.models import Member, Unit
from staff.roster import DutyRoster
from workorders.choices import Stage
from workorders.models import Alarm

LONGEST = timedelta(hours=24)
DIGEST_EVERY = timedelta(minutes=30)
STILL_WRITTEN = timedelta(minutes=2)  # an alarm bears the time its sweep began, and is seen when its batch is written
TOLD = (Role.DISPATCHER, Role.UNIT_LEAD, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER)


def call_storm(*, unit: Unit, reason: str, until: datetime, actor: Member, now: datetime, request_id: UUID) -> Storm:
    """Ask for storm mode; nothing changes until somebody else switches it on.

    Raises: `Denied`; `Refusal` (reason, a time past or more than a day off, one is open there already).
    Idempotent: by ``request_id``.
    """
    require(can_call_storm(actor, unit))
    if not reason.strip():
        raise Refusal(_("Say what is coming down on us. Everybody will read it."), field="reason")
    if not now < until <= now + LONGEST:
        raise Refusal(_("Choose a time within the next 24 hours; it can be asked for again."), field="until")
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
        known = Storm.objects.filter(request_id=request_id).first()
        if known:
            return known
        if any(unit.path.startswith(storm.unit.path) for storm in open_storms(now)):
            raise Refusal(_("Storm mode is on or asked for there already."), field="unit")
        return Storm.objects.create(
            unit=unit, reason=reason.strip(), until=until, asked_by=actor, asked_at=now, request_id=request_id
        )


def begin_storm(*, pk: int, actor: Member, now: datetime) -> Storm:
    """Switch it on: the second person. Raises: `Denied`; `Refusal` when it is over. Idempotent."""
    with transaction.atomic():
        storm = _locked(pk)
        require(can_begin_storm(actor, storm))
        if storm.begins_at:
            return storm
        if not storm.waits(now):
            raise Refusal(_("Its time is over. Ask for it again."))
        storm.begins_at, storm.begun_by, storm.digested_until = now, actor, now
        storm.save(update_fields=["begins_at", "begun_by", "digested_until"])
    return storm


def end_storm(*, pk: int, actor: Member, now: datetime) -> Storm:
    """End it before its time, or say no to one that was asked for. Raises: `Denied`. Idempotent."""
    with transaction.atomic():
        storm = _locked(pk)
        require(can_call_storm(actor, storm.unit))
        if storm.ended_at is None and now < storm.until:
            storm.ended_at, storm.ended_by = now, actor
            storm.save(update_fields=["ended_at", "ended_by"])
    return storm


def _locked(pk: int) -> Storm:
    Storm.objects.select_for_update(no_key=True).get(pk=pk)
    return Storm.objects.select_related("unit", "asked_by").get(pk=pk)


def send_digests(*, now: datetime) -> int:
    """Sum up what fired in storms since the last time: every half hour, and once more at the end.

    Returns how many messages are new. Idempotent: a stretch of time is summed up once. Locks: one storm at a time.
    """
    owed = Storm.objects.filter(begins_at__isnull=False, digested_until__lt=now).values_list("pk", flat=True)
    return sum(_digest(pk, now) for pk in list(owed))


def _digest(pk: int, now: datetime) -> int:
    with transaction.atomic():
        rows = Storm.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
        storm = rows.filter(pk=pk).first()
        if storm is None or storm.digested_until is None:
            return 0
        since, end = storm.digested_until, min(storm.over_at, now - STILL_WRITTEN)
        if since >= storm.over_at or end <= since or (end < storm.over_at and end - since < DIGEST_EVERY):
            return 0
        counts, units = _fired(storm, since, end)
        readers = _readers({storm.unit_id, *units}, now) if counts else []
        if counts and not readers:  # nobody is there to be told: summed up with the next
            return 0
        new = enqueue([_note(storm, member, counts, end) for member in readers], now=now)
        storm.digested_until = end
        storm.save(update_fields=["digested_until"])
    return new


def _fired(storm: Storm, since: datetime, end: datetime) -> tuple[dict[str, int], set[int]]:
    """How many fired by stage, and in which units."""
    alarms = Alarm.objects.filter(fired_at__gte=since, fired_at__lt=end, clock__order__is_safety=False)
    alarms = alarms.filter(clock__order__unit__in=under([storm.unit.path]))
    rows = alarms.values_list("stage", "clock__order__unit").annotate(n=Count("pk")).order_by("stage")
    counts: dict[str, int] = {}
    for stage, _unit, n in rows:
        counts[stage] = counts.get(stage, 0) + n
    return counts, {unit for _stage, unit, _n in rows}


def _readers(units: set[int], now: datetime) -> list[Member]:
    """Whoever would have been called one by one: those on duty around the storm's unit and each whose clocks fired."""
    roster = DutyRoster(at=now, roles=TOLD)
    return list({member.pk: member for unit in units for role in TOLD for member in roster.who(unit, role)}.values())


def _note(storm: Storm, member: Member, counts: dict[str, int], end: datetime) -> Note:
    broken = sum(n for stage, n in counts.items() if stage != Stage.WARN)
    return Note(
        kind="storm_digest",
        data={"unit": storm.unit.label, "near": counts.get(Stage.WARN, 0), "broken": broken, "until": end},
        about="",
        dedupe_key=f"storm:{storm.pk}:{end.isoformat()}:{member.pk}",
        member=member,
    )

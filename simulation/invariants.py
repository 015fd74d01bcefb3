"""What must be true of the house at any instant, whatever happened. Used by ``manage.py simulate`` and by tests."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from common.calendars import company_calendar
from notifications.choices import MessageState
from notifications.models import Message
from outages.models import Notice
from workorders.choices import ENDED, ClockState, Stage, State, Verb
from workorders.clocks import lives, project
from workorders.models import Alarm, Clock, Event, WorkOrder
from workorders.selectors.history import stamps_of
from workorders.services.clocks import limit_of, rules_for
from workorders.transitions import ACTS

SWEPT = timedelta(minutes=1)  # how long after its instant a rung may still be on its way
SHOWN = 5  # examples named per broken invariant
Check = Callable[[datetime], Iterator[str]]


def broken(*, now: datetime) -> list[str]:
    """One line for each invariant that does not hold at ``now``, with examples; empty is good."""
    lines = []
    for check in CHECKS:
        examples = list(check(now))
        if examples:
            meaning = (check.__doc__ or "").strip().split("\n")[0]
            lines.append(f"{check.__name__}: {meaning} {len(examples)} × – {', '.join(examples[:SHOWN])}")
    return lines


def running_promise(now: datetime) -> Iterator[str]:
    """Whatever an open order still owes has a clock, and the clock runs, waits or stands as its timeline says."""
    moving = {Verb.AMEND, Verb.RECALCULATE}  # after these, clocks of rules that no longer fit are void
    for order in WorkOrder.objects.filter(closed_at__isnull=True).select_related("customer").order_by("id"):
        clocks = list(order.clocks.filter(order_generation=order.generation))
        if not clocks and rules_for(order):
            yield f"{order.code} without clocks"
        stamps = stamps_of(order)
        moved = order.events.filter(verb__in=moving).exists()
        for clock in clocks:
            runs = lives(clock.kind, clock.starts_on, stamps)
            life = runs[clock.ordinal] if clock.ordinal < len(runs) else None
            if moved and clock.state == ClockState.VOID:
                continue
            if life is None or (life.state, life.started_at) != (clock.state, clock.started_at):
                yield f"{order.code} {clock.kind} {clock.state}"


def ended_is_quiet(now: datetime) -> Iterator[str]:
    """On an ended order no clock runs or waits."""
    left = Clock.objects.filter(order__state__in=ENDED, state__in=[ClockState.RUNNING, ClockState.WAITING])
    yield from left.values_list("order__code", flat=True)


def nothing_unfired(now: datetime) -> Iterator[str]:
    """No rung of a running clock lies in the past without having been fired."""
    yield from Clock.objects.filter(fire_at__lt=now - SWEPT).values_list("order__code", flat=True)


def breach_alarmed_once(now: datetime) -> Iterator[str]:
    """A clock past its due instant has one breach alarm of its generation; one kept in time has none."""
    alarms = Alarm.objects.filter(clock=OuterRef("pk"), generation=OuterRef("generation"), stage=Stage.BREACH)
    live = Clock.objects.filter(per_order=True).exclude(state=ClockState.VOID)
    missed = Q(state=ClockState.RUNNING, due_at__lt=now - SWEPT) | Q(
        state=ClockState.STOPPED, stopped_at__gt=F("due_at") + SWEPT
    )
    for clock in live.filter(missed).filter(~Exists(alarms)).select_related("order"):
        yield f"{clock.order.code} {clock.kind} not alarmed"
    kept = Q(state=ClockState.STOPPED, stopped_at__lt=F("due_at"))
    for clock in live.filter(kept).filter(Exists(alarms)).select_related("order"):
        if not _entered_late(clock):
            yield f"{clock.order.code} {clock.kind} alarmed in vain"


def _entered_late(clock: Clock) -> bool:
    """Whether the act that stopped the clock was written down after the limit had passed."""
    rows = Event.objects.filter(order=clock.order, at=clock.stopped_at, recorded_at__gte=clock.due_at)
    return rows.exists()


def alarms_planned(now: datetime) -> Iterator[str]:
    """Alarms of a clock and generation come in the order of its ladder, none before its planned instant."""
    early = Alarm.objects.filter(fired_at__lt=F("planned_at")).values_list("clock__order__code", flat=True)
    yield from (f"{code} early" for code in early)
    double = Alarm.objects.values("clock_id", "generation", "stage").annotate(n=Count("id")).filter(n__gt=1)
    yield from (f"clock {row['clock_id']} {row['stage']} {row['n']} times" for row in double)


def alarm_has_event(now: datetime) -> Iterator[str]:
    """There is one timeline row for each alarm."""
    alarms = dict(Alarm.objects.values_list("clock__order__code").annotate(n=Count("id")))
    rows = dict(Event.objects.filter(verb=Verb.ALARM).values_list("order__code").annotate(n=Count("id")))
    yield from (
        f"{code} {alarms.get(code, 0)}/{rows.get(code, 0)}"
        for code in alarms.keys() | rows.keys()
        if alarms.get(code) != rows.get(code)
    )


def alarm_told(now: datetime) -> Iterator[str]:
    """Everybody an alarm names was written to, once each."""
    told: dict[str, int] = {}
    for code, names in Event.objects.filter(verb=Verb.ALARM).values_list("order__code", "data__told"):
        told[code] = told.get(code, 0) + len(names or [])
    kinds = ["clock_warn", "clock_breach", "clock_escalate"]
    written = dict(Message.objects.filter(kind__in=kinds).values_list("about").annotate(n=Count("id")))
    yield from (
        f"{code} {told.get(code, 0)}/{written.get(code, 0)}"
        for code in told.keys() | written.keys()
        if told.get(code, 0) != written.get(code, 0)
    )


def customer_told(now: datetime) -> Iterator[str]:
    """Whoever left a mobile number got the receipt of the order, and a word each time we said it would be late."""
    reachable = WorkOrder.objects.filter(contact_phone__regex=r"^1\d{10}$")
    amended = Event.objects.filter(order=OuterRef("pk"), verb=Verb.AMEND)
    receipts = set(
        Message.objects.filter(kind__in=["order_received", "order_received_open"]).values_list("about", flat=True)
    )
    for code in reachable.filter(~Exists(amended)).values_list("code", flat=True):
        if code not in receipts:
            yield code
    late = dict(
        Event.objects.filter(verb=Verb.TELL_LATE, order__in=reachable.filter(~Exists(amended)))
        .values_list("order__code")
        .annotate(n=Count("id"))
    )
    said = dict(Message.objects.filter(kind__startswith="told_late").values_list("about").annotate(n=Count("id")))
    yield from (f"{code} {n}/{said.get(code, 0)}" for code, n in late.items() if said.get(code, 0) != n)


def message_accounted(now: datetime) -> Iterator[str]:
    """Every message is sent, waits for its time, or says why not; none is stuck in flight or without words."""
    due = Q(state__in=[MessageState.QUEUED, MessageState.RETRY], not_before__lt=now - SWEPT)
    stuck = Q(state=MessageState.IN_FLIGHT, lease_until__lt=now - SWEPT)
    wordless = Q(state=MessageState.SENT, body="")
    silent = Q(state=MessageState.FAILED, reason="", error="")
    for message in Message.objects.filter(due | stuck | wordless | silent).order_by("id"):
        yield f"{message.kind} {message.dedupe_key} {message.state}"


def outage_told(now: datetime) -> Iterator[str]:
    """Every change of an outage that people were to hear of has been spread."""
    for code, kind in Notice.objects.filter(done_at__isnull=True).values_list("outage__code", "kind"):
        yield f"{code}: {kind} was not told"


def leaders_right(now: datetime) -> Iterator[str]:
    """`next_due_at` and `next_clock` are those of the tightest running clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code FROM workorders_workorder o LEFT JOIN LATERAL ("
            "  SELECT min(c.due_at) AS due_at FROM workorders_clock c"
            "  WHERE c.order_id = o.id AND c.state = 'running' AND c.per_order"
            ") tightest ON true LEFT JOIN workorders_clock leader ON leader.id = o.next_clock_id"
            " WHERE o.closed_at IS NULL AND (o.next_due_at IS DISTINCT FROM tightest.due_at"
            "   OR (tightest.due_at IS NOT NULL AND leader.due_at IS DISTINCT FROM tightest.due_at))"
        )
        yield from (row[0] for row in cursor.fetchall())


def due_recomputes(now: datetime) -> Iterator[str]:
    """A clock's due instant is what its rule and its start give."""
    calendar = company_calendar()
    for clock in Clock.objects.filter(started_at__isnull=False).select_related("rule", "order").iterator():
        if (
            clock.state != ClockState.VOID
            and project(limit_of(clock.rule, clock.order.due_by), clock.started_at, calendar).due_at != clock.due_at
        ):
            yield f"{clock.order.code} {clock.kind}"


def timeline_reachable(now: datetime) -> Iterator[str]:
    """Replaying the timeline through the transition table leads to the state the order is in, forward in time."""
    rows = Event.objects.order_by("order_id", "id").values_list(
        "order__code", "order__state", "verb", "recorded_at", "generation", "order__generation"
    )
    code, state, last, wrong = "", State.RECEIVED, None, ""
    final = State.RECEIVED
    for row_code, row_state, verb, recorded_at, _generation, _now in rows.iterator():
        if row_code != code:
            if code and (wrong or state != final):
                yield f"{code} {wrong or f'{final} but replayed to {state}'}"
            code, final, state, last, wrong = row_code, row_state, State.RECEIVED, recorded_at, ""
        if recorded_at < last:
            wrong = wrong or f"{verb} goes back in time"
        last = recorded_at
        act = ACTS.get(verb)
        if act is not None:
            wrong = wrong or ("" if state in act.from_ else f"{verb} cannot follow {state}")
            state = act.to or state
    if code and (wrong or state != final):
        yield f"{code} {wrong or f'{final} but replayed to {state}'}"


CHECKS: tuple[Check, ...] = (
    running_promise,
    ended_is_quiet,
    nothing_unfired,
    breach_alarmed_once,
    alarms_planned,
    alarm_has_event,
    alarm_told,
    customer_told,
    message_accounted,
    outage_told,
    leaders_right,
    due_recomputes,
    timeline_reachable,
)

"""Clock rows follow what happened: one function for acts, amendments and corrected times."""

import json
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from common.calendars import CompanyCalendar, company_calendar
from common.errors import Refusal
from common.worktime import BeyondCalendar
from workorders.choices import ClockState
from workorders.clocks import Life, Limit, Stamp, lives, project
from workorders.kinds import CLOCKS, KINDS
from workorders.models import Clock, PolicyRule, WorkOrder
from workorders.rules import Case, applicable, rulebook
from workorders.selectors.history import stamps_of

_MOVED = [
    "rule_id", "starts_on", "base", "amount", "target", "per_order", "is_promise", "state", "started_at", "warn_at",
    "due_at", "stopped_at", "is_provisional", "stages", "next_stage", "fire_at", "generation",
]  # fmt: skip


LEADERS = frozenset({"next_clock", "next_due_at", "promise_clock", "promise_due_at"})  # what `choose_leaders` sets


def case_of(order: WorkOrder) -> Case:
    """What rules look at in an order."""
    return Case(
        kind=order.kind,
        service_type=order.service_type,
        area_class=order.area_class,
        customer_class=order.customer.klass if order.customer else "",
        channel=order.channel,
    )


def rules_for(order: WorkOrder) -> list[PolicyRule]:
    """The rules this order stands under."""
    return applicable(rulebook(), case=case_of(order), on=order.ruled_on)


def sync_clocks(order: WorkOrder, *, now: datetime, recompute: bool = False, first: Stamp | None = None) -> None:
    """Bring the order's clock rows in line with what happened; sets `next_clock`, `next_due_at`, `promise_clock`.

    Acts move the rows on the values frozen in them. ``recompute`` (amendment, confirmed recalculation) reads the rules
    again: rows of rules that no longer fit become void, new ones start from the same instants as if always known.
    ``first``: the stamp of an order that is just being opened; it has no other, and no clocks.
    The caller saves the order and holds its lock. Locks: its clock rows, so that a sweep which is just firing one of
    them ends first and no rung is set back.
    """
    stamps = [first] if first else stamps_of(order)
    old = [] if first else _locked_clocks(order)
    rules = rules_for(order) if recompute or not old else None
    wanted = rules if rules is not None else list({clock.rule_id: clock.rule for clock in old}.values())
    calendar = company_calendar()
    rows, new, moved = {(c.rule.family, c.kind, c.ordinal): c for c in old}, [], []
    kept: list[Clock] = []
    for rule in wanted:
        for ordinal, life in enumerate(lives(rule.clock, rule.starts_on, stamps)):
            clock = rows.pop((rule.family, rule.clock, ordinal), None)
            fresh = clock is None
            clock = clock or Clock(order_generation=order.generation, kind=rule.clock, ordinal=ordinal)
            clock.order = order
            if _aim(clock, rule, life, calendar, recompute):
                (new if fresh else moved).append(clock)
            kept.append(clock)
    for clock in rows.values():  # its rule no longer fits, or the run it stood for was corrected away
        if _void(clock):
            moved.append(clock)
    Clock.objects.bulk_create(new)
    if moved:
        _write(moved)
    choose_leaders(order, kept)


def _write(moved: list[Clock]) -> None:
    """One short UPDATE; `bulk_update` would spell out a CASE for every row and column, most of the work of an act."""
    rows = [{"id": clock.pk} | {name: getattr(clock, name) for name in _MOVED} for clock in moved]
    values = ", ".join(f"{name} = v.{name}" for name in _MOVED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE workorders_clock c SET {values}"  # noqa: S608 – names of our own
            " FROM jsonb_populate_recordset(NULL::workorders_clock, %s::jsonb) v WHERE c.id = v.id",
            [json.dumps(rows, default=datetime.isoformat)],
        )


def _locked_clocks(order: WorkOrder) -> list[Clock]:
    rows = Clock.objects.select_for_update(of=("self",), no_key=True).select_related("rule")
    return list(rows.filter(order=order, order_generation=order.generation).order_by("pk"))


def _aim(clock: Clock, rule: PolicyRule, life: Life, calendar: CompanyCalendar, anew: bool) -> bool:
    """Set the row to what ``life`` says; whether anything changed. Figures stay frozen while the rule is the same.

    ``anew``: project again even from the same start, because the calendar may have changed.
    """
    before = (clock.rule_id, clock.state, clock.started_at, clock.stopped_at)
    aimed_at = clock.due_at
    if clock.rule_id != rule.pk:
        _freeze(clock, rule)
    clock.state, clock.started_at, clock.stopped_at = life.state, life.started_at, life.stopped_at
    if life.started_at is None:
        clock.due_at, clock.warn_at, clock.stages = None, None, []
    elif anew or (clock.rule_id, clock.started_at) != (before[0], before[2]):
        _project(clock, rule, calendar)
        if aimed_at is not None and clock.due_at != aimed_at:  # a new aim is alarmed anew
            clock.generation += 1
            clock.next_stage = 0
    rung = clock.stages[clock.next_stage] if clock.next_stage < len(clock.stages) else None
    alarmed = clock.state == ClockState.RUNNING and clock.per_order and rung is not None
    clock.fire_at = datetime.fromisoformat(rung["at"]) if alarmed else None
    same = before == (clock.rule_id, clock.state, clock.started_at, clock.stopped_at) and aimed_at == clock.due_at
    return clock.pk is None or not same


def _freeze(clock: Clock, rule: PolicyRule) -> None:
    clock.rule, clock.starts_on, clock.base, clock.amount = rule, rule.starts_on, rule.base, rule.amount
    clock.target, clock.per_order = rule.target, rule.per_order
    clock.is_promise = rule.is_promise and CLOCKS[rule.clock].for_customer


def _project(clock: Clock, rule: PolicyRule, calendar: CompanyCalendar) -> None:
    limit = limit_of(rule, clock.order.due_by)
    try:
        aim = project(limit, clock.started_at, calendar)
    except BeyondCalendar as error:
        raise Refusal(
            _("The work calendar ends too early to promise this. An administrator has to load the next year.")
        ) from error
    clock.warn_at, clock.due_at = aim.warn_at, aim.due_at
    clock.stages, clock.is_provisional = aim.stages, aim.is_provisional


def limit_of(rule: PolicyRule, moment: datetime | None = None) -> Limit:
    """The figures of a rule that a projection needs; ``moment``: by when, where the order itself says it."""
    return Limit(rule.base, rule.amount, rule.same_time_of_day, rule.warn_percent, rule.ladder, moment)


def _void(clock: Clock) -> bool:
    changed = clock.state != ClockState.VOID
    clock.state, clock.fire_at, clock.stopped_at = ClockState.VOID, None, None
    return changed


def choose_leaders(order: WorkOrder, clocks: list[Clock]) -> None:
    """`next_clock`: the tightest running clock; `promise_clock`: the tightest that the customer was told (design §11).

    When none runs, the one that ended last stands for the order, so that a list can still say kept or late.
    """
    running = sorted((c for c in clocks if c.state == ClockState.RUNNING and c.per_order), key=lambda c: c.due_at)
    ended = sorted((c for c in clocks if c.state == ClockState.STOPPED), key=lambda c: c.stopped_at, reverse=True)
    order.next_clock = next(iter([*running, *ended]), None)
    order.next_due_at = running[0].due_at if running and order.is_open else None
    told = [c for c in running if c.is_promise], [c for c in ended if c.is_promise]
    order.promise_clock = next(iter([*told[0], *told[1]]), None)
    order.promise_due_at = told[0][0].due_at if told[0] and order.is_open else None


def needs_call_back(order: WorkOrder) -> bool:
    """Whether the closing loop of this kind asks for a call-back (req 30)."""
    spec = KINDS[order.kind]
    if order.is_first_contact and not spec.call_back_after_first_contact:
        return False
    return spec.needs_call_back

"""Putting open orders under the present rules and calendar: a preview first, then a person starts it.

An edit of a rule or of the work calendar leaves open orders alone. This flow says how many due instants a recalculation
would move, and moves them one order at a time through the ordinary frame, so every move stands in the timeline.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils.timezone import localdate

from common.access import require
from common.calendars import CompanyCalendar, company_calendar
from staff.models import Member
from workorders.choices import ClockState, Verb
from workorders.clocks import due
from workorders.models import Clock, PolicyRule, WorkOrder
from workorders.policies import can_edit_rules
from workorders.rules import applicable, rulebook
from workorders.services.change import Change, act
from workorders.services.clocks import case_of, limit_of

CHUNK = 1000
SHOWN = 20


@dataclass
class Preview:
    """How many open orders would move, and the first few of them as (order, clock, old due, new due or None)."""

    looked_at: int = 0
    moved: int = 0
    shown: list[tuple[WorkOrder, Clock, datetime, datetime | None]] = field(default_factory=list)


def preview(*, now: datetime, calendar: CompanyCalendar | None = None, rules: bool = True) -> Preview:
    """Compare every running clock with what the present rules and calendar say. Writes nothing; flat memory.

    ``calendar``: one that is only planned; ``rules`` False: every clock keeps its rule, only the calendar moves it.
    """
    result, counted_by = Preview(), calendar or company_calendar()
    for order, clocks in _open_orders():
        result.looked_at += 1
        moves = list(_moves(order, clocks, counted_by, localdate(now) if rules else None))
        if moves:
            result.moved += 1
            result.shown += moves[: SHOWN - len(result.shown)]
    return result


def _open_orders() -> Iterator[tuple[WorkOrder, list[Clock]]]:
    orders = WorkOrder.objects.filter(closed_at__isnull=True).select_related("customer").order_by("pk")
    last = 0
    while chunk := list(orders.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        clocks: dict[int, list[Clock]] = {}
        for clock in Clock.objects.filter(order__in=chunk, state=ClockState.RUNNING).select_related("rule"):
            clocks.setdefault(clock.order_id, []).append(clock)
        yield from ((order, clocks.get(order.pk, [])) for order in chunk)


def _moves(
    order: WorkOrder, clocks: list[Clock], calendar: CompanyCalendar, rules_of: date | None
) -> Iterator[tuple[WorkOrder, Clock, datetime, datetime | None]]:
    """The clocks of an order that would be due at another time, or not at all."""
    fresh: dict[tuple[str, str], PolicyRule] = {}
    if rules_of is not None:
        fresh = {(r.family, r.clock): r for r in applicable(rulebook(), case=case_of(order), on=rules_of)}
    for clock in clocks:
        rule = clock.rule if rules_of is None else fresh.get((clock.rule.family, clock.kind))
        would_be = due(limit_of(rule, order.due_by), clock.started_at, calendar) if rule else None
        if would_be != clock.due_at:
            yield order, clock, clock.due_at, would_be


@act(Verb.RECALCULATE)
def recalculate(change: Change, *, rules: bool = True) -> None:
    """Put one order under the rules (unless ``rules`` is False) and the calendar of today, from the same start."""
    if rules:
        change.set(ruled_on=localdate(change.now))
    change.recompute = True


def recalculate_moved(*, actor: Member | None, now: datetime, run_id: UUID, rules: bool = True) -> int:
    """Recalculate every order the preview names; returns how many. Raises: `Denied`.

    Idempotent: a run killed half way and started again with its ``run_id`` touches no order twice.
    """
    if actor is not None:
        require(can_edit_rules(actor))
    calendar, count = company_calendar(), 0
    for order, clocks in _open_orders():
        if any(_moves(order, clocks, calendar, localdate(now) if rules else None)):
            recalculate(code=order.code, actor=actor, now=now, request_id=uuid5(run_id, order.code), rules=rules)
            count += 1
    return count

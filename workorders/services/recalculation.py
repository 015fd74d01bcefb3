"""Putting open orders under the present rules and calendar: a preview first, then a person starts it.

An edit of a rule or of the work calendar leaves open orders alone. This flow says how many due instants a recalculation
would move, and moves them one order at a time through the ordinary frame, so every move stands in the timeline.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.timezone import localdate

from common.access import require
from common.calendars import CompanyCalendar, company_calendar
from staff.models import Member
from workorders.choices import ClockState, Verb
from workorders.clocks import due
from workorders.models import Clock, WorkOrder
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


def preview(*, now: datetime) -> Preview:
    """Compare every running clock with what the present rules and calendar say. Writes nothing; flat memory."""
    calendar, result = company_calendar(), Preview()
    for order, clocks in _open_orders():
        result.looked_at += 1
        moves = list(_moves(order, clocks, now, calendar))
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
    order: WorkOrder, clocks: list[Clock], now: datetime, calendar: CompanyCalendar
) -> Iterator[tuple[WorkOrder, Clock, datetime, datetime | None]]:
    rules = {(r.family, r.clock): r for r in applicable(rulebook(), case=case_of(order), on=localdate(now))}
    for clock in clocks:
        rule = rules.get((clock.rule.family, clock.kind))
        fresh = due(limit_of(rule), clock.started_at, calendar) if rule else None
        if fresh != clock.due_at:
            yield order, clock, clock.due_at, fresh


@act(Verb.RECALCULATE)
def recalculate(change: Change) -> None:
    """Put one order under the rules and the calendar of today, from the same start."""
    change.set(ruled_on=localdate(change.now))
    change.recompute = True


def recalculate_moved(*, actor: Member, now: datetime, run_id: UUID) -> int:
    """Recalculate every order the preview names; returns how many. Raises: `Denied`.

    Idempotent: a run killed half way and started again with its ``run_id`` touches no order twice.
    """
    require(can_edit_rules(actor))
    calendar, count = company_calendar(), 0
    for order, clocks in _open_orders():
        if any(_moves(order, clocks, now, calendar)):
            recalculate(code=order.code, actor=actor, now=now, request_id=uuid5(run_id, order.code))
            count += 1
    return count

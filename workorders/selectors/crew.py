"""The crew's phone: today's jobs in the order to do them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from staff.models import Member, Unit
from staff.selectors import scope_of
from workorders.choices import ClockState, State, Verb
from workorders.models import Clock, Event, WorkOrder
from workorders.policies import FIELD
from workorders.selectors.board import IN_HAND
from workorders.selectors.figures import day_span
from workorders.selectors.orders import with_rows
from workorders.selectors.progress import mark_progress

MOST = 40


@dataclass(frozen=True)
class CrewDay:
    """What a crew member sees first: the unit, jobs by time left, how many are done today."""

    unit: Unit
    jobs: list[WorkOrder]
    done: int


def crew_day(member: Member, *, now: datetime) -> CrewDay:
    """Jobs in the hands of the member's crew (or the units below), danger first, then by time left."""
    units = scope_of(member).unit_ids(*FIELD)
    jobs = with_rows(WorkOrder.objects.filter(unit_id__in=units, state__in=IN_HAND, closed_at__isnull=True))
    jobs = jobs.select_related("promise_clock").order_by("-is_safety", "next_due_at", "id")[:MOST]
    start, end = day_span(now)
    done = Event.objects.filter(order__unit_id__in=units, verb=Verb.FINISH, at__gte=start, at__lt=end)
    return CrewDay(member.home_unit, mark_progress(jobs), done.count())


def same_building(jobs: list[WorkOrder]) -> dict[int, int]:
    """For each job at the address of an earlier one: that one's number in the list."""
    first: dict[str, int] = {}
    same: dict[int, int] = {}
    for number, job in enumerate(jobs, start=1):
        if not job.address:
            continue
        if job.address in first:
            same[job.pk] = first[job.address]
        first.setdefault(job.address, number)
    return same


def promises_for_crew(order: WorkOrder) -> list[Clock]:
    """Promises to the customer the crew keeps: kept ones first, then the one running now, then what it starts."""
    clocks = order.clocks.filter(
        Q(is_promise=True), ~Q(state=ClockState.VOID), order_generation=order.generation
    ).select_related("rule")
    tightest: dict[str, Clock] = {}
    for clock in sorted(clocks, key=lambda c: (c.due_at is None, c.due_at or order.received_at)):
        tightest.setdefault(clock.kind, clock)
    return sorted(tightest.values(), key=lambda c: (c.started_at is None, c.started_at or order.received_at))


def is_workable(order: WorkOrder) -> bool:
    """Whether the crew still has something to do on it."""
    return order.state in (State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS)

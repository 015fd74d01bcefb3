"""Growing a demo city, and bringing one that stood still up to now."""

import contextlib
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate, localtime

from common.errors import Refusal
from notifications.gateway import GatewayServer
from notifications.services.nudging import hushed
from simulation import arrivals as a
from simulation.cast import load
from simulation.city.founding import PLAN_AHEAD, found_city, plan_shifts
from simulation.city.units import METERING
from simulation.clockwork import Clockwork, make_pace
from simulation.models import Simulation
from workorders.choices import Kind, State
from workorders.models import WorkOrder

DAY = timedelta(days=1)
DENSE = 2 * DAY  # a demo that stood still longer lives through the rest of that time quickly
QUIET_RATE = 3.0  # orders a day in that quick time, and not for longer than QUIET_DAYS
QUIET_DAYS = 45 * DAY
NOTHING_NEW = timedelta(minutes=3)
AT_WORK = 16  # faults in the crews' hands when somebody looks
Say = Callable[[str], None]


def grow(*, days: int, customers: int, seed: int, until: datetime, say: Say) -> Simulation:
    """Found a city ``days`` before ``until`` and let it live. Raises: `Refusal` when there is one already."""
    state = Simulation.objects.first()
    if state is not None:
        raise Refusal("This database holds a simulated city already; use --forward to bring it up to now.")
    start = (localtime(until) - days * DAY).replace(hour=6, minute=0, second=0, microsecond=0)
    with quickly():
        started = time.monotonic()
        found_city(customers=customers, seed=seed, now=start)
        state = Simulation.objects.create(
            seed=seed,
            customers=customers,
            began_at=start,
            simulated_until=start,
            planned_until=localdate(start),
        )
        _plan_duty(state, start, until)
        analyze()
        say(f"founded: {customers} customers in {time.monotonic() - started:.1f} s")
        rng = Random(f"{seed} {until.isoformat()}")
        coming = list(a.arrivals(rng, start, until, a.per_day(customers)))
        if days >= 2:
            day = localdate(start) + timedelta(days=max(1, round(days * 0.6)))
            coming += a.storm(rng, day, start, round(42 * _scale(customers)))
        _live(state, coming, until, say)
        _grown(state)
    return state


def forward(*, until: datetime, say: Say) -> Simulation:
    """Let the city live on up to ``until``; the last days as usual, what lies before them quickly.

    A city whose first run was cut off lives through all of the rest as usual.
    Idempotent: a city that is up to date is left alone. Raises: `Refusal` when there is no city.
    """
    state = Simulation.objects.first()
    if state is None:
        raise Refusal("There is no simulated city in this database.")
    start = state.simulated_until
    if until - start < NOTHING_NEW:
        say("up to date")
        return state
    with quickly():
        _plan_duty(state, start, until)
        rng = Random(f"{state.seed} {start.isoformat()} {until.isoformat()}")
        dense = start if state.grown_at is None else max(start, until - DENSE)
        coming = list(a.arrivals(rng, dense, until, a.per_day(state.customers)))
        if dense > start:
            coming += a.arrivals(rng, max(start, dense - QUIET_DAYS), dense, QUIET_RATE)
        _live(state, coming, until, say)
        _grown(state)
    return state


def _grown(state: Simulation) -> None:
    """It has come to where it should: from now on a gap is time in which nobody looked."""
    if state.grown_at is None:
        state.grown_at = state.simulated_until
        state.save(update_fields=["grown_at"])


def _live(state: Simulation, coming: list[a.Arrival], until: datetime, say: Say) -> None:
    """Everything that comes in by ``until``, what is open already, and a busy last hour."""
    scale = _scale(state.customers)
    at_work = WorkOrder.objects.filter(
        kind=Kind.FAULT, state__in=[State.RECEIVED, State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS]
    ).count()
    wanted = max(3, round(AT_WORK * scale)) - (at_work if until - state.simulated_until < timedelta(hours=2) else 0)
    coming = [*coming, *a.last_hours(until, state.simulated_until, wanted)]
    clockwork = Clockwork(
        load(),
        make_pace(until=until, scale=scale, is_short_handed=short_handed(state, until)),
        seed=state.seed,
        start=state.simulated_until,
        until=until,
    )
    clockwork.expect(sorted(coming))
    clockwork.take_over()
    clockwork.run(_reporter(state, say))


def short_handed(state: Simulation, until: datetime) -> Callable[[str, datetime], bool]:
    """Who is short of people when: the metering crew in the last ten days, any unit in some week of its own."""

    def is_short(unit: str, at: datetime) -> bool:
        if unit == METERING:
            return until - at < 10 * DAY
        week = localdate(at).isocalendar()[1]
        return Random(f"{state.seed} {unit} {week}").random() < 0.12

    return is_short


def _reporter(state: Simulation, say: Say) -> Callable[[Clockwork], None]:
    """A line for each day, and how far it has come in the database, so that a cut-off run can be taken up."""
    seen: Counter = Counter()
    began = time.monotonic()

    def report(work: Clockwork) -> None:
        nonlocal seen
        state.simulated_until = work.now
        state.save(update_fields=["simulated_until"])
        news = work.counts - seen
        seen = Counter(work.counts)
        open_, late = counted(work.now)
        say(
            f"{localtime(work.now):%m-%d %H:%M}  {news['received']:>3} in  {news['close']:>3} closed  {open_:>4} open  "
            f"{late:>3} late  {news['alarms']:>3} alarms  {time.monotonic() - began:6.1f} s"
        )

    return report


def counted(now: datetime) -> tuple[int, int]:
    """Open orders, and those of them that are past a limit."""
    open_orders = WorkOrder.objects.filter(closed_at__isnull=True)
    return open_orders.count(), open_orders.filter(next_due_at__lt=now).count()


def _plan_duty(state: Simulation, now: datetime, until: datetime) -> None:
    last = localdate(until + PLAN_AHEAD)
    if last > state.planned_until:
        plan_shifts(first=max(state.planned_until, localdate(now) - timedelta(days=1)), until=last, now=now)
        state.planned_until = last
        state.save(update_fields=["planned_until"])


def _scale(customers: int) -> float:
    return a.per_day(customers) / a.PER_DAY


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Commits are not waited for and nobody is woken: this process sends and sweeps by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)  # few cycles are made here, and looking for them took a tenth of the time
    try:
        with hushed(), nobody_rung():
            yield
    finally:
        gc.set_threshold(*usual)
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


@contextlib.contextmanager
def nobody_rung() -> Iterator[None]:
    """Text messages go to a gateway of our own: whatever gateway this house has, nobody's phone rings in a story."""
    usual = settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY
    with GatewayServer(0, "simulation") as server:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = server.url, "simulation"
        try:
            yield
        finally:
            settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = usual


def analyze() -> None:
    """Let PostgreSQL look at what was just written, instead of planning for empty tables until it finds the time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

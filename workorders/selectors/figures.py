"""Figures over orders and promises; each has the very orders behind it (`workorders.filters` speaks the same words).

A promise counts in the month in which it fell due. Only promises told to customers count (`is_promise`), on orders
that were not cancelled; void clocks count nowhere. Kept: stopped at its due instant or before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.utils import timezone

from workorders.choices import Base, ClockState, Kind
from workorders.models import Clock, PolicyRule, WorkOrder
from workorders.rules import rulebook

SOON = timedelta(hours=1)
BROKEN = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)  # of promises that were due


def late(now: datetime) -> Q:
    """Past its tightest promise and still open."""
    return Q(closed_at__isnull=True, next_due_at__lt=now)


SLICES: Mapping[str, Callable[[datetime], Q]] = {
    "late": late,
    "hour": lambda now: Q(closed_at__isnull=True, next_due_at__gte=now, next_due_at__lt=now + SOON),
    "later": lambda now: Q(closed_at__isnull=True) & (Q(next_due_at__gte=now + SOON) | Q(next_due_at__isnull=True)),
    # a promise to the customer is broken, and nobody has told them why; internal aims are nobody's news
    "untold": lambda now: Q(closed_at__isnull=True, promise_due_at__lt=now, late_told_at__isnull=True),
}


@dataclass(frozen=True)
class Standing:
    """How many orders stand where; ``open`` is their sum, so the parts always add up."""

    open: int
    hour: int
    late: int
    untold: int


def standing(orders: QuerySet[WorkOrder], now: datetime) -> Standing:
    """One pass over the open orders."""
    row = orders.filter(closed_at__isnull=True).aggregate(
        open=Count("pk"),
        hour=Count("pk", filter=SLICES["hour"](now)),
        late=Count("pk", filter=SLICES["late"](now)),
        untold=Count("pk", filter=SLICES["untold"](now)),
    )
    return Standing(**row)


def standing_by(orders: QuerySet[WorkOrder], field: str, now: datetime) -> dict[object, Standing]:
    """The same, by a column (``unit_id``, ``kind``)."""
    rows = (
        orders.filter(closed_at__isnull=True)
        .order_by()
        .values(field)
        .annotate(
            open=Count("pk"),
            hour=Count("pk", filter=SLICES["hour"](now)),
            late=Count("pk", filter=SLICES["late"](now)),
            untold=Count("pk", filter=SLICES["untold"](now)),
        )
    )
    return {row.pop(field): Standing(**row) for row in rows}


def month_span(month: str) -> tuple[datetime, datetime]:
    """First instant of ``2026-11`` and of the month after it. Raises: ValueError."""
    first = date.fromisoformat(f"{month}-01")
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return _midnight(first), _midnight(after)


def day_span(now: datetime) -> tuple[datetime, datetime]:
    """First instant of today and of tomorrow, in the company's zone."""
    today = timezone.localdate(now)
    return _midnight(today), _midnight(today + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def due_promises(*, month: str, now: datetime, kind: str = "", area_class: str = "") -> QuerySet[Clock]:
    """Promises to customers that have been decided: due in this month and by now, or ended before they were due."""
    start, end = month_span(month)
    clocks = Clock.objects.filter(
        is_promise=True,
        per_order=True,
        state__in=[ClockState.RUNNING, ClockState.STOPPED],
        due_at__gte=start,
        due_at__lt=end,
    ).filter(Q(due_at__lt=now) | Q(state=ClockState.STOPPED))
    if kind:
        clocks = clocks.filter(kind=kind)
    if area_class:
        clocks = clocks.filter(order__area_class=area_class)
    return clocks


def broken_promises(**which) -> QuerySet[Clock]:
    """Of those, the ones not kept: ended after their due instant, or not ended yet."""
    return due_promises(**which).filter(BROKEN)


def ended_promises(**which) -> QuerySet[Clock]:
    """Of those, the ones that have ended, kept or late."""
    return due_promises(**which).filter(stopped_at__isnull=False)


@dataclass(frozen=True)
class Kept:
    """Promises decided and broken; ``rate`` None when none was decided."""

    made: int
    broken: int

    @property
    def percent(self) -> float | None:
        """Rounded down to a tenth: 99.96 % is not 100 %."""
        return None if not self.made else (self.made - self.broken) * 1000 // self.made / 10


def kept(clocks: QuerySet[Clock]) -> Kept:
    """One pass over decided promises."""
    row = clocks.aggregate(made=Count("pk"), broken=Count("pk", filter=BROKEN))
    return Kept(**row)


def kept_by(clocks: QuerySet[Clock], field: str) -> dict[object, Kept]:
    """Kept promises by a column (``order__unit__path``, ``order__kind``)."""
    rows = clocks.order_by().values(field).annotate(made=Count("pk"), broken=Count("pk", filter=BROKEN))
    return {row[field]: Kept(row["made"], row["broken"]) for row in rows}


@dataclass(frozen=True)
class Spent:
    """How long promises of one kind took: average and longest, of those that ended."""

    average: timedelta | None
    longest: timedelta | None
    kept: Kept


def spent(clocks: QuerySet[Clock]) -> Spent:
    """Average from start to end, which is what the published averages speak of; ``clocks`` from `due_promises`."""
    row = clocks.filter(stopped_at__isnull=False).aggregate(
        average=Avg(F("stopped_at") - F("started_at")), longest=Max(F("stopped_at") - F("started_at"))
    )
    return Spent(row["average"], row["longest"], kept(clocks))


def published_limits(on: date) -> list[PolicyRule]:
    """The around-the-clock promises in force, the tightest of each kind, clock and area class."""
    tightest: dict[tuple[str, str, str], PolicyRule] = {}
    for rule in rulebook():
        in_force = rule.valid_from <= on and (rule.valid_to is None or rule.valid_to >= on)
        if not (in_force and rule.is_promise and rule.base == Base.AROUND_CLOCK) or rule.channel:
            continue
        slot = (rule.kind, rule.clock, rule.area_class)
        if slot not in tightest or rule.amount < tightest[slot].amount:
            tightest[slot] = rule
    return sorted(tightest.values(), key=lambda r: (r.kind != Kind.FAULT, r.clock, r.amount))


def intake_by_hour(orders: QuerySet[WorkOrder], day: date) -> list[int]:
    """Orders received in each of the 24 hours of a day, in the company's zone."""
    start = _midnight(day)
    zone = timezone.get_default_timezone()
    rows = (
        orders.filter(received_at__gte=start, received_at__lt=_midnight(day + timedelta(days=1)))
        .order_by()
        .annotate(h=ExtractHour("received_at", tzinfo=zone))
        .values("h")
        .annotate(n=Count("pk"))
    )
    hours = dict.fromkeys(range(24), 0) | {row["h"]: row["n"] for row in rows}
    return [hours[h] for h in range(24)]


USUAL_WEEKS = 4


def usual_by_hour(orders: QuerySet[WorkOrder], day: date) -> list[float]:
    """The same weekday over the last four weeks, on average."""
    past = [intake_by_hour(orders, day - timedelta(weeks=w)) for w in range(1, USUAL_WEEKS + 1)]
    return [sum(hour) / USUAL_WEEKS for hour in zip(*past, strict=True)]

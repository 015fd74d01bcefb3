"""Figures over orders and promises; each has the very orders behind it (`workorders.filters` speaks the same words).

A promise counts in the month in which it fell due. Only promises told to customers count (`is_promise`), on orders
that were not cancelled; void clocks count nowhere. Kept: stopped at its due instant or before.
"""

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from common.periods import Period, midnight
from workorders.choices import Base, ClockState, Kind, ServiceType, Situation, State
from workorders.models import Clock, PolicyRule, WorkOrder
from workorders.rules import rulebook

SOON = timedelta(hours=1)
# the voltage keeps being wrong, or is wrong now (design §11, “low voltage”)
ABOUT_VOLTAGE = (Q(service_type=ServiceType.VOLTAGE_QUALITY) | Q(situation=Situation.VOLTAGE)) & ~Q(
    state__in=[State.CANCELLED, State.MERGED]
)
BROKEN = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)  # of promises that were due


def late(now: datetime) -> Q:
    """Past its tightest promise and still open."""
    return Q(closed_at__isnull=True, next_due_at__lt=now)


SLICES: Mapping[str, Callable[[datetime], Q]] = {
    "late": late,
    "hour": lambda now: Q(closed_at__isnull=True, next_due_at__gte=now, next_due_at__lt=now + SOON),
    "later": lambda now: Q(closed_at__isnull=True) & (Q(next_due_at__gte=now + SOON) | Q(next_due_at__isnull=True)),
    # a promise to the customer is broken and what they were last told, if anything, is past as well (`owes_a_word`)
    "untold": lambda now: (
        Q(closed_at__isnull=True, promise_due_at__lt=now)
        & (
            Q(late_told_at__isnull=True)
            | Q(expected_at__lt=now)
            | Q(expected_at__isnull=True) & (Q(next_news_at__lt=now) | Q(next_news_at__isnull=True))
        )
    ),
}


@dataclass(frozen=True)
class Standing:
    """How many orders stand where; ``open`` counts them all, ``untold`` is among the late and the later."""

    open: int = 0
    hour: int = 0
    late: int = 0
    untold: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        parts = zip(astuple(self), astuple(other), strict=True)
        return Standing(*(mine + theirs for mine, theirs in parts))


def standing_by(orders: QuerySet[WorkOrder], field: str, now: datetime) -> dict[Any, Standing]:
    """One pass over the open orders, by a column (``unit__path``, ``kind``)."""
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


def day_span(now: datetime) -> tuple[datetime, datetime]:
    """First instant of today and of tomorrow, in the company's zone."""
    today = timezone.localdate(now)
    return midnight(today), midnight(today + timedelta(days=1))


def decided_clocks(*, month: str, now: datetime, rule: str = "") -> QuerySet[Clock]:
    """Promises to customers that have been decided: due in this month and by now, or ended before they were due.

    ``month``: ``2026-11``; a quarter or a year will do as well. ``rule``: the key of a rule, all its versions.
    Raises: ValueError for what is no period.
    """
    period = Period.parse(month)
    clocks = Clock.objects.filter(
        is_promise=True,
        state__in=[ClockState.RUNNING, ClockState.STOPPED],
        due_at__gte=period.start,
        due_at__lt=period.end,
    ).filter(Q(due_at__lt=now) | Q(state=ClockState.STOPPED))
    return clocks.filter(rule__key=rule) if rule else clocks


def due_promises(*, month: str, now: datetime, rule: str = "") -> QuerySet[Clock]:
    """Of those, the ones that count for a single order: averages may be published as averages only."""
    return decided_clocks(month=month, now=now, rule=rule).filter(per_order=True)


def broken_promises(**which) -> QuerySet[Clock]:
    """Promises not kept: ended after their due instant, or not ended yet."""
    return due_promises(**which).filter(BROKEN)


def ended_promises(**which) -> QuerySet[Clock]:
    """Promises that have ended, kept or late; what an average is taken of."""
    return decided_clocks(**which).filter(stopped_at__isnull=False)


@dataclass(frozen=True)
class Kept:
    """Promises decided and broken, and on how many orders any was broken."""

    made: int = 0
    broken: int = 0
    orders: int = 0

    @property
    def percent(self) -> float | None:
        """Rounded down to a tenth: 99.96 % is not 100 %. None when none was decided."""
        return None if not self.made else (self.made - self.broken) * 1000 // self.made / 10

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.made + other.made, self.broken + other.broken, self.orders + other.orders)


def kept_by(clocks: QuerySet[Clock], *fields: str) -> dict[tuple[Any, ...], Kept]:
    """Kept promises by columns of the order (``order__unit__path``, ``order__kind``).

    An order has one of each, so the orders of several groups may be added up.
    """
    rows = (
        clocks.order_by()
        .values(*fields)
        .annotate(
            made=Count("pk"),
            broken=Count("pk", filter=BROKEN),
            orders=Count("order_id", filter=BROKEN, distinct=True),
        )
    )
    return {tuple(row.pop(field) for field in fields): Kept(**row) for row in rows}


@dataclass(frozen=True)
class Spent:
    """What became of the promises under one rule: how long they took, on how many orders they ended or broke."""

    average: timedelta | None = None
    longest: timedelta | None = None
    ended: int = 0
    broken: int = 0


def spent_by_rule(clocks: QuerySet[Clock]) -> dict[str, Spent]:
    """By the key of the rule: from start to end, which is what the published averages speak of."""
    took = F("stopped_at") - F("started_at")
    rows = (
        clocks.order_by()
        .values("rule__key")
        .annotate(
            average=Avg(took),
            longest=Max(took),
            ended=Count("order_id", filter=Q(stopped_at__isnull=False), distinct=True),
            broken=Count("order_id", filter=BROKEN & Q(per_order=True), distinct=True),
        )
    )
    return {row.pop("rule__key"): Spent(**row) for row in rows}


def published_limits(on: date) -> list[PolicyRule]:
    """The around-the-clock promises in force, the tightest of each kind, service, clock and area class."""
    tightest: dict[tuple[str, ...], PolicyRule] = {}
    for rule in rulebook():
        in_force = rule.valid_from <= on and (rule.valid_to is None or rule.valid_to >= on)
        if not (in_force and rule.is_promise and rule.base == Base.AROUND_CLOCK) or rule.channel:
            continue
        slot = (rule.kind, rule.service_type, rule.clock, rule.area_class)
        if slot not in tightest or rule.amount < tightest[slot].amount:
            tightest[slot] = rule
    return sorted(tightest.values(), key=lambda r: (r.kind != Kind.FAULT, r.clock, r.amount))


HOURS = range(24)
USUAL_WEEKS = 4


@dataclass(frozen=True)
class Intake:
    """Orders received by hour: of a day, and on average of the same weekday in the weeks before that had any."""

    hours: list[int]
    usual: list[float]  # empty while there is nothing to compare with

    @property
    def total(self) -> int:
        return sum(self.hours)

    def usual_until(self, hour: int) -> int | None:
        """What had come in by the end of this hour on a usual day."""
        return round(sum(self.usual[: hour + 1])) if self.usual else None


def intake_by_hour(orders: QuerySet[WorkOrder], day: date) -> Intake:
    """One query for the day and the weeks it is compared with, in the company's zone."""
    days = [day - timedelta(weeks=w) for w in range(USUAL_WEEKS + 1)]
    wanted = Q(pk__in=[])
    for one in days:
        wanted |= Q(received_at__gte=midnight(one), received_at__lt=midnight(one + timedelta(days=1)))
    zone = timezone.get_default_timezone()
    rows = (
        orders.filter(wanted)
        .order_by()
        .annotate(day=TruncDate("received_at", tzinfo=zone), hour=ExtractHour("received_at", tzinfo=zone))
        .values_list("day", "hour")
        .annotate(n=Count("pk"))
    )
    counted = {one: [0] * len(HOURS) for one in days}
    for one, hour, n in rows:
        counted[one][hour] = n
    past = [counted[one] for one in days[1:] if any(counted[one])]
    usual = [sum(hour) / len(past) for hour in zip(*past, strict=True)] if past else []
    return Intake(counted[day], usual)

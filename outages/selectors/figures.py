"""Outages as steps that indices are computed from, and how many customers there are to share them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext

from customers.models import Customer
from outages.choices import AHEAD, OF_ONE, Cause
from outages.models import OutageStep
from outages.reliability import Indices, Step, indices, variants
from outages.selectors.history import Origin, Past, class_of, past_in, past_steps
from staff.models import Unit


def steps_of(start: datetime, end: datetime, unit: Unit | None) -> list[Step]:
    """Every step that began in [start, end), of the units below ``unit``; one query.

    What a single customer was cut off for is no interruption of supply in these statistics.
    """
    rows = OutageStep.objects.filter(began_at__gte=start, began_at__lt=end).exclude(outage__kind__in=OF_ONE)
    if unit:
        rows = rows.filter(outage__unit__path__startswith=unit.path)
    fields = ("outage__code", "customers", "began_at", "restored_at", "outage__kind", "outage__cause")
    return [
        Step(code, customers, began, restored, planned=kind in AHEAD, cause=cause, cause_class=class_of(cause))
        for code, customers, began, restored, kind, cause in rows.values_list(*fields).iterator()
    ]


def served(unit: Unit | None) -> int:
    """How many customers have a supply point (below ``unit``)."""
    here = Q(supply_points__isnull=False)
    if unit:
        here &= Q(supply_points__transformer__area__station__path__startswith=unit.path)
    return Customer.objects.filter(here).distinct().count()


@dataclass(frozen=True)
class Row:
    """A month, or the whole year, with what was planned apart."""

    label: date | None  # None: the whole year
    unplanned: Indices
    planned: Indices


@dataclass(frozen=True)
class Share:
    """What one cause or feeder adds."""

    label: str
    customer_minutes: float
    interruptions: int


@dataclass(frozen=True)
class Figures:
    """The year of a unit."""

    year: int
    served: int
    months: list[Row]
    whole: Row
    variants: dict[int, Indices]
    causes: list[Share]
    origin: Origin
    past: list[Past]  # what was imported for this year, counted here or not

    @property
    def past_words(self) -> str:
        """The sources of this year with how many outages each has."""
        return pgettext("list of sources", "; ").join(map(str, self.past))


def figures(year: int, unit: Unit | None, now: datetime, origin: Origin = Origin.BOTH) -> Figures:
    """Indices of the months that have begun and of the year so far; five queries at any size."""
    edges = [_midnight(date(year, month, 1)) for month in range(1, 13)] + [_midnight(date(year + 1, 1, 1))]
    until = min(edges[-1], now)
    customers, steps = served(unit), _steps(edges[0], edges[-1], unit, origin)
    by_month: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_month[timezone.localtime(step.start).month].append(step)
    months = [
        _row(by_month[number], customers, start, min(end, until))
        for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False), start=1)
        if start < until
    ]
    whole = _row(steps, customers, edges[0], max(until, edges[0]), is_whole=True)
    every = variants(steps, customers_served=customers, start=edges[0], end=max(until, edges[0]))
    past = past_in(edges[0], edges[-1], unit)
    return Figures(year, customers, months, whole, every, _causes(steps, now), origin, past)


def _steps(start: datetime, end: datetime, unit: Unit | None, origin: Origin) -> list[Step]:
    own = steps_of(start, end, unit) if origin != Origin.IMPORTED else []
    return own + (past_steps(start, end, unit) if origin != Origin.OWN else [])


def _row(steps: list[Step], customers: int, start: datetime, end: datetime, *, is_whole: bool = False) -> Row:
    unplanned, planned = (
        indices(steps, customers_served=customers, start=start, end=end, planned=which) for which in ("exclude", "only")
    )
    return Row(None if is_whole else timezone.localtime(start).date(), unplanned, planned)


def _causes(steps: Iterable[Step], now: datetime) -> list[Share]:
    """Customer-minutes by cause, the largest first; what goes on has none yet."""
    minutes: dict[str, float] = defaultdict(float)
    times: dict[str, int] = defaultdict(int)
    for step in steps:
        times[step.cause] += step.customers
        if step.end:
            minutes[step.cause] += step.customers * (step.end - step.start).total_seconds() / 60
    shares = [Share(str(Cause(cause).label), minutes[cause], number) for cause, number in times.items()]
    return sorted(shares, key=lambda share: -share.customer_minutes)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())

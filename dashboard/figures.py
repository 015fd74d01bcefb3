"""The board of one unit: figures of `workorders.selectors.figures`, put together for a page. Holds no rules.

Every figure that counts orders carries the query that lists exactly those (`workorders.filters`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from dashboard.month import Month, month_of
from staff.choices import UnitKind
from staff.models import Member, Unit
from staff.selectors import scope_of, units_under
from workorders.choices import Kind, Target
from workorders.models import PolicyRule, WorkOrder
from workorders.selectors import figures
from workorders.selectors.figures import Intake, Kept, Spent, Standing
from workorders.selectors.orders import with_rows

LONGEST = 8
MOST_LIMITS = 6
MARK = 78  # per cent of the line at which the promised figure stands
LOOKED_AT = (
    UnitKind.COMPANY, UnitKind.COUNTY, UnitKind.STATION, UnitKind.DEPARTMENT, UnitKind.HALL, UnitKind.REMOTE_DESK
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of a table on the board, with the filter that lists its orders."""

    key: str  # for ids of links, so that a refresh keeps the focus
    label: str
    standing: Standing
    kept: Kept
    query: str
    widest: int = 0

    @property
    def is_calm(self) -> bool:
        """Nothing late, and nothing that will be within the hour."""
        return not (self.standing.late or self.standing.hour)

    @property
    def bar(self) -> list[tuple[str, float, float]]:
        """Stacked parts of the bar as (kind, place, width) in per cent of the widest row."""
        whole = max(self.widest, 1)
        calm = self.standing.open - self.standing.hour - self.standing.late
        parts, at = [], 0.0
        for kind, n in (("open", calm), ("soon", self.standing.hour), ("late", self.standing.late)):
            width = 100 * n / whole
            if n:
                parts.append((kind, round(at, 2), round(width, 2)))
            at += width
        return parts


@dataclass(frozen=True)
class Fulfilment:
    """A published limit and what this month made of it."""

    rule: PolicyRule
    spent: Spent
    month: str

    @property
    def limit(self) -> timedelta:
        return timedelta(minutes=self.rule.amount)

    @property
    def is_average(self) -> bool:
        return self.rule.target == Target.AVERAGE

    @property
    def is_over(self) -> bool:
        """The average is over what was promised; for a cap, one broken promise is enough."""
        if self.is_average:
            return self.spent.average is not None and self.spent.average > self.limit
        return self.spent.broken > 0

    @property
    def reached(self) -> float:
        """How far the bar goes, in per cent of its line; the promised figure stands at `MARK`."""
        told = self.spent.average if self.is_average else self.spent.longest
        return min(100.0, round(MARK * (told / self.limit), 1)) if told else 0.0

    @property
    def counts_broken(self) -> bool:
        """A cap that was broken says on how many orders; everything else says how many orders it is told of."""
        return not self.is_average and self.spent.broken > 0

    @property
    def orders(self) -> int:
        """How many orders the link lists."""
        return self.spent.broken if self.counts_broken else self.spent.ended

    @property
    def query(self) -> str:
        what = "broken" if self.counts_broken else "ended"
        return f"promise={what}:{self.month}:{self.rule.key}"


@dataclass(frozen=True)
class Board:
    """Everything the page shows; made by `board_of`."""

    unit: Unit
    now: datetime
    standing: Standing
    kept: Kept
    intake: Intake
    ended_today: int
    next_due: WorkOrder | None
    units: list[Row]
    kinds: list[Row]
    longest: list[WorkOrder]
    fulfilment: list[Fulfilment]

    @property
    def month(self) -> str:
        return f"{timezone.localtime(self.now):%Y-%m}"

    @property
    def hour(self) -> int:
        return timezone.localtime(self.now).hour

    @property
    def usual_by_now(self) -> int | None:
        return self.intake.usual_until(self.hour)

    def query(self, **filters: Any) -> str:
        """What lists orders of this board: ``board.query(due="late")``."""
        return urlencode({"unit": self.unit.code} | filters)

    @property
    def today(self) -> str:
        day = timezone.localdate(self.now).isoformat()
        return self.query(standing="all", since=day, until=day)

    @property
    def broken(self) -> str:
        return self.query(standing="all", promise=f"broken:{self.month}")


def boards_for(actor: Member) -> list[Unit]:
    """The units this person may look at as a board: what their roles reach, down to stations and departments."""
    return list(units_under(scope_of(actor).paths()).filter(kind__in=LOOKED_AT, is_active=True))


def board_of(unit: Unit, *, now: datetime) -> Board:
    """Figures of a unit and everything below it; a constant number of queries."""
    orders = WorkOrder.objects.filter(unit__path__startswith=unit.path)
    month = month_of(unit, f"{timezone.localtime(now):%Y-%m}", now=now)
    standing = figures.standing_by(orders, "unit__path", now)
    start, end = figures.day_span(now)
    return Board(
        unit=unit,
        now=now,
        standing=sum(standing.values(), Standing()),
        kept=month.kept,
        intake=figures.intake_by_hour(orders, timezone.localdate(now)),
        ended_today=orders.filter(closed_at__gte=start, closed_at__lt=end).count(),
        next_due=_next_due(orders, now),
        units=_by_unit(unit, standing, month.by_unit),
        kinds=_by_kind(unit, figures.standing_by(orders, "kind", now), month.by_kind),
        longest=_longest(orders),
        fulfilment=_fulfilment(month, now),
    )


def _next_due(orders: QuerySet[WorkOrder], now: datetime) -> WorkOrder | None:
    return orders.filter(closed_at__isnull=True, next_due_at__gte=now).order_by("next_due_at", "id").first()


def _longest(orders: QuerySet[WorkOrder]) -> list[WorkOrder]:
    """The most overdue, then the most pressing."""
    rows = orders.filter(closed_at__isnull=True, next_due_at__isnull=False).order_by("next_due_at", "id")
    return list(with_rows(rows)[:LONGEST])


def _by_unit(top: Unit, standing: Mapping[str, Standing], kept: Mapping[str, Kept]) -> list[Row]:
    """A row for each child with everything below it, the busiest first, and one for what ``top`` holds itself.

    A company with a single county is looked at one level deeper; what lies between has a row of its own.
    """
    below = list(Unit.objects.filter(path__startswith=top.path, depth__lte=top.depth + 2).exclude(pk=top.pk))
    children = [unit for unit in below if unit.depth == top.depth + 1]
    alone = [top]
    if top.kind == UnitKind.COMPANY and len(children) == 1:
        alone, children = [top, *children], [unit for unit in below if unit.depth == top.depth + 2]
    rows = [
        Row(
            unit.code,
            unit.label,
            sum((s for path, s in standing.items() if path.startswith(unit.path)), Standing()),
            sum((k for path, k in kept.items() if path.startswith(unit.path)), Kept()),
            urlencode({"unit": unit.code}),
        )
        for unit in children
    ]
    rows += [
        Row(
            f"{unit.code}-only",
            unit.label,
            standing.get(unit.path, Standing()),
            kept.get(unit.path, Kept()),
            urlencode({"only": unit.code}),
        )
        for unit in alone
    ]
    return _drawn(sorted(rows, key=lambda row: -row.standing.open))


def _by_kind(top: Unit, standing: Mapping[str, Standing], kept: Mapping[str, Kept]) -> list[Row]:
    return _drawn(
        Row(
            kind.value,
            str(kind.label),
            standing.get(kind, Standing()),
            kept.get(kind, Kept()),
            urlencode({"unit": top.code, "kind": kind.value}),
        )
        for kind in Kind
    )


def _drawn(rows: Iterable[Row]) -> list[Row]:
    """Those that have something to show, drawn against the widest."""
    shown = [row for row in rows if row.standing.open or row.kept.made]
    widest = max((row.standing.open for row in shown), default=0)
    return [Row(row.key, row.label, row.standing, row.kept, row.query, widest) for row in shown]


def pressing(rows: list[Row], most: int, *, cut: bool = False) -> tuple[list[Row], list[Row]]:
    """The rows that need eyes first, in the order they were, and the others; nobody is left out for one line.

    Whoever is late or has something due within the hour is always shown, however many they are; ``cut`` is for a
    wall, which has no room to grow.
    """
    if len(rows) <= most + 1:
        return rows, []
    first = sorted(rows, key=lambda row: (row.standing.late, row.standing.hour, row.standing.open), reverse=True)
    if not cut:
        most = max(most, sum(not row.is_calm for row in rows))
    keys = {row.key for row in first[:most]}
    return [row for row in rows if row.key in keys], [row for row in rows if row.key not in keys]


def _fulfilment(month: Month, now: datetime) -> list[Fulfilment]:
    """The published promises of the month."""
    limits = figures.published_limits(timezone.localdate(now))[:MOST_LIMITS]
    return [Fulfilment(rule, month.by_rule.get(rule.key, Spent()), month.name) for rule in limits]

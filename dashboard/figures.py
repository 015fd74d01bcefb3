"""The board of one unit: figures of `workorders.selectors.figures`, put together for a page. Holds no rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from staff.choices import UnitKind
from staff.models import Member, Unit
from staff.selectors import scope_of, units_under
from workorders.choices import Kind, Target
from workorders.models import PolicyRule, WorkOrder
from workorders.selectors import figures
from workorders.selectors.figures import Kept, Spent, Standing
from workorders.selectors.orders import with_rows

LONGEST = 5
MOST_LIMITS = 6
MARK = 78  # per cent of the line at which the promised figure stands
NOTHING = Standing(0, 0, 0, 0)


@dataclass(frozen=True)
class Row:
    """One line of a table on the board, with the filter that lists its orders."""

    label: str
    standing: Standing
    kept: Kept
    query: str
    widest: int

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
class Board:
    """Everything the page shows; made by `board_of`."""

    unit: Unit
    month: str
    standing: Standing
    kept: Kept
    received_today: int
    usual_by_now: int
    ended_today: int
    next_due: WorkOrder | None
    units: list[Row]
    kinds: list[Row]
    longest: list[WorkOrder]
    hours: list[int]
    usual: list[float]
    fulfilment: list["Fulfilment"]


def boards_for(actor: Member) -> list[Unit]:
    """The units this person may look at as a board: what their roles reach, down to stations and departments."""
    kinds = [
        UnitKind.COMPANY,
        UnitKind.COUNTY,
        UnitKind.STATION,
        UnitKind.DEPARTMENT,
        UnitKind.HALL,
        UnitKind.REMOTE_DESK,
    ]
    return list(units_under(scope_of(actor).paths()).filter(kind__in=kinds, is_active=True))


def board_of(unit: Unit, *, now: datetime) -> Board:
    """Figures of a unit and everything below it; a constant number of queries."""
    orders = WorkOrder.objects.filter(unit__path__startswith=unit.path)
    month = f"{timezone.localtime(now):%Y-%m}"
    promises = figures.due_promises(month=month, now=now).filter(order__unit__path__startswith=unit.path)
    today = timezone.localdate(now)
    hours, usual = figures.intake_by_hour(orders, today), figures.usual_by_hour(orders, today)
    start, end = figures.day_span(now)
    hour = timezone.localtime(now).hour
    return Board(
        unit=unit,
        month=month,
        standing=figures.standing(orders, now),
        kept=figures.kept(promises),
        received_today=sum(hours),
        usual_by_now=round(sum(usual[: hour + 1])),
        ended_today=orders.filter(closed_at__gte=start, closed_at__lt=end).count(),
        next_due=_next_due(orders, now),
        units=_by_unit(unit, orders, promises, now),
        kinds=_by_kind(orders, promises, now),
        longest=_longest(orders),
        hours=hours,
        usual=usual,
        fulfilment=_fulfilment(orders, month, now),
    )


def _next_due(orders: QuerySet[WorkOrder], now: datetime) -> WorkOrder | None:
    return orders.filter(closed_at__isnull=True, next_due_at__gte=now).order_by("next_due_at", "id").first()


def _longest(orders: QuerySet[WorkOrder]) -> list[WorkOrder]:
    """The most overdue, then the most pressing."""
    rows = orders.filter(closed_at__isnull=True, next_due_at__isnull=False).order_by("next_due_at", "id")
    return list(with_rows(rows)[:LONGEST])


def _by_unit(top: Unit, orders: QuerySet[WorkOrder], promises: QuerySet, now: datetime) -> list[Row]:
    """One row for each child of ``top`` with everything below it, and one for ``top`` itself if it has work."""
    standing, kept = figures.standing_by(orders, "unit__path", now), figures.kept_by(promises, "order__unit__path")
    children = list(Unit.objects.filter(path__startswith=top.path, depth=top.depth + 1))
    if top.kind == UnitKind.COMPANY and len(children) == 1:  # a company with a single county: look one level deeper
        children = list(Unit.objects.filter(path__startswith=top.path, depth=top.depth + 2))
    summed = [
        (
            unit,
            _sum(s for path, s in standing.items() if path.startswith(unit.path)),
            _sum_kept(k for path, k in kept.items() if path.startswith(unit.path)),
        )
        for unit in children
    ]
    widest = max((s.open for _unit, s, _k in summed), default=0)
    return [Row(unit.name, s, k, f"unit={unit.code}", widest) for unit, s, k in summed if s.open or k.made]


def _by_kind(orders: QuerySet[WorkOrder], promises: QuerySet, now: datetime) -> list[Row]:
    standing, kept = figures.standing_by(orders, "kind", now), figures.kept_by(promises, "order__kind")
    widest = max((s.open for s in standing.values()), default=0)
    return [
        Row(str(kind.label), standing.get(kind, NOTHING), kept.get(kind, Kept(0, 0)), f"kind={kind.value}", widest)
        for kind in Kind
        if kind in standing or kind in kept
    ]


def _sum(parts) -> Standing:
    rows = [(p.open, p.hour, p.late, p.untold) for p in parts]
    return Standing(*(sum(column) for column in zip(*rows, strict=True))) if rows else NOTHING


def _sum_kept(parts) -> Kept:
    parts = list(parts)
    return Kept(sum(p.made for p in parts), sum(p.broken for p in parts))


@dataclass(frozen=True)
class Fulfilment:
    """A published limit and what this month made of it."""

    rule: PolicyRule
    spent: Spent
    query: str

    @property
    def limit(self) -> timedelta:
        return timedelta(minutes=self.rule.amount)

    @property
    def is_over(self) -> bool:
        """The average is over what was promised; for a cap, one broken promise is enough."""
        if self.rule.target == Target.AVERAGE:
            return self.spent.average is not None and self.spent.average > self.limit
        return self.spent.kept.broken > 0

    @property
    def reached(self) -> float:
        """How far the bar goes, in per cent of its line; the promised figure stands at `MARK`."""
        told = self.spent.average if self.rule.target == Target.AVERAGE else self.spent.longest
        return min(100.0, round(MARK * (told / self.limit), 1)) if told else 0.0


def _fulfilment(orders: QuerySet[WorkOrder], month: str, now: datetime) -> list[Fulfilment]:
    """The published promises of the month."""
    rows = []
    for rule in figures.published_limits(timezone.localdate(now))[:MOST_LIMITS]:
        clocks = figures.due_promises(month=month, now=now, kind=rule.clock, area_class=rule.area_class)
        spent = figures.spent(clocks.filter(order__kind=rule.kind, order__in=orders))
        rows.append(Fulfilment(rule, spent, f"promise=ended:{month}:{rule.clock}:{rule.area_class}&kind={rule.kind}"))
    return rows

"""What a run was to bring and what it brought: by batch, by measure, by hour; receipts in time; nobody exempt asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from outages.exempt import ground_of
from outages.models import Achieved, Batch, OrderlyRun, RunUser
from outages.orderly_choices import IN_ORDER, Measure
from outages.selectors.orderly.runs import users_of
from outages.shortage import Span, hours, mean_mw

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Cell:
    """Planned against achieved over a span; ``achieved`` is None where nothing is written down."""

    planned: Decimal
    achieved: Decimal | None


@dataclass(frozen=True)
class Line:
    """A batch or a measure over the whole window, with the receipts of its users."""

    label: str
    users: int
    handed: int
    cell: Cell
    batch: Batch | None = None

    @property
    def missing(self) -> int:
        return self.users - self.handed


@dataclass(frozen=True)
class Hour:
    """One hour of the window, by measure and together."""

    span: Span
    cells: list[Cell]
    whole: Cell


@dataclass(frozen=True)
class Share:
    """An hour and a measure as one row of the export."""

    span: Span
    measure: str
    cell: Cell


@dataclass
class Report:
    """Everything a run's pages say in figures; build it with `report_of`."""

    run: OrderlyRun
    now: datetime
    rows: list[RunUser] = field(default_factory=list)
    records: list[Achieved] = field(default_factory=list)

    @cached_property
    def asked(self) -> list[RunUser]:
        return [row for row in self.rows if not row.left_out]

    @cached_property
    def left_out(self) -> list[RunUser]:
        """Users of the batches who had become exempt when it was activated."""
        return [row for row in self.rows if row.left_out]

    @cached_property
    def exempt_asked(self) -> list[RunUser]:
        """Users who were asked and are exempt by their file today: to be looked at."""
        return [row for row in self.asked if ground_of(row.customer)]

    @property
    def window(self) -> Span:
        return Span(self.run.starts_at, self.run.over_at)

    @property
    def so_far(self) -> Span:
        """The part of the window that is past."""
        return Span(self.run.starts_at, max(self.run.starts_at, min(self.now, self.run.over_at)))

    @cached_property
    def measures(self) -> list[str]:
        used = {row.batch.measure for row in self.asked}
        return [measure for measure in IN_ORDER if measure in used]

    @property
    def measure_labels(self) -> list[str]:
        return [str(Measure(measure).label) for measure in self.measures]

    @cached_property
    def batches(self) -> list[Line]:
        """Every batch, in the order of the measures."""
        found = {row.batch_id: row.batch for row in self.rows}
        ordered = sorted(found.values(), key=lambda batch: (IN_ORDER.index(batch.measure), batch.number))
        return [self._line(batch.name, lambda one, pk=batch.pk: one.batch_id == pk, batch) for batch in ordered]

    @cached_property
    def by_measure(self) -> list[Line]:
        return [self._line(str(Measure(m).label), lambda one, m=m: one.batch.measure == m) for m in self.measures]

    @cached_property
    def whole(self) -> Line:
        return self._line("", lambda one: True)

    @cached_property
    def hours(self) -> list[Hour]:
        """The window hour by hour; what is still to come has nothing achieved."""
        return [
            Hour(span, [self._cell(span, lambda one, m=m: one.batch.measure == m) for m in self.measures],
                 self._cell(span, lambda one: True))
            for span in hours(self.window.start, self.window.end)
        ]  # fmt: skip

    @property
    def shares(self) -> list[Share]:
        """The figures of the page, one row an hour and measure."""
        labels = self.measure_labels
        return [
            Share(hour.span, label, cell) for hour in self.hours for label, cell in zip(labels, hour.cells, strict=True)
        ]

    @property
    def in_time(self) -> int:
        """Notices that were handed over before they were due."""
        return sum(1 for row in self.asked if row.handed_at and row.handed_at <= self.run.receipts_due_at)

    @property
    def late(self) -> int:
        return self.whole.handed - self.in_time

    @property
    def uncovered(self) -> Decimal:
        """How much of the shortage the users asked do not cover."""
        return max(NOTHING, self.run.shortage_mw - self.whole.cell.planned)

    @property
    def untold(self) -> int:
        """Users asked without a mobile number: they are called."""
        return sum(1 for row in self.asked if not row.is_told)

    def _line(self, label: str, belongs: Callable[..., bool], batch: Batch | None = None) -> Line:
        users = [row for row in self.asked if belongs(row)]
        handed = sum(1 for row in users if row.is_handed)
        return Line(label, len(users), handed, self._cell(self.so_far, belongs), batch)

    def _cell(self, span: Span, belongs: Callable[..., bool]) -> Cell:
        planned = _sum(row.mw for row in self.asked if belongs(row))
        inside = [one for one in self.records if belongs(one) and one.starts_at < span.end and one.ends_at > span.start]
        return Cell(planned, mean_mw(inside, span) if inside else None)


def report_of(run: OrderlyRun, now: datetime) -> Report:
    """The figures of a run as they are now; two queries at any number of users."""
    records = list(Achieved.objects.filter(run=run).select_related("batch"))
    return Report(run, now, list(users_of(run).prefetch_related(None)), records)


def _sum(megawatts: Iterable[Decimal]) -> Decimal:
    return sum(megawatts, NOTHING)

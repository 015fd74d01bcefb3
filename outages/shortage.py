"""How short power is, which batches answer it, and what they brought. Pure: no database, no clock."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar

from outages.orderly_choices import IN_ORDER

HUNDRED, NOTHING = Decimal(100), Decimal(0)
TENTH = Decimal("0.1")
HOUR = timedelta(hours=1)


class LevelRule(Protocol):
    """One row of the levels: from which share of the peak on it holds, and whether at that very share."""

    level: str
    from_percent: Decimal
    from_included: bool


class Load(Protocol):
    """A batch with the megawatts it brings."""

    @property
    def measure(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def mw(self) -> Decimal: ...


L = TypeVar("L", bound=Load)


class Slice(Protocol):
    """Megawatts that were achieved from one instant to another."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def mw(self) -> Decimal: ...


def percent_of(shortage: Decimal, peak: Decimal) -> Decimal:
    """The shortage as a share of the forecast peak, in percent."""
    return shortage / peak * HUNDRED


def level_of(rules: Iterable[LevelRule], shortage: Decimal, peak: Decimal) -> str:
    """The gravest level whose share is reached: 20 % of the peak is level II, a hair more level I. "" without rules.

    Source: standards B5.1.
    """
    share = percent_of(shortage, peak)
    for rule in sorted(rules, key=lambda rule: -rule.from_percent):
        if share > rule.from_percent or (rule.from_included and share == rule.from_percent):
            return rule.level
    return ""


def in_order(batches: Iterable[L]) -> list[L]:
    """Shift peak, avoid peak, limit, cut (standards B5.2); within a measure by number."""
    return sorted(batches, key=lambda batch: (IN_ORDER.index(batch.measure), batch.number))


def answering(batches: Iterable[L], shortage: Decimal) -> list[L]:
    """The batches that answer a shortage, in their order, no more than it needs; all when it is larger than them."""
    chosen: list[L] = []
    for batch in in_order(batches):
        if total(chosen) >= shortage:
            break
        if batch.mw:
            chosen.append(batch)
    return chosen


def total(batches: Iterable[Load]) -> Decimal:
    """What batches bring together, in MW."""
    return sum((batch.mw for batch in batches), NOTHING)


def skipped(measures: Collection[str]) -> list[str]:
    """The measures that a plan goes past: earlier than one it uses, and not used themselves."""
    last = max((IN_ORDER.index(measure) for measure in measures), default=0)
    return [measure for measure in IN_ORDER[:last] if measure not in measures]


def too_soon(chosen: Collection[L], batches: Iterable[L], shortage: Decimal) -> tuple[str, str, Decimal] | None:
    """(measure used, earlier measure, MW left in it) when one is used before the earlier ones are used up.

    A later measure may be used only when all batches of the earlier ones are, and they do not cover the shortage; then
    the MW left are 0 and the earlier measure is the one that covers it. None when the order is kept.
    """
    everything = in_order(batches)
    for late in in_order(chosen):
        earlier = [b for b in everything if IN_ORDER.index(b.measure) < IN_ORDER.index(late.measure) and b.mw]
        unused = [batch for batch in earlier if batch not in chosen]
        if unused:
            return late.measure, unused[0].measure, total(unused)
        if earlier and total(earlier) >= shortage:
            return late.measure, earlier[-1].measure, NOTHING
    return None


@dataclass(frozen=True)
class Span:
    """From one instant to another."""

    start: datetime
    end: datetime


def hours(start: datetime, end: datetime) -> Iterator[Span]:
    """The window cut at every full hour; the first and the last may be shorter. Zones of whole hours."""
    while start < end:
        full = start.replace(minute=0, second=0, microsecond=0) + HOUR
        yield Span(start, min(full, end))
        start = full


def mean_mw(slices: Iterable[Slice], span: Span) -> Decimal:
    """What was achieved over a span on average, each record weighed by its time in it; to a tenth of a megawatt."""
    seconds = (span.end - span.start).total_seconds()
    if seconds <= 0:
        return NOTHING
    done = sum((s.mw * Decimal(_shared_s(s, span)) for s in slices), NOTHING)
    return (done / Decimal(seconds)).quantize(TENTH, ROUND_HALF_UP)


def _shared_s(one: Slice, span: Span) -> float:
    return max(0.0, (min(one.ends_at, span.end) - max(one.starts_at, span.start)).total_seconds())


def overlap(one: Slice, others: Sequence[Slice]) -> bool:
    """Whether a record shares any time with another; those that only touch do not."""
    return any(one.starts_at < other.ends_at and other.starts_at < one.ends_at for other in others)

"""Indices of a period, split as asked; the sums are made by the database, so a million steps cost no memory."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from common.periods import Period
from outages.asked import OF_TIME, Asked
from outages.choices import CAUSE_CLASS, Cause
from outages.reliability import US_PER_MIN, major_event_days, major_event_threshold
from outages.selectors.splits import MOST_ROWS, Line, by_cause, lines_of, pair_of, served
from outages.selectors.steps import (
    ENDED_LONG,
    PLANNED,
    Selection,
    Tallies,
    add,
    steps_in,
    sums,
    tallies,
    tally_of,
)
from outages.tally import Pair, Rates, Tally

EVENT_YEARS = 5


@dataclass(frozen=True)
class EventDays:
    """Major event days of the period (2.5 beta). ``basis``: the years whose days set the threshold."""

    threshold: float | None
    days: list[tuple[date, float]]
    basis: tuple[int, int]
    is_own: bool  # no earlier years to learn from: the year's own days had to do
    without: Rates  # unplanned interruptions of all other days


@dataclass(frozen=True)
class Figures:
    """What the page shows."""

    served: int
    whole: Pair
    before: Rates  # the same span a year earlier, unplanned
    lines: list[Line]
    is_cut: bool  # there are more lines than are shown
    variants: dict[int, Rates]
    causes: list[Line]
    events: EventDays

    @property
    def everything(self) -> Rates:
        """Planned and not, whatever the cause."""
        return self.variants[1]


def figures(asked: Asked) -> Figures:
    """The figures of a period; the same number of queries at any size."""
    customers, span = served(asked.paths), asked.until - asked.period.start
    events = event_days(asked, customers)
    left_out = tuple(day for day, _saidi in events.days) if asked.leaves_out else ()
    chosen = asked.selection(without=left_out)
    causes = tallies(steps_in(chosen), "outage__cause")
    whole = add(causes.values())
    lines = lines_of(asked, chosen, customers, causes)
    return Figures(
        served=customers,
        whole=pair_of(whole, customers, span),
        before=_year_before(asked, customers),
        lines=lines[:MOST_ROWS] if asked.split not in OF_TIME else lines,
        is_cut=asked.split not in OF_TIME and len(lines) > MOST_ROWS,
        variants=_variants(causes, customers, span),
        causes=by_cause(asked, causes, customers, span),
        events=events,
    )


def _year_before(asked: Asked, customers: int) -> Rates:
    """As far into the period as this one has got, so that November is not compared with a whole year."""
    earlier = Period(asked.period.year - 1, asked.period.quarter, asked.period.month)
    span = min(asked.until - asked.period.start, earlier.end - earlier.start)
    rows = steps_in(Selection(earlier.start, earlier.start + span, asked.paths))
    found = tally_of(rows.aggregate(**sums("was", ~PLANNED)), "was")
    return Rates(found, customers, span)


def _variants(causes: Tallies, customers: int, span: timedelta) -> dict[int, Rates]:
    """The four Chinese variants (DL/T 836), planned ones included: see `outages.reliability.variants`."""
    left_out: dict[int, tuple[str, ...]] = {1: (), 2: ("external",), 3: ("shortage",), 4: ("external", "shortage")}
    classes = {cause: CAUSE_CLASS.get(Cause(cause), "internal") for cause in causes}
    return {
        number: Rates(
            sum((one + other for cause, (one, other) in causes.items() if classes[cause] not in out), Tally()),
            customers,
            span,
        )
        for number, out in left_out.items()
    }


# ── major event days ────────────────────────────────────────────────────


def event_days(asked: Asked, customers: int) -> EventDays:
    """The days of the period above the threshold that the five years before it set; two queries."""
    year = asked.period.year
    earlier = Selection(Period(year - EVENT_YEARS).start, Period(year).start, asked.paths)
    own = Selection(Period(year).start, Period(year).end, asked.paths)
    learnt, ours = _daily(earlier, customers), _daily(own, customers)
    threshold, is_own = major_event_threshold(learnt.values()), False
    if threshold is None:
        threshold, is_own = major_event_threshold(ours.values()), True
    here = {day: saidi for day, saidi in ours.items() if asked.period.first <= day < asked.period.after}
    days = major_event_days(here, threshold)
    basis = (year, year) if is_own else (min(learnt).year, max(learnt).year)
    rest = steps_in(asked.selection(without=tuple(days)))
    without = tally_of(rest.aggregate(**sums("rest", ~PLANNED)), "rest")
    span = asked.until - asked.period.start
    return EventDays(threshold, [(d, here[d]) for d in days], basis, is_own, Rates(without, customers, span))


def _daily(chosen: Selection, customers: int) -> dict[date, float]:
    """SAIDI in minutes by the day on which unplanned interruptions began; quiet days are absent."""
    if not customers:
        return {}
    zone = timezone.get_default_timezone()
    rows = steps_in(chosen).filter(~PLANNED & ENDED_LONG).order_by()
    days: QuerySet[Any] = rows.values(day=TruncDate("began_at", tzinfo=zone)).annotate(**sums("sum"))
    return {row["day"]: int(row["sum_ended_us"]) / US_PER_MIN / customers for row in days}

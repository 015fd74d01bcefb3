"""Indices of a period, split as asked; the sums are made by the database, so a million steps cost no memory."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import pgettext

from common.periods import Period
from outages.asked import OF_TIME, YEARS_BACK, Asked, Split
from outages.choices import CAUSE_CLASS, Cause
from outages.models import Storm
from outages.reliability import US_PER_MIN, major_event_days, major_event_threshold
from outages.selectors.history import Past, past_in
from outages.selectors.splits import MOST_ROWS, Line, by_cause, by_key, lines_of, pair_of, served
from outages.selectors.steps import (
    DayTally,
    Selection,
    Tallies,
    add,
    day_tallies,
    past_steps_in,
    unplanned,
)  # fmt: skip
from outages.selectors.storms import storms_between
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
    past: list[Past]  # what was imported for this period, counted here or not
    storms: list[Storm]  # in which alarms were summed up: figures can be read with these hours in mind

    @property
    def past_words(self) -> str:
        """The sources of this period with how many outages each has."""
        return pgettext("list of sources", "; ").join(map(str, self.past))

    @property
    def everything(self) -> Rates:
        """Planned and not, whatever the cause."""
        return self.variants[1]


def figures(asked: Asked) -> Figures:
    """The figures of a period; the same number of queries at any size, two of which pass over its steps."""
    customers, span = served(asked.paths), asked.until - asked.period.start
    rows, events = _counted(asked, customers)
    out = {day for day, _saidi in events.days} if asked.leaves_out else set()
    counted = [row for row in rows if row.day not in out]
    here = [row for row in counted if asked.period.first <= row.day < asked.period.after]
    causes = by_key(here, lambda row: row.cause)
    lines = lines_of(asked, asked.selection(without=tuple(sorted(out))), customers, causes, counted)
    return Figures(
        served=customers,
        whole=pair_of(add(causes.values()), customers, span),
        before=_year_before(asked, customers),
        lines=lines[:MOST_ROWS] if asked.split not in OF_TIME else lines,
        is_cut=asked.split not in OF_TIME and len(lines) > MOST_ROWS,
        variants=_variants(causes, customers, span),
        causes=by_cause(asked, causes, customers, span),
        events=events,
        past=past_in(past_steps_in(asked.selection())),
        storms=storms_between(asked.period.start, asked.period.end),
    )


def _year_before(asked: Asked, customers: int) -> Rates:
    """As far into the period as this one has got, so that November is not compared with a whole year."""
    earlier = Period(asked.period.year - 1, asked.period.quarter, asked.period.month)
    span = min(asked.until - asked.period.start, earlier.end - earlier.start)
    found = unplanned(Selection(earlier.start, earlier.start + span, asked.paths, origin=asked.origin))
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
    """The major event days of the period; two queries."""
    return _counted(asked, customers)[1]


def _counted(asked: Asked, customers: int) -> tuple[list[DayTally], EventDays]:
    """The days that the page counts, and those above the limit that the five years before set.

    Without such years the limit is drawn from the days of the year itself, which are counted then.
    """
    year, period = Period(asked.period.year), asked.period
    earlier = Selection(Period(year.year - EVENT_YEARS).start, year.start, asked.paths, origin=asked.origin)
    learnt = _saidi(day_tallies(earlier, unplanned_ended=True), customers)
    threshold = major_event_threshold(learnt.values())
    is_own = threshold is None
    since = Period(year.year - YEARS_BACK + 1).start if asked.split == Split.YEAR else None
    start, end = since or (year if is_own else period).start, (year if is_own else period).end
    rows = day_tallies(Selection(start, end, asked.paths, origin=asked.origin))
    ours = {day: saidi for day, saidi in _saidi(rows, customers).items() if year.first <= day < year.after}
    if is_own:
        threshold = major_event_threshold(ours.values())
    here = {day: saidi for day, saidi in ours.items() if period.first <= day < period.after}
    days = major_event_days(here, threshold)
    rest = [
        row.tally
        for row in rows
        if period.first <= row.day < period.after and row.day not in days and not row.is_planned
    ]
    without = Rates(sum(rest, Tally()), customers, asked.until - period.start)
    basis = (year.year, year.year) if is_own else (min(learnt).year, max(learnt).year)
    return rows, EventDays(threshold, [(day, here[day]) for day in days], basis, is_own, without)


def _saidi(rows: list[DayTally], customers: int) -> dict[date, float]:
    """Minutes per customer by the day on which unplanned interruptions began; quiet days are absent."""
    spent: dict[date, int] = defaultdict(int)
    for row in rows:
        if not row.is_planned and row.tally.ended_us:
            spent[row.day] += row.tally.ended_us
    return {day: us / US_PER_MIN / customers for day, us in sorted(spent.items())} if customers else {}

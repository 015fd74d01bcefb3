"""Figures split: a row for each month, unit, area, feeder, transformer or cause."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, F, Q

from common.periods import Period
from customers.models import Feeder, SupplyPoint, Transformer
from outages.asked import OF_TIME, YEARS_BACK, Asked, Split
from outages.choices import Cause
from outages.selectors.steps import (
    DayTally,
    Selection,
    Tallies,
    add,
    areas_of_boxes,
    below,
    box_tallies,
    steps_in,
    tallies_by,
)
from outages.tally import Pair, Rates, Tally
from staff.models import Unit

MOST_ROWS = 50  # feeders or transformers on the page, those with the most minutes first
STATION = "transformer__area__station__path"


@dataclass(frozen=True)
class Line:
    """One row: a month, a unit, a cause. ``query`` finds the interruptions behind it, ``key`` is its own code."""

    label: str
    pair: Pair
    query: str
    key: str = ""
    note: str = ""
    is_running: bool = False  # its time is not over yet


def served(paths: tuple[str, ...]) -> int:
    """How many customers have a supply point below these units."""
    rows = SupplyPoint.objects.filter(below(STATION, paths))
    return rows.aggregate(n=Count("customer_id", distinct=True))["n"]


def pair_of(sums_of: tuple[Tally, Tally], customers: int, span: timedelta) -> Pair:
    """Unplanned and planned sums as rates."""
    return Pair(*(Rates(tally, customers, span) for tally in sums_of))


def by_key(rows: Iterable[DayTally], key: Callable[[DayTally], Any]) -> Tallies:
    """The days' sums put together by whatever ``key`` says of them, those with the most customer-minutes first."""
    found: dict[Any, tuple[Tally, Tally]] = {}
    for row in rows:
        unplanned, planned = found.get(key(row), (Tally(), Tally()))
        pair = (unplanned, planned + row.tally) if row.is_planned else (unplanned + row.tally, planned)
        found[key(row)] = pair
    return dict(sorted(found.items(), key=lambda item: -(item[1][0].ended_us + item[1][1].ended_us)))


def lines_of(asked: Asked, chosen: Selection, customers: int, causes: Tallies, days: Sequence[DayTally]) -> list[Line]:
    """The rows of the page; of feeders and transformers one more than are shown, where there are more."""
    span = asked.until - asked.period.start
    if asked.split in OF_TIME:
        return _by_time(asked, customers, days)
    if asked.split == Split.CAUSE:
        return by_cause(asked, causes, customers, span)
    split: dict[Any, Any] = {
        Split.UNIT: _by_unit, Split.AREA: _by_area, Split.FEEDER: _by_feeder, Split.TRANSFORMER: _by_box,
    }  # fmt: skip
    return split[asked.split](asked, chosen, span)


def _by_time(asked: Asked, customers: int, days: Sequence[DayTally]) -> list[Line]:
    """Months or quarters of the period, or the years up to it; those that have not begun are left out."""
    wanted = [asked.period] if asked.period.month else asked.period.quarters
    if asked.split == Split.YEAR:
        wanted = [Period(asked.period.year - back) for back in range(YEARS_BACK - 1, -1, -1)]
    elif asked.split == Split.MONTH:
        wanted = asked.period.months
    found = by_key(days, lambda row: row.day.replace(day=1))
    lines = []
    for period in wanted:
        until = min(period.end, asked.now)
        if until <= period.start:
            continue
        pair = add(found[part.first] for part in period.months if part.first in found)
        rates = pair_of(pair, customers, until - period.start)
        query = asked.query_of(period=period.key, days="out" if asked.leaves_out else "")
        lines.append(Line(period.short, rates, query, period.key, is_running=until < period.end))
    return lines


def _by_unit(asked: Asked, chosen: Selection, span: timedelta) -> list[Line]:
    """Each unit below the one chosen; each of their own, for whoever leads several."""
    tops = [asked.unit] if asked.unit else asked.tops
    rows = tops if len(tops) > 1 else _children(asked, tops)
    found = tallies_by(chosen, "unit")
    counts = {f"n{unit.pk}": _customers_below(unit) for unit in rows}
    customers = SupplyPoint.objects.aggregate(**counts)
    lines = []
    for unit in rows:
        pair = add(pair for path, pair in found.items() if path.startswith(unit.path))
        lines.append(
            Line(unit.label, pair_of(pair, customers[f"n{unit.pk}"], span), _query(asked, unit=unit.code), unit.code)
        )
    return lines


def _customers_below(unit: Unit) -> Count:
    return Count("customer_id", distinct=True, filter=Q(**{f"{STATION}__startswith": unit.path}))


def _children(asked: Asked, tops: list[Unit]) -> list[Unit]:
    """The units right below, as far as they have an area to supply below them; itself when there is none."""
    here = {path for path in _station_paths() if any(path.startswith(top.path) for top in tops)}
    below_it = [
        unit
        for unit in asked.units
        if any(unit.depth == top.depth + 1 and unit.path.startswith(top.path) for top in tops)
        and any(path.startswith(unit.path) for path in here)
    ]
    return below_it or tops


def _station_paths() -> list[str]:
    return list(Unit.objects.filter(areas__isnull=False).distinct().values_list("path", flat=True))


def _by_feeder(asked: Asked, chosen: Selection, span: timedelta) -> list[Line]:
    """The feeders as the records name them; an outage that names none is on a line of its own."""
    found = dict(islice(tallies_by(chosen, "feeder").items(), MOST_ROWS + 1))
    feeders = Feeder.objects.in_bulk([pk for pk in found if pk])
    rows = SupplyPoint.objects.filter(transformer__feeder__in=feeders).values("transformer__feeder")
    customers = dict(rows.annotate(n=Count("customer_id", distinct=True)).values_list("transformer__feeder", "n"))
    lines = []
    for pk, pair in found.items():
        code, label = (feeders[pk].code, feeders[pk].name) if pk else ("-", "—")
        rates = pair_of(pair, customers.get(pk, 0), span)
        lines.append(Line(label, rates, _query(asked, feeder=code), feeders[pk].code if pk else ""))
    return lines


def _by_box(asked: Asked, chosen: Selection, span: timedelta) -> list[Line]:
    """The transformers themselves: how often and how long each was without power."""
    found = box_tallies(steps_in(chosen), most=MOST_ROWS + 1)
    boxes = Transformer.objects.select_related("feeder").in_bulk(list(found))
    return [
        Line(box.name, pair_of(pair, 1, span), _query(asked, transformer=box.code), box.code, box.feeder.name)
        for pk, pair in found.items()
        if (box := boxes.get(pk))
    ]


def _by_area(asked: Asked, chosen: Selection, span: timedelta) -> list[Line]:
    """Areas by the customers who are connected now: each transformer's time weighs as many as hang on it."""
    areas, found = areas_of_boxes(), box_tallies(steps_in(chosen))
    here = SupplyPoint.objects.filter(below(STATION, asked.paths))
    rows = here.values(box=F("transformer")).annotate(n=Count("customer_id", distinct=True))
    on_box = dict(rows.values_list("box", "n"))
    pairs: dict[int, list[tuple[Tally, Tally]]] = {areas[pk].pk: [] for pk in on_box}
    customers: dict[int, int] = dict.fromkeys(pairs, 0)
    for pk, n in on_box.items():
        customers[areas[pk].pk] += n
        if pk in found:
            unplanned, planned = found[pk]
            pairs[areas[pk].pk].append((unplanned.of(n), planned.of(n)))
    named = {area.pk: area for area in areas.values()}
    lines = [
        Line(
            named[pk].name, pair_of(add(parts), customers[pk], span), _query(asked, area=named[pk].code), named[pk].code
        )
        for pk, parts in pairs.items()
    ]
    return sorted(lines, key=lambda line: -(line.pair.unplanned.saidi_min or 0))


def by_cause(asked: Asked, causes: Tallies, customers: int, span: timedelta) -> list[Line]:
    """What each cause adds."""
    return [
        Line(str(Cause(cause).label), pair_of(pair, customers, span), _query(asked, cause=cause), cause)
        for cause, pair in causes.items()
    ]


def _query(asked: Asked, **more: str) -> str:
    return asked.query_of(days="out" if asked.leaves_out else "", **more)

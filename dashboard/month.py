"""What became of a month's promises: figures that every promise of the month goes into.

They are counted anew every `BOARD_MONTH_KEPT_S` seconds at most, the span in which a board renews itself; what stands
open or late is counted at every look.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from staff.models import Unit
from workorders.selectors import figures
from workorders.selectors.figures import Kept, Spent


@dataclass(frozen=True)
class Month:
    """``2026-11`` in a unit and everything below it, as it was at ``counted_at``."""

    name: str
    counted_at: datetime
    by_unit: Mapping[str, Kept]  # by tree path
    by_kind: Mapping[str, Kept]
    by_rule: Mapping[str, Spent]

    @property
    def kept(self) -> Kept:
        return sum(self.by_unit.values(), Kept())


_counted: dict[tuple[str, str], Month] = {}  # by tree path and month


def month_of(unit: Unit, name: str, *, now: datetime) -> Month:
    """The figures of a month (``"2026-11"``), from memory while they are fresh; else two queries."""
    known = _counted.get((unit.path, name))
    fresh = timedelta(seconds=settings.BOARD_MONTH_KEPT_S)
    if known is None or not timedelta(0) <= now - known.counted_at < fresh:
        known = _counted[unit.path, name] = _count(unit, name, now)
    return known


def _count(unit: Unit, name: str, now: datetime) -> Month:
    here = {"order__unit__path__startswith": unit.path}
    by_unit: defaultdict[str, Kept] = defaultdict(Kept)
    by_kind: defaultdict[str, Kept] = defaultdict(Kept)
    due = figures.due_promises(month=name, now=now).filter(**here)
    for (path, kind), kept in figures.kept_by(due, "order__unit__path", "order__kind").items():
        by_unit[path] += kept
        by_kind[kind] += kept
    spent = figures.spent_by_rule(figures.decided_clocks(month=name, now=now).filter(**here))
    return Month(name, now, by_unit, by_kind, spent)

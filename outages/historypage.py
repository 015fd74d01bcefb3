"""One file of past outages as a person sees it: how far it is, and its report row by row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outages.choices import Cause
from outages.models import HistoryRow, HistoryRun
from outages.models.history import RowState, RunState
from outages.selectors.history import SHOWN, last_year_of, rows_shown
from outages.services.history.applying import to_write
from outages.services.history.facts import Fact

STANDS_STILL = timedelta(minutes=1)
ORDER = (RowState.WRONG, RowState.NEW, RowState.CHANGED, RowState.SAME, RowState.SKIPPED)


@dataclass(frozen=True)
class Tab:
    """One sort of rows: how many there are."""

    state: RowState
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A row of the report as it is drawn."""

    row: HistoryRow
    number: str
    began_at: datetime | str
    restored_at: datetime | str
    customers: str
    cause: str


@dataclass
class HistoryPage:
    """What the page of a file shows; ``wanted`` is the sort of rows that was asked for."""

    run: HistoryRun
    now: datetime
    wanted: str

    @property
    def is_alive(self) -> bool:
        """Whether a worker is, or should be, at it."""
        return self.run.state in (RunState.READING, RunState.APPLYING)

    @property
    def stands_still(self) -> bool:
        return self.is_alive and self.now - self.run.beat_at > STANDS_STILL

    @property
    def may_write(self) -> bool:
        return self.run.state == RunState.CHECKED and self.to_write > 0

    @property
    def may_leave(self) -> bool:
        return self.run.state in (RunState.CHECKED, RunState.UNMAPPED) or (
            self.run.state == RunState.READING and self.stands_still
        )

    @cached_property
    def to_write(self) -> int:
        return to_write(self.run)

    @cached_property
    def year(self) -> int | None:
        """The year whose figures are worth a look now."""
        return last_year_of(self.run)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The sorts of rows there are, what needs a hand first."""
        there = [state for state in ORDER if self.run.counts.get(state)]
        chosen = next((state for state in there if state == self.wanted), there[0] if there else None)
        return [Tab(state, self.run.counts[state], state == chosen) for state in there]

    @cached_property
    def lines(self) -> list[Line]:
        """The first rows of the chosen sort."""
        chosen = next((tab.state for tab in self.tabs if tab.is_chosen), None)
        return [_line(row) for row in rows_shown(self.run, chosen)] if chosen else []

    @property
    def are_more(self) -> bool:
        """Whether the list is not all of them."""
        return len(self.lines) == SHOWN and any(tab.is_chosen and tab.count > SHOWN for tab in self.tabs)


def _line(row: HistoryRow) -> Line:
    data = row.data
    began, restored = (_instant(data.get(fact)) for fact in (Fact.BEGAN, Fact.RESTORED))
    customers = data.get("customers")
    return Line(row, data.get("number", ""), began, restored, "" if customers is None else str(customers), _cause(row))


def report_cells(row: HistoryRow) -> list[str]:
    """The row as cells of the report, in the order of `Fact`, then its cause as given."""
    data = row.data
    planned = data.get("planned", data.get("is_planned"))
    said = data | {
        "cause": _cause(row),
        "feeder": data.get("feeder", data.get("feeder_name", "")),
        "planned": (_("yes") if planned else _("no")) if isinstance(planned, bool) else planned,
    }
    cells = [_as_local(said.get(fact.value)) for fact in Fact] + [data.get("cause_given")]
    return ["" if cell is None else str(cell) for cell in cells]


def _cause(row: HistoryRow) -> str:
    """The cause with us, or in the file's own words where the row could not be read."""
    ours = row.data.get("cause", "")
    return str(Cause(ours).label) if ours in Cause.values else row.data.get("cause_given", "")


def _as_local(cell: object) -> object:
    at = _instant(cell)
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}" if isinstance(at, datetime) else cell


def _instant(text: object) -> datetime | str:
    """An instant that the row was read as; the file's own words where it was not."""
    found = parse_datetime(text) if isinstance(text, str) and text.endswith("+00:00") else None
    return found or (text if isinstance(text, str) else "")

"""A first look into a file that nobody has named the columns of."""

from dataclasses import dataclass
from itertools import islice

from outages.models import HistoryRun
from outages.services.history.reading import opened

LOOKED_AT = 3


@dataclass(frozen=True)
class Look:
    """The headings, and the first rows under them."""

    headings: list[str]
    rows: list[list[str]]


def headings_of(run: HistoryRun) -> Look:
    """What stands at the top of the file. Raises: Refusal when it cannot be read."""
    with opened(run) as records:
        first = [cells for _number, cells in islice(records.rows, LOOKED_AT)]
    return Look(records.headings, [[cells.get(heading, "") for heading in records.headings] for cells in first])

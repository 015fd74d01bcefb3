"""Lists as files: with a purpose, logged before the first byte leaves the house, and harmless in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.http import FileResponse, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from common.errors import Refusal

MOST_ROWS = 100_000
IN_MEMORY = 2 * 1024 * 1024  # bytes; what is larger waits on disk
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

exported = Signal()  # sent inside the transaction that read the rows, with note: ExportNote, row_count: int


@dataclass(frozen=True)
class ExportNote:
    """Who takes which list out of the house, when, with which filters, and what for."""

    list_name: str
    actor: Any
    purpose: str
    filters: dict[str, list[str]]
    now: datetime


@dataclass(frozen=True)
class Column:
    """A column of an export: ``value`` is a path (``"home_unit.name"``; methods are called) or a callable."""

    label: str | Promise
    value: str | Callable[[Any], Any]

    def cell(self, row: Any) -> str:
        """The row's value as text, safe to open in a spreadsheet."""
        value = self.value(row) if callable(self.value) else reduce(_follow, self.value.split("."), row)
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        return str(value) if is_number else defuse(_text(value))


def export(rows: QuerySet | Sequence[Any], columns: Sequence[Column], note: ExportNote) -> FileResponse:
    """All rows as a CSV file that spreadsheets open as it is; of a query, memory stays flat.

    Raises: Refusal above ``MOST_ROWS`` rows; then nothing is logged and nothing given out.
    """
    with transaction.atomic():
        lines = rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else rows
        file, row_count = write_csv(lines, columns)
        exported.send(sender=None, note=note, row_count=row_count)
    name = f"{note.list_name.replace('.', '-')}-{localtime(note.now):%Y%m%d-%H%M}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def write_csv(rows: Iterable[Any], columns: Sequence[Column]) -> tuple[IO[bytes], int]:
    """A file, rewound, and how many rows it has beside the headings. Raises: Refusal above ``MOST_ROWS``."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    file.write(b"\xef\xbb\xbf")  # so that a spreadsheet reads it as UTF-8
    count = 0
    for count, line in enumerate(_lines(rows, columns)):
        if count > MOST_ROWS:
            raise Refusal(_("More than %(most)s rows; narrow the filters") % {"most": f"{MOST_ROWS:,}"})
        file.write(line)
    file.seek(0)
    return file, count


def defuse(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """Rows that are no list of the house (a report, a sample) as a CSV file, sent as they come; `defuse` the cells.

    They are made after the page is done with, and still in its reader's language.
    """
    writer = csv.writer(_Echo())
    lines = (("\ufeff" if at == 0 else "") + writer.writerow(row) for at, row in enumerate(rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    spoken = _spoken(get_language(), lines)
    return StreamingHttpResponse(spoken, content_type="text/csv; charset=utf-8", headers=headers)


def _spoken(language: str | None, lines: Iterator[str]) -> Iterator[str]:
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _lines(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """Headings, then one line per row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    heads = [defuse(str(column.label)) for column in columns]
    for cells in chain([heads], ([column.cell(row) for column in columns] for row in rows)):
        writer.writerow(cells)
        yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    line = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return line


def _follow(thing: Any, name: str) -> Any:
    value = getattr(thing, name, None)
    return value() if callable(value) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return str(value)

"""Rows of an uploaded table, CSV or XLSX, one after the other."""

import codecs
import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import IO, Any, cast

from django.core.files import File
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from common.errors import Refusal
from common.workbooks import open_workbook

ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets here write: with a mark, or the national standard


def read_rows(
    upload: File, columns: Mapping[str, Iterable[str]], *, optional: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """The filled rows of the first sheet as ``{"line": 2, column: text, …}``; the first row names the columns.

    ``columns`` maps a column to every heading it may stand under (case and spaces do not matter); other columns are
    left out, empty rows are skipped. ``optional`` columns read as empty where the file has none. Reads as it goes, so
    memory stays flat.
    Raises: Refusal when the file cannot be read or a column is missing.
    """
    rows = iter(read_cells(upload))
    heads = [_plain(cell) for cell in next(rows, [])]
    places = {column: _find(heads, [column, *names]) for column, names in columns.items()}
    needed = {column: names for column, names in columns.items() if column not in optional}
    missing = [next(iter(names), column) for column, names in needed.items() if places[column] is None]
    if missing:
        raise Refusal(_("The first row lacks the columns: %(names)s") % {"names": ", ".join(missing)}, field="file")
    for line, cells in enumerate(rows, start=2):
        row = {column: cells[at] if at is not None and at < len(cells) else "" for column, at in places.items()}
        if any(row.values()):
            yield {"line": line, **row}


def read_cells(upload: File) -> Iterator[list[str]]:
    """Every row as texts, the headings first, as it is read. Raises: Refusal when the file cannot be read."""
    name, file = (upload.name or "").lower(), cast(IO[bytes], upload.file)
    if name.endswith(".xlsx"):
        return _from_workbook(file)
    if name.endswith(".csv"):
        return _from_csv(file)
    raise Refusal(_("Give a CSV or XLSX file"), field="file")


def _from_csv(file: IO[bytes]) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        for row in csv.reader(text):
            yield [cell.strip() for cell in row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refusal(_("The file cannot be read; save it again as CSV or XLSX"), field="file") from error
    finally:
        with suppress(ValueError):  # a file refused half-read may be closed by now
            text.detach()


def _from_workbook(file: IO[bytes]) -> Iterator[list[str]]:
    try:
        with open_workbook(file) as book:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_text(cell) for cell in row]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Refusal(_("The file cannot be read; save it again as CSV or XLSX"), field="file") from error


def encoding_of(file: IO[bytes]) -> str:
    """The first of ENCODINGS that the whole file can be read with."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while chunk := file.read(1 << 16):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise Refusal(_("The file cannot be read; save it again as CSV or XLSX"), field="file")


def _text(cell: Any) -> str:
    """A cell as it is read: whole numbers without “.0”, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _plain(head: str) -> str:
    return "".join(head.split()).lower().replace("_", "").replace("-", "")


def _find(heads: list[str], names: Iterable[str]) -> int | None:
    wanted = {_plain(name) for name in names}
    return next((at for at, head in enumerate(heads) if head in wanted), None)

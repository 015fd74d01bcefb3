"""Rows of an uploaded file under the file's own headings: CSV, XLSX, or a JSON list of objects."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any, cast

from django.core.files import File
from django.utils.translation import gettext as _

from common.errors import Refusal
from common.sheets import encoding_of, read_cells

PIECE = 1 << 16  # characters read at once
MOST_OF_ONE = 1 << 20  # characters of one object; a list without an end would fill the memory
Record = tuple[int, dict[str, str]]


@dataclass
class Records:
    """``headings`` in the order of the file, ``rows`` as (number, cell by heading); empty rows are skipped.

    The number is what a person sees: the line of a table (headings are line 1), the place of an object in its list.
    """

    headings: list[str]
    rows: Iterator[Record]

    def lacking(self, needed: Iterable[str]) -> list[str]:
        """Which of these headings the file does not have."""
        return [heading for heading in needed if heading not in self.headings]


def read_records(upload: File) -> Records:
    """The file, read as it goes, so that memory stays flat. A JSON list is known by the keys of its first object.

    Raises: Refusal when it cannot be read, here or while its rows are taken.
    """
    if (upload.name or "").lower().endswith(".json"):
        return _from_json(cast(IO[bytes], upload.file))
    lines = iter(read_cells(upload))
    headings = next(lines, [])
    if not any(headings):
        raise Refusal(_("There is no row in this file"), field="file")
    return Records(headings, _filled(headings, lines))


def _filled(headings: list[str], lines: Iterator[list[str]]) -> Iterator[Record]:
    for number, cells in enumerate(lines, start=2):
        if any(cells):
            padded = chain(cells, ("" for _missing in range(len(headings) - len(cells))))
            yield number, dict(zip(headings, padded, strict=False))


def _from_json(file: IO[bytes]) -> Records:
    rows = enumerate(_objects(file), start=1)
    first = next(rows, None)
    if first is None:
        raise Refusal(_("There is no row in this file"), field="file")
    every = chain([first], rows)
    return Records(list(first[1]), ((number, row) for number, row in every if any(row.values())))


def _objects(file: IO[bytes]) -> Iterator[dict[str, str]]:
    """The objects of a list, one after the other."""
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        for found in _values(text):
            if not isinstance(found, dict):
                raise Refusal(_("A JSON file is a list of objects, each with the same names"), field="file")
            yield {str(name): _text(value) for name, value in found.items()}
    except ValueError as error:
        raise Refusal(_("The file breaks off, or is no JSON; save it again"), field="file") from error
    finally:
        with suppress(ValueError):  # a file refused half-read may be closed by now
            text.detach()


def _values(text: IO[str]) -> Iterator[Any]:
    """Every value of a list. Raises: ValueError when the text is something else, or does not end as it should."""
    decoder, rest, is_first = json.JSONDecoder(), "", True
    while True:
        rest = _ahead(text, rest)
        if is_first:
            if rest[:1] != "[":
                raise Refusal(_("A JSON file is a list of objects, each with the same names"), field="file")
            rest = _ahead(text, rest[1:])
        elif rest[:1] == ",":
            rest = _ahead(text, rest[1:])
            if rest[:1] == "]":
                raise ValueError("a comma before the end")
        elif rest[:1] != "]":
            raise ValueError("no comma between two values")
        if rest[:1] == "]":
            if _ahead(text, rest[1:]):
                raise ValueError("something follows the list")
            return
        value, rest = _one(decoder, text, rest)
        is_first = False
        yield value


def _ahead(text: IO[str], rest: str) -> str:
    """What comes after white space; empty at the end of the file."""
    while not (rest := rest.lstrip()):
        rest = text.read(PIECE)
        if not rest:
            return ""
    return rest


def _one(decoder: json.JSONDecoder, text: IO[str], rest: str) -> tuple[Any, str]:
    """The value that begins here, and what follows it."""
    while True:
        try:
            value, end = decoder.raw_decode(rest)
        except ValueError:
            more = text.read(PIECE) if len(rest) < MOST_OF_ONE else ""
            if not more:
                raise
            rest += more
            continue
        return value, rest[end:]


def _text(value: Any) -> str:
    """A value as a cell: words and figures as they are, what holds more than one as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False)

"""Rows streamed into a table by PostgreSQL's COPY: memory holds one piece of them."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import psycopg2
from django.db import connection

from common.errors import Refusal

PIECE = 500  # lines


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write ``rows`` into ``columns`` of ``table``; a list of texts fills an array. Return how many there were.

    Raises: Refusal, when that is what broke the stream.
    """
    stream = LineStream(_line(row) for row in rows)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", stream)
        except psycopg2.Error as error:
            if stream.refusal:
                raise stream.refusal from error
            raise
        return cursor.rowcount


class LineStream(io.TextIOBase):
    """Lines as a file that COPY reads piece by piece."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""
        self.refusal: Refusal | None = None  # the driver would hide it in an error of its own

    def read(self, size: int | None = -1, /) -> str:
        size = -1 if size is None else size
        while len(self._rest) < size or size < 0:
            try:
                piece = "".join(islice(self._lines, PIECE))
            except Refusal as refusal:
                self.refusal = refusal
                raise
            if not piece:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _line(row: Sequence[Any]) -> str:
    """One row in COPY's text format."""
    cells = (_array(value) if isinstance(value, list) else str(value) for value in row)
    return "\t".join(map(_escaped, cells)) + "\n"


def _escaped(text: str) -> str:
    text = text.replace("\x00", "")  # PostgreSQL keeps no such character
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _array(texts: list[str]) -> str:
    quoted = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return "{" + ",".join(quoted) + "}"

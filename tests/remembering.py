"""Rows that every test of a kind begins with, made once by the services and put back as they were.

    @remembered
    def build() -> World: ...

The first call of a process makes them; each later one writes the very rows again, table by table, and hands out a
fresh copy of what was returned. Where somebody has been before (units or areas are there), it is made as ever.
"""

import json
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
WRITES = re.compile(r'(?:^|; )(?:INSERT INTO|UPDATE) "?(\w+)"?')
NEW = "SELECT NOT EXISTS (SELECT FROM staff_unit) AND NOT EXISTS (SELECT FROM customers_area)"
ROWS = "SELECT coalesce(json_agg(t), '[]') FROM {table} t"
PUT_BACK = "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s);"
# The first ids are taken again; those to come must not meet them, wherever the sequence has been set to meanwhile.
GO_ON = """
SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}) WHERE {last} > (SELECT last_value FROM {table}_id_seq);
"""


def remembered(build: Callable[[], T]) -> Callable[[], T]:
    """Make ``build`` quick from its second call on. It takes nothing and returns what can be pickled."""
    kept: list[tuple[bytes, str, list[str]]] = []

    @wraps(build)
    def again() -> T:
        if not _is_new():
            return build()
        if not kept:
            with _tables_written() as tables:
                made = build()
            kept.append((pickle.dumps(made), *_statements(tables)))
            return made
        copy, statements, rows = kept[0]
        with connection.cursor() as cursor:
            cursor.execute(statements, rows)
        return pickle.loads(copy)  # noqa: S301 - our own, of this process

    return again


def _is_new() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(NEW)
        return cursor.fetchone()[0]


@contextmanager
def _tables_written() -> Iterator[dict[str, None]]:
    """The tables that are written inside."""
    found: dict[str, None] = {}

    def see(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.update(dict.fromkeys(WRITES.findall(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield found


def _statements(tables: dict[str, None]) -> tuple[str, list[str]]:
    """What puts the rows of these tables back, in one go."""
    words, held = [], []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(ROWS.format(table=table))
            rows = cursor.fetchone()[0]
            words.append(PUT_BACK.format(table=table))
            held.append(json.dumps(rows))
            if rows and "id" in rows[0]:
                words.append(GO_ON.format(table=table, last=max(row["id"] for row in rows)))
    return " ".join(words), held

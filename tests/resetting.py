"""The database as it was, after a test that really committed.

Django empties every table and loads the reference data again (work days, rules), seconds a test. Here only tables whose
rows changed are put back, from copies kept in memory. Needs a superuser, which a private PostgreSQL's owner is; without
one Django's own way is used.
"""

import io
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'django_migrations' order by 1"
# xmin and ctid change with every insert and update, the count with every delete: enough to see that somebody wrote.
SIGNATURE = "select '{0}', count(*), coalesce(sum(hashtext(xmin::text || ctid::text)), 0) from \"{0}\""

Signature = tuple[int, int]


class Memory:
    """What the tables held when the tests began."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self.signatures: dict[str, Signature] = {}

    def remember(self) -> None:
        """Take the present state for the good one; an earlier run may have left rows, these go first."""
        with connection.cursor() as cursor:
            cursor.execute("select exists (select 1 from staff_unit)")
            (is_left_dirty,) = cursor.fetchone()
        if is_left_dirty:
            call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
        self.signatures = signatures()
        self.rows = {table: copy_out(table) for table, (count, _sum) in self.signatures.items() if count}

    def put_back(self) -> None:
        """Undo what a test committed. Triggers and foreign keys rest meanwhile: the state as a whole is a good one."""
        changed = [table for table, found in signatures().items() if found != self.signatures.get(table)]
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            try:
                for table in changed:
                    cursor.execute(f'delete from "{table}"')
                    if table in self.rows:
                        cursor.copy_expert(f'copy "{table}" from stdin', io.BytesIO(self.rows[table]))
            finally:
                cursor.execute("set session_replication_role = origin")
        self.signatures |= {table: found for table, found in signatures().items() if table in self.rows}


def signatures() -> dict[str, Signature]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        asked = " union all ".join(SIGNATURE.format(table) for (table,) in cursor.fetchall())
        cursor.execute(asked)
        return {table: (count, total) for table, count, total in cursor.fetchall()}


def copy_out(table: str) -> bytes:
    out = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f'copy "{table}" to stdout', out)
    return out.getvalue()


def install() -> None:
    """From now on tests that commit are undone the quick way."""
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        (is_superuser,) = cursor.fetchone()
    if not is_superuser:
        return
    memory = Memory()
    memory.remember()
    slow_way = TransactionTestCase._fixture_teardown

    def quick_way(self: Any) -> None:
        wants_more = self.serialized_rollback or self.available_apps is not None or len(self.databases) > 1
        slow_way(self) if wants_more else memory.put_back()

    TransactionTestCase._fixture_teardown = quick_way  # type: ignore[method-assign]

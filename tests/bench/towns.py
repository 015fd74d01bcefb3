"""Databases of a size, made once and kept: ``with town(1_000_000) as there: …`` works in the one with a million orders.

Several may be open in turn, so that a small and a large one are measured turn and turn about, under the same weather.
All are copies of the database the bench was started with, which must be migrated and empty.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from staff.choices import Role
from staff.models import Member, Unit
from tests.bench.city import build_city
from tests.bench.orders import build_orders
from tests.staff.factories import member

BASE = settings.DATABASES["default"]["NAME"]
CREW_MEMBERS = 5
DESKS = {Role.CLERK: 60, Role.DISPATCHER: 4, Role.SUPERVISOR: 2, Role.MANAGER: 1, Role.AUDITOR: 1}


@dataclass(frozen=True)
class Town:
    """A database with ``orders`` open orders; everything in it was due after ``built_at``, or fired before."""

    database: str
    orders: int
    built_at: datetime

    @property
    def url(self) -> str:
        """For another process."""
        return url_of(self.database)


def url_of(database: str) -> str:
    """Where a database of the bench is, for another process."""
    one = connection.settings_dict
    return f"postgres://{one['USER']}:{one['PASSWORD']}@{one['HOST']}:{one['PORT']}/{database}"


@contextmanager
def town(orders: int) -> Iterator[Town]:
    """Work in the database with this many open orders; a quarter as many again ended within four weeks."""
    made = _made(orders, orders // 4, 28)
    with inside(made.database):
        yield made


@contextmanager
def town_on_record(orders: int) -> Iterator[Town]:
    """Work in the database with this many orders of one year, of which a fiftieth are open: a week's work."""
    made = _made(orders // 50, orders - orders // 50, 365)
    with inside(made.database):
        yield made


@contextmanager
def copy_of_town(orders: int) -> Iterator[Town]:
    """A copy of a small town, gone afterwards: for what uses up its clocks, which a kept one has only once."""
    made = _made(orders, orders // 4, 28)
    copy = f"{made.database}_copy"
    _recreate(copy, of=made.database)
    try:
        yield replace(made, database=copy)
    finally:
        _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", copy)


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """An empty database of one's own, gone afterwards; gives its address for other processes."""
    database = f"{BASE}_{name}"
    _recreate(database)
    try:
        with inside(database):
            yield url_of(database)
    finally:
        _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


@contextmanager
def inside(database: str) -> Iterator[None]:
    """Every query goes to this database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@lru_cache
def _made(orders: int, ended: int, days: int) -> Town:
    database, half = f"{BASE}_{orders}_{ended}", f"{BASE}_half"
    if not _admin("SELECT 1 FROM pg_database WHERE datname = {}", database, literal=True):
        _recreate(half)
        with inside(half):
            build_city(max(2_000, (orders + ended) // 10))
            _people()
            build_orders(orders, ended=ended, days=days, now=timezone.now())
        _admin(f'ALTER DATABASE "{half}" RENAME TO {{}}', database)  # a build that was cut off is never taken for whole
    with inside(database), connection.cursor() as cursor:
        call_command("migrate", verbosity=0)  # it may be older than the code
        cursor.execute("SELECT at FROM workorders_heartbeat WHERE name = 'built'")
        return Town(database, orders, cursor.fetchone()[0])


def _recreate(database: str, *, of: str = BASE) -> None:
    connection.close()
    _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
    _admin(f'CREATE DATABASE {{}} TEMPLATE "{of}"', database)


def _admin(statement: str, name: str, *, literal: bool = False) -> list[tuple]:
    one = connection.settings_dict
    door = psycopg2.connect(
        host=one["HOST"], port=one["PORT"], user=one["USER"], password=one["PASSWORD"], dbname="postgres"
    )
    try:
        door.autocommit = True
        with door.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Literal(name) if literal else sql.Identifier(name)))
            return cursor.fetchall() if cursor.description else []
    finally:
        door.close()


def _people() -> None:
    """Five handlers in every crew, a lead in every station, the desks at the top."""
    top = Unit.get_root_nodes()[0]
    for role, number in DESKS.items():
        for n in range(number):
            member(f"B{role.upper()}{n}", f"{Role(role).label}{n}", unit=top, roles=[role])
    for unit in Unit.objects.filter(kind="station"):
        member(f"BLEAD{unit.pk}", f"所长{unit.pk}", unit=unit, roles=[Role.UNIT_LEAD])
    for unit in Unit.objects.filter(kind="crew"):
        for n in range(CREW_MEMBERS):
            member(f"BCREW{unit.pk}.{n}", f"师傅{unit.pk}{n}", unit=unit, roles=[Role.HANDLER])


def person(role: str) -> Member:
    """The first member of a role, as a login would load it."""
    return Member.objects.filter(grants__role=role).order_by("pk")[0]


def make_due(number: int, *, at: datetime) -> None:
    """Let ``number`` clocks that nobody waits for yet become due in the quarter of an hour before ``at``.

    Their whole ladder is moved with them, so each fires the rung it was to fire next.
    """
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, {"number": number, "at": at})
        assert cursor.rowcount == number, cursor.rowcount


MAKE_DUE = """
UPDATE workorders_clock c
SET fire_at = moved.at, due_at = c.due_at - moved.back, started_at = c.started_at - moved.back,
    warn_at = c.warn_at - moved.back, stages = (
        SELECT jsonb_agg(rung || jsonb_build_object('at', (rung->>'at')::timestamptz - moved.back) ORDER BY n)
        FROM jsonb_array_elements(c.stages) WITH ORDINALITY ladder(rung, n))
FROM (
    SELECT id, at, fire_at - at AS back
    FROM (SELECT DISTINCT ceil(random() * (SELECT max(id) FROM workorders_clock))::bigint AS id
          FROM generate_series(1, %(number)s * 8)) any_id
    JOIN workorders_clock USING (id)
    CROSS JOIN LATERAL (SELECT %(at)s::timestamptz - (id %% 900) * interval '1 second' AS at) then_
    WHERE fire_at > %(at)s::timestamptz + interval '1 hour' LIMIT %(number)s
) moved WHERE c.id = moved.id"""

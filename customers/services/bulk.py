"""Many customers at once: set-based, the same rows as one by one. For imports, the simulated city and benches."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction

from common.pinyin import spell
from customers.addresses import spaced
from customers.services import bulk_sql
from customers.services.indexing import refresh_search

CHUNK = 2000


@dataclass(kw_only=True)
class CustomerRow:
    """One customer with, optionally, a phone and a place. None means: not said (keeps what is on file).

    The values are clean: phones as digits, choices as codes, ``transformer`` the code of one that exists.
    """

    account_no: str
    name: str | None = None
    klass: str | None = None
    voltage: str | None = None
    importance: str | None = None
    key_account: str | None = None
    flags: list[str] | None = None
    language: str | None = None
    verified_on: date | None = None
    contact: str | None = None
    phone: str | None = None
    address: str | None = None
    door: str | None = None
    meter_no: str | None = None
    transformer: str | None = None
    pinyin: str | None = field(default=None, init=False)
    initials: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.name:
            self.pinyin, self.initials = spell(self.name)
        if self.address:
            self.address = spaced(self.address)


def bulk_create_customers(rows: Iterable[CustomerRow], *, now: datetime, chunk: int = CHUNK) -> int:
    """Create or update customers with contact and place, ``chunk`` rows per transaction; return how many rows.

    An account that exists is updated by what is said, a phone becomes the first one to call, a meter moves its place's
    data (never to another customer). Within one call an account stands once. Memory is that of one chunk.
    Locks: the customers of a chunk, in the order of their accounts. Idempotent: the same rows again change nothing.
    """
    done = 0
    for batch in batches(rows, chunk):
        with transaction.atomic():
            write_customers([as_dict(row) for row in batch], now=now)
        done += len(batch)
    return done


def write_customers(rows: list[dict], *, now: datetime) -> None:
    """One chunk of customers in the caller's transaction; ``rows`` as `CustomerRow` fields."""
    _run(rows, now, [bulk_sql.UPDATE_CUSTOMERS, bulk_sql.INSERT_CUSTOMERS, *bulk_sql.CONTACTS, *bulk_sql.PLACES])


def write_places(rows: list[dict], *, now: datetime) -> None:
    """One chunk of supply points of customers on file: account, address, door, meter, transformer."""
    _run(rows, now, bulk_sql.PLACES)


def _run(rows: list[dict], now: datetime, statements: Iterable[str]) -> None:
    data = {"rows": json.dumps(sorted(rows, key=lambda row: row["account_no"])), "now": now}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(bulk_sql.ROWS + statement, data)
        cursor.execute(
            "SELECT id FROM customers_customer WHERE account_no = ANY(%s)", [[row["account_no"] for row in rows]]
        )
        ids = [row[0] for row in cursor.fetchall()]
    refresh_search(ids)


def as_dict(row: CustomerRow) -> dict:
    """The row as JSON takes it."""
    values = dict(vars(row))
    if row.verified_on:
        values["verified_on"] = row.verified_on.isoformat()
    return values


def batches(rows: Iterable, size: int) -> Iterator[list]:
    """Lists of at most ``size``."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch

"""Keeping the search table: the one way keys are written."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from psycopg2.extras import execute_values

from customers.models import SearchEntry
from customers.models.search import SAMPLE
from customers.search import Facts, keys_of, lines_of

FACTS = """
    SELECT c.id, c.name, c.pinyin, c.initials, c.account_no,
           ARRAY(SELECT phone FROM customers_contact WHERE customer_id = c.id ORDER BY id),
           p.meters, p.addresses, p.doors, p.stations || p.crews
    FROM customers_customer c
    CROSS JOIN LATERAL (
        SELECT array_agg(s.meter_no ORDER BY s.id) AS meters, array_agg(s.address ORDER BY s.id) AS addresses,
               array_agg(s.door ORDER BY s.id) AS doors, array_agg(DISTINCT a.station_id) AS stations,
               array_agg(DISTINCT a.crew_id) AS crews
        FROM customers_supplypoint s
        JOIN customers_transformer t ON t.id = s.transformer_id JOIN customers_area a ON a.id = t.area_id
        WHERE s.customer_id = c.id
    ) p
    WHERE c.id = ANY(%s) ORDER BY c.id"""
WRITE = f"""
    INSERT INTO {SearchEntry._meta.db_table} (customer_id, keys, lines, is_sampled) VALUES %s
    ON CONFLICT (customer_id) DO UPDATE SET keys = EXCLUDED.keys, lines = EXCLUDED.lines
    WHERE customers_searchentry.lines <> EXCLUDED.lines OR customers_searchentry.keys <> EXCLUDED.keys"""  # noqa: S608
CHUNK = 2000


@transaction.atomic
def refresh_search(customer_ids: Iterable[int]) -> int:
    """File these customers anew under what they can be found by now; return how many were looked at.

    Every service that writes a customer, contact or supply point calls it in the same transaction. Two statements per
    2,000 customers. Idempotent.
    """
    done = 0
    for chunk in _chunks(sorted(set(customer_ids))):
        with connection.cursor() as cursor:
            cursor.execute(FACTS, [chunk])
            rows = [_entry(row) for row in cursor.fetchall()]
            execute_values(cursor.cursor, WRITE, rows, template="(%s, array_to_tsvector(%s), %s, %s)", page_size=500)
        done += len(rows)
    return done


def _entry(row: Sequence) -> tuple[int, list[str], str, bool]:
    pk, name, pinyin, initials, account_no, phones, meters, addresses, doors, units = row
    facts = Facts(
        name=name,
        pinyin=pinyin,
        initials=initials,
        account_no=account_no,
        phones=phones,
        meters=meters or (),
        places=list(zip(addresses or (), doors or (), strict=True)),
        units=[unit for unit in units or () if unit],
    )
    return pk, keys_of(facts), lines_of(facts), pk % SAMPLE == 0


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]

"""Keeping the search table: the one way keys are written."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from psycopg2.extras import execute_values

from customers.models import Customer, SearchEntry
from customers.models.search import SAMPLE
from customers.search import Facts, keys_of, lines_of
from staff.models import Unit

# Units: every station and crew that serves a place, and all above them but the company itself. Each table is gathered
# by customer once: looked up customer by customer, a chunk's places would be read as often as it has customers.
FACTS = """
    WITH place AS (
        SELECT s.customer_id, s.id, s.meter_no, s.address, s.door, t.area_id
        FROM customers_supplypoint s JOIN customers_transformer t ON t.id = s.transformer_id
        WHERE s.customer_id = ANY(%(ids)s)
    ), above AS (
        SELECT a.id AS area_id, u.id AS unit_id
        FROM customers_area a
        JOIN staff_unit own ON own.id IN (a.station_id, a.crew_id)
        JOIN generate_series(2 * %(step)s, 63 * %(step)s, %(step)s) AS deep ON deep <= length(own.path)
        JOIN staff_unit u ON u.path = left(own.path, deep)
        WHERE a.id IN (SELECT area_id FROM place)
    ), reached AS (
        SELECT customer_id, array_agg(phone ORDER BY id) AS phones FROM customers_contact
        WHERE customer_id = ANY(%(ids)s) GROUP BY customer_id
    ), supplied AS (
        SELECT customer_id, array_agg(meter_no ORDER BY id) AS meters,
            array_agg(ARRAY[address, door] ORDER BY id) AS doors
        FROM place GROUP BY customer_id
    ), served AS (
        SELECT customer_id, array_agg(DISTINCT unit_id) AS units
        FROM (SELECT DISTINCT customer_id, area_id FROM place) here JOIN above USING (area_id) GROUP BY customer_id
    )
    SELECT c.id, c.name, c.pinyin, c.initials, c.account_no,
           coalesce(phones, '{}'), coalesce(meters, '{}'), coalesce(doors, '{}'), coalesce(units, '{}')
    FROM customers_customer c
    LEFT JOIN reached ON reached.customer_id = c.id
    LEFT JOIN supplied ON supplied.customer_id = c.id
    LEFT JOIN served ON served.customer_id = c.id
    WHERE c.id = ANY(%(ids)s) ORDER BY c.id"""
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
            cursor.execute(FACTS, {"ids": chunk, "step": Unit.steplen})
            rows = [_entry(row) for row in cursor.fetchall()]
            execute_values(cursor.cursor, WRITE, rows, template="(%s, array_to_tsvector(%s), %s, %s)", page_size=500)
        done += len(rows)
    return done


def refresh_all() -> int:
    """File every customer anew, a chunk per transaction; return how many."""
    done, last = 0, 0
    while ids := list(Customer.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        done, last = done + refresh_search(ids), ids[-1]
    return done


def _entry(row: Sequence) -> tuple[int, list[str], str, bool]:
    pk, *values = row
    facts = Facts(*values)
    return pk, keys_of(facts), lines_of(facts), pk % SAMPLE == 0


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]

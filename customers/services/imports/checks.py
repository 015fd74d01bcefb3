"""What only the file as a whole, or the database, knows about staged rows. Set-based; each adds words to rows."""

from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

from customers.choices import ImportKind
from customers.models import ImportRun

MARK = """
    UPDATE customers_importrow r SET state = 'wrong', problems = r.problems || found.words
    FROM ({found}) AS found(id, words) WHERE r.id = found.id"""

# The same key twice in one file: the later row names the earlier.
TWICE = """
    SELECT id, %(words)s || ' ' || first_line FROM (
        SELECT id, line_no, first_value(line_no) OVER (PARTITION BY data->>%(key)s ORDER BY line_no) AS first_line
        FROM customers_importrow WHERE run_id = %(run)s AND coalesce(data->>%(key)s, '') <> ''
    ) AS seen WHERE line_no > first_line"""
NO_TRANSFORMER = """
    SELECT r.id, %(words)s || ' ' || (r.data->>'transformer') FROM customers_importrow r
    WHERE r.run_id = %(run)s AND r.data->>'transformer' IS NOT NULL
      AND NOT EXISTS (SELECT FROM customers_transformer t WHERE t.code = r.data->>'transformer')"""
NO_ACCOUNT = """
    SELECT r.id, %(words)s || ' ' || (r.data->>'account_no') FROM customers_importrow r
    WHERE r.run_id = %(run)s AND r.data->>'account_no' IS NOT NULL
      AND NOT EXISTS (SELECT FROM customers_customer c WHERE c.account_no = r.data->>'account_no')"""
METER_TAKEN = """
    SELECT r.id, %(words)s || ' ' || c.account_no FROM customers_importrow r
    JOIN customers_supplypoint s ON s.meter_no = r.data->>'meter_no' AND s.meter_no <> ''
    JOIN customers_customer c ON c.id = s.customer_id
    WHERE r.run_id = %(run)s AND c.account_no <> r.data->>'account_no'"""
NO_UNIT = """
    SELECT r.id, %(words)s || ' ' || (r.data->>%(key)s) FROM customers_importrow r
    WHERE r.run_id = %(run)s AND r.data->>%(key)s IS NOT NULL
      AND NOT EXISTS (SELECT FROM staff_unit u WHERE u.code = r.data->>%(key)s AND u.is_active)"""
# A new transformer needs a feeder and an area; a new feeder or area needs a name somewhere in the file.
NO_PARENT = """
    SELECT r.id, %(words)s FROM customers_importrow r
    WHERE r.run_id = %(run)s AND r.data->>%(key)s IS NULL
      AND NOT EXISTS (SELECT FROM customers_transformer t WHERE t.code = r.data->>'transformer')"""


def check_rows(run: ImportRun) -> None:
    """Mark what is wrong with staged rows; cleaned already, so keys are in one spelling."""
    for found, words, key in CHECKS[ImportKind(run.kind)]:
        with connection.cursor() as cursor:
            cursor.execute(MARK.format(found=found), {"run": run.pk, "words": str(words()), "key": key})


Check = tuple[str, Callable[[], str], str]
ACCOUNT_TWICE: Check = (TWICE, lambda: _("This account stands in the file already, in row"), "account_no")
METER_TWICE: Check = (TWICE, lambda: _("This meter stands in the file already, in row"), "meter_no")
TRANSFORMER_UNKNOWN: Check = (NO_TRANSFORMER, lambda: _("No transformer on file has the code"), "")
METER_ELSEWHERE: Check = (METER_TAKEN, lambda: _("This meter is on file for account"), "")
CHECKS: dict[ImportKind, list[Check]] = {
    ImportKind.CUSTOMERS: [ACCOUNT_TWICE, METER_TWICE, TRANSFORMER_UNKNOWN, METER_ELSEWHERE],
    ImportKind.SUPPLY_POINTS: [
        (NO_ACCOUNT, lambda: _("No customer on file has the account"), ""),
        METER_TWICE,
        TRANSFORMER_UNKNOWN,
        METER_ELSEWHERE,
    ],
    ImportKind.NETWORK: [
        (TWICE, lambda: _("This transformer stands in the file already, in row"), "transformer"),
        (NO_UNIT, lambda: _("No unit in use has the code"), "station"),
        (NO_UNIT, lambda: _("No unit in use has the code"), "crew"),
        (NO_PARENT, lambda: _("A new transformer needs its feeder."), "feeder"),
        (NO_PARENT, lambda: _("A new transformer needs its area."), "area"),
    ],
}

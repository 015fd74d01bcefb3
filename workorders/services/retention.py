"""Letting go of old timelines: never before the setting or under six months (standards H1), never of open orders."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

LEAST_DAYS = 180  # 网络安全法 Art. 21: logs are kept for six months at least
CHUNK = 5_000

PURGE = """
DELETE FROM workorders_event WHERE id IN (
    SELECT e.id FROM workorders_event e JOIN workorders_workorder o ON o.id = e.order_id
    WHERE o.closed_at < %s AND e.at < %s AND e.supersedes_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM workorders_event s WHERE s.supersedes_id = e.id)
    LIMIT %s)
"""


def purge_events(*, now: datetime, days: int | None = None) -> int:
    """Delete timeline rows of orders that ended longer ago than the setting; returns how many.

    The order, its clocks, alarms and result stay: figures of the past do not change. Corrected rows stay with their
    corrections. Raises: ValueError below 180 days. Locks: what it deletes, in chunks of their own transactions.
    """
    days = settings.RETENTION_DAYS if days is None else days
    if days < LEAST_DAYS:
        raise ValueError(f"events are kept for at least {LEAST_DAYS} days, not {days}")
    before, gone = now - timedelta(days=days), 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL denghuo.retention = 'on'")
            cursor.execute(PURGE, [before, before, CHUNK])
            gone += cursor.rowcount
            if cursor.rowcount < CHUNK:
                return gone

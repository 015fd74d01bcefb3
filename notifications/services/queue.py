"""The outbox as a queue: taking a batch, putting back, writing down what became of it. The sender's SQL."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from notifications import kinds
from notifications.choices import Channel, Reason
from notifications.models import Message

LOCK = "FOR UPDATE SKIP LOCKED"  # a name, so that a test can take it away and show the race
BEAT_EVERY_S = 5

# Urgent ones first, as a range of its own, so neither range ever reads rows that are not due.
CLAIM = """
WITH first AS (
    SELECT id FROM notifications_message
    WHERE state IN ('queued', 'retry') AND channel = %(channel)s AND urgent AND not_before <= %(now)s
    ORDER BY not_before LIMIT %(limit)s {lock}
), rest AS (
    SELECT id FROM notifications_message
    WHERE state IN ('queued', 'retry') AND channel = %(channel)s AND NOT urgent AND not_before <= %(now)s
    ORDER BY not_before LIMIT %(limit)s - (SELECT count(*) FROM first) {lock}
)
UPDATE notifications_message SET state = 'in_flight', lease_until = %(lease)s, attempts = attempts + 1
WHERE id IN (SELECT id FROM first UNION ALL SELECT id FROM rest)
RETURNING *
"""

# A success is a fact, whoever reports it. A failure speaks only for its own attempt: the lease must still be its own.
RECORD = """
UPDATE notifications_message AS message
SET state = done.state, lease_until = NULL, subject = done.subject, body = done.body, reason = done.reason,
    error = done.error, provider_id = done.provider_id, sent_at = done.sent_at,
    not_before = COALESCE(done.not_before, message.not_before)
FROM json_to_recordset(%(rows)s) AS done(
    id bigint, state text, subject text, body text, reason text, error text, provider_id text,
    sent_at timestamptz, not_before timestamptz)
WHERE message.id = done.id
  AND (message.lease_until = %(lease)s OR (done.state = 'sent' AND message.state <> 'sent'))
"""

RETURN_EXPIRED = """
UPDATE notifications_message
SET state = CASE WHEN attempts >= %(most)s THEN 'failed' ELSE 'retry' END, lease_until = NULL, reason = %(reason)s,
    error = '', not_before = %(now)s
WHERE id IN (
    SELECT id FROM notifications_message WHERE state = 'in_flight' AND lease_until <= %(now)s {lock})
"""

POSTPONE = """
UPDATE notifications_message SET not_before = %(until)s
WHERE id IN (
    SELECT id FROM notifications_message
    WHERE state IN ('queued', 'retry') AND channel IN ('email', 'sms') AND NOT urgent AND not_before <= %(now)s
      AND kind = ANY(%(kinds)s) {lock})
"""

BEAT = """
INSERT INTO notifications_senderheartbeat (id, beat_at) VALUES (1, %(now)s)
ON CONFLICT (id) DO UPDATE SET beat_at = EXCLUDED.beat_at
WHERE notifications_senderheartbeat.beat_at < EXCLUDED.beat_at - make_interval(secs => %(every)s)
"""


def claim(*, channel: Channel | str, limit: int, lease_until: datetime, now: datetime) -> list[Message]:
    """Take up to ``limit`` due messages of a channel, urgent ones first; committed before anything is sent.

    Locks: the claimed rows (SKIP LOCKED). Raises: RuntimeError inside a transaction: a lease must be seen by others.
    """
    params = {"channel": str(channel), "now": now, "limit": limit, "lease": lease_until}
    with transaction.atomic(durable=True):
        taken = list(Message.objects.raw(CLAIM.format(lock=LOCK), params))
    return sorted(taken, key=lambda message: (not message.urgent, message.id))


def record(rows: Sequence[dict[str, Any]], *, lease_until: datetime) -> int:
    """Write down what became of a claimed batch; return how many rows took it. Idempotent."""
    payload = json.dumps(rows, ensure_ascii=False, cls=DjangoJSONEncoder).replace("\\u0000", "")
    return _run(RECORD, {"rows": payload, "lease": lease_until})


def put_back_expired(*, most_attempts: int, now: datetime) -> int:
    """Messages of senders that died wait again; those that were tried too often fail. Locks: SKIP LOCKED."""
    return _run(RETURN_EXPIRED, {"most": most_attempts, "reason": Reason.SENDER_DIED.value, "now": now})


def postpone_customers(*, until: datetime, now: datetime) -> int:
    """What is due to customers in quiet hours waits for their end. Locks: SKIP LOCKED."""
    return _run(POSTPONE, {"until": until, "now": now, "kinds": kinds.to_customers()})


def beat(*, now: datetime) -> None:
    """Leave a sign of life, at most one write every few seconds however many senders there are."""
    _run(BEAT, {"now": now, "every": BEAT_EVERY_S})


def _run(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{lock}", LOCK), params)
        return cursor.rowcount

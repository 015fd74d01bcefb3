"""Telling very many people at once: rows of the outbox written by the database from a list it has.

One ``INSERT … SELECT`` a page of the list, never a loop over people. Like every message, each carries a dedupe key, so
a page that is written again after a crash tells nobody twice.
"""

from typing import Any

from django.db import connection

from notifications.choices import MessageState, Reason
from notifications.services.nudging import nudge_on_commit

INSERT = """
INSERT INTO notifications_message
    (address, channel, language, kind, data, dedupe_key, urgent, about, not_before, created_at)
SELECT chosen.address, chosen.channel, chosen.language, %(kind)s, {data},
    %(key)s || ':' || chosen.channel || ':' || chosen.address, %(urgent)s, %(about)s, %(not_before)s, %(now)s
FROM ({recipients}) chosen
ORDER BY chosen.address
ON CONFLICT (dedupe_key) DO NOTHING
"""

OVERTAKE = """
UPDATE notifications_message SET state = %(withheld)s, reason = %(reason)s
WHERE about = %(about)s AND state = %(queued)s AND kind = ANY(%(kinds)s)
"""


def enqueue_selected(recipients: str, params: dict[str, Any], *, own: bool = False) -> int:
    """Write one message for each (address, channel) that ``recipients`` selects; return how many are new.

    ``recipients`` is SQL of the calling room with columns address, channel, language; with ``own`` also a jsonb column
    of that name, values that only this recipient reads. ``params``: its own, and ``kind data key urgent about
    not_before now`` of the message (``data`` as JSON text). Idempotent: by ``key``, channel and address. Works inside
    the caller's transaction; after its commit a sender is nudged.
    """
    data = "%(data)s::jsonb || chosen.own" if own else "%(data)s::jsonb"
    with connection.cursor() as cursor:
        cursor.execute(INSERT.replace("{recipients}", recipients).replace("{data}", data), params)
        new = cursor.rowcount
    if new and params["not_before"] <= params["now"]:
        nudge_on_commit()
    return new


def overtake(*, about: str, kinds: list[str]) -> int:
    """Hold back what still waits about ``about``: newer news says more. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            OVERTAKE,
            {
                "about": about,
                "kinds": kinds,
                "withheld": MessageState.WITHHELD,
                "queued": MessageState.QUEUED,
                "reason": Reason.OVERTAKEN,
            },
        )
        return cursor.rowcount

"""How far the telling has got."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection

from notifications.choices import MessageState
from outages.models import Notice, Outage

FARES = """
SELECT split_part(dedupe_key, ':', 2)::bigint, state, count(*) FROM notifications_message
WHERE about = %s AND dedupe_key LIKE 'outage:%%' GROUP BY 1, 2
"""


@dataclass(frozen=True)
class NoticeFare:
    """A notice and how its messages fare."""

    notice: Notice
    sent: int
    waiting: int
    failed: int
    withheld: int


def notice_fares(outage: Outage) -> list[NoticeFare]:
    """Every notice of an outage, the newest first; two queries."""
    notices = list(Notice.objects.filter(outage=outage))
    if not notices:
        return []
    states: dict[int, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FARES, [outage.code])
        for notice_id, state, number in cursor.fetchall():
            states.setdefault(notice_id, Counter())[state] = number
    return [_fare(notice, states.get(notice.pk, Counter())) for notice in notices]


def _fare(notice: Notice, states: "Counter[str]") -> NoticeFare:
    waiting = states[MessageState.QUEUED] + states[MessageState.IN_FLIGHT] + states[MessageState.RETRY]
    return NoticeFare(
        notice, states[MessageState.SENT], waiting, states[MessageState.FAILED], states[MessageState.WITHHELD]
    )

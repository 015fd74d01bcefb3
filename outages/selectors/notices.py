"""How far the telling has got."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from notifications.choices import MessageState
from outages.models import Call, CallResult, Notice, Outage
from outages.services.reach_sql import COUNT_MISSED

FARES = """
SELECT split_part(dedupe_key, ':', 2)::bigint, state, count(*) FROM notifications_message
WHERE about = %s AND dedupe_key LIKE 'outage:%%' GROUP BY 1, 2
"""


@dataclass(frozen=True)
class NoticeFare:
    """A notice and how its messages and calls fare."""

    notice: Notice
    sent: int
    waiting: int
    failed: int
    withheld: int
    to_call: int
    reached: int  # by a call


def notice_fares(outage: Outage) -> list[NoticeFare]:
    """Every notice of an outage, the newest first; three queries."""
    notices = list(Notice.objects.filter(outage=outage))
    if not notices:
        return []
    states: dict[int, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FARES, [outage.code])
        for notice_id, state, number in cursor.fetchall():
            states.setdefault(notice_id, Counter())[state] = number
    calls = _calls(outage)
    return [_fare(notice, states.get(notice.pk, Counter()), calls.get(notice.pk, Counter())) for notice in notices]


def missed(notice: Notice) -> int:
    """How many customers neither a message nor the call list of this notice has yet, because a message failed."""
    outage = notice.outage
    params: dict[str, Any] = {"about": outage.code, "key": f"outage:{notice.pk}", "notice": notice.pk}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_MISSED, params | {"outage": outage.pk})
        return cursor.fetchone()[0]


def _calls(outage: Outage) -> dict[int, Counter[str]]:
    """How many of each notice are to be called, by what came of it; “” nobody has called yet."""
    found: dict[int, Counter[str]] = {}
    rows = Call.objects.filter(notice__outage=outage).order_by().values_list("notice", "result")
    for notice_id, result, number in rows.annotate(n=Count("pk")):
        found.setdefault(notice_id, Counter())[result] = number
    return found


def _fare(notice: Notice, states: "Counter[str]", calls: "Counter[str]") -> NoticeFare:
    waiting = states[MessageState.QUEUED] + states[MessageState.IN_FLIGHT] + states[MessageState.RETRY]
    return NoticeFare(
        notice,
        sent=states[MessageState.SENT],
        waiting=waiting,
        failed=states[MessageState.FAILED],
        withheld=states[MessageState.WITHHELD],
        to_call=calls[""] + calls[CallResult.NO_ANSWER],
        reached=calls[CallResult.REACHED],
    )

"""Telling everybody an outage concerns: each household once per change, exactly those who were told before.

A notice is written in the transaction of the change it tells of (`owe`), and spread afterwards (`spread`): first to
those who heard earlier news of this outage, by the way they heard it, then, where the list matters, to everybody in the
frozen list, then to whoever asked to hear of it (`outages.services.followers`). Each page of any is one transaction
that also moves the notice's place, so a spreader that is killed goes on where it stopped and nobody hears it twice.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from notifications.services.bulk import enqueue_selected, overtake
from notifications.services.quiet_hours import quiet_now
from outages.choices import Verb
from outages.messages import KINDS
from outages.models import Notice, NoticeKind, Outage, OutageEvent
from outages.services.call_list import list_again, list_unreached
from outages.services.followers import tell_followers

log = logging.getLogger(__name__)
PAGE = 50_000
K = NoticeKind
TELLS: Mapping[str, NoticeKind] = {
    Verb.PUBLISH: K.ANNOUNCED,
    Verb.BEGIN: K.OFF,
    Verb.EDIT: K.CHANGED,
    Verb.ESTIMATE: K.ESTIMATE,
    Verb.RESTORE: K.BACK,
    Verb.POSTPONE: K.POSTPONED,
    Verb.CANCEL: K.CANCELLED,
}
TO_THE_LIST = frozenset({K.ANNOUNCED, K.OFF, K.CHANGED})  # the others concern those alone who were told before
AFTER_ALL = frozenset({K.BACK, K.CANCELLED})  # who never heard of it need not hear that it is over

EARLIER_PAGE = """
SELECT count(*), max(id) FROM (
    SELECT id FROM notifications_message WHERE about = %(about)s AND id > %(after)s ORDER BY id LIMIT %(page)s
) page
"""
EARLIER = """
SELECT address, channel, language FROM notifications_message
WHERE about = %(about)s AND id > %(after)s AND id <= %(last)s AND kind = ANY(%(kinds)s) AND address <> ''
    AND NOT starts_with(dedupe_key, %(key)s || ':') AND NOT data ? 'stop'
    AND NOT (state = 'withheld' AND (%(after_all)s OR reason <> 'overtaken'))
"""
LIST_PAGE = """
SELECT count(*), max(customer_id), count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM customers_contact c WHERE c.customer_id = page.customer_id AND c.is_primary AND c.phone ~ %(mobile)s))
FROM (
    SELECT DISTINCT customer_id FROM outages_affected WHERE version_id = %(version)s AND customer_id > %(after)s
    ORDER BY customer_id LIMIT %(page)s
) page
"""
LISTED = """
SELECT c.phone AS address, 'sms' AS channel, p.language
FROM (
    SELECT DISTINCT customer_id FROM outages_affected
    WHERE version_id = %(version)s AND customer_id > %(after)s AND customer_id <= %(last)s
) a JOIN customers_customer p ON p.id = a.customer_id
JOIN customers_contact c ON c.customer_id = p.id AND c.is_primary AND c.phone ~ %(mobile)s
"""
MOBILE = "^1[0-9]{10}$"


def owe(outage: Outage, event: OutageEvent) -> Notice | None:
    """Write down that this change is to be told, in its transaction; None when it concerns nobody outside."""
    kind = TELLS.get(event.verb)
    if kind is None or outage.published_at is None or (kind == K.OFF and outage.is_ahead):
        return None
    if kind == K.CHANGED and not event.data.get("told"):  # only our record was filled in
        return None
    version = outage.versions.filter(number=outage.version).first()
    return Notice.objects.create(
        outage=outage, event=event, version=version, kind=kind, data=said_of(kind, outage, event.text),
        at=event.recorded_at,
        listed=0 if kind in TO_THE_LIST else None,
    )  # fmt: skip


def spread(*, notice_id: int, now: datetime, page: int = PAGE) -> int:
    """Write the messages of a notice, as far as they are not written; return how many are new.

    Earlier news of the same outage goes first, so that who is told now is told of what comes after it.
    Locks: the notice, one page per transaction; another spreader of the same notice waits and finds less to do.
    Idempotent: by notice, channel and address.
    """
    total = sum(spread(notice_id=pk, now=now, page=page) for pk in _before(notice_id))
    while True:
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("outage").get(pk=notice_id)
            if notice.done_at:
                return total
            new = _next_page(notice, now, page)
            if notice.earlier is None and notice.listed is None and notice.followed is None:
                notice.done_at = now
            notice.queued += new
            notice.save(update_fields=["earlier", "listed", "followed", "queued", "unreached", "done_at"])
        total += new


def _before(notice_id: int) -> list[int]:
    """Notices of the same outage that came before this one and are not done."""
    outage = Notice.objects.filter(pk=notice_id).values("outage")
    older = Notice.objects.filter(outage__in=outage, pk__lt=notice_id, done_at__isnull=True)
    return list(older.order_by("pk").values_list("pk", flat=True))


def spread_waiting(*, now: datetime) -> int:
    """Spread every notice that is not done, the oldest first; what beat asks for in case nobody was woken."""
    waiting = Notice.objects.filter(done_at__isnull=True).order_by("id").values_list("pk", flat=True)
    return sum(spread(notice_id=pk, now=now) for pk in waiting)


def _next_page(notice: Notice, now: datetime, page: int) -> int:
    """One page of those told before, of the list, or of those who asked; moves the notice's place. Returns how many
    messages are new."""
    about = notice.outage.code
    if notice.earlier == 0:
        overtake(about=about, kinds=KINDS)
    params: dict[str, Any] = {
        "about": about,
        "page": page,
        "kinds": KINDS,
        "after_all": notice.kind in AFTER_ALL,
        "version": notice.version_id,
        "mobile": MOBILE,
        "kind": notice.data["kind"],
        "data": json.dumps(notice.data["says"], ensure_ascii=False),
        "key": f"outage:{notice.pk}",
        "urgent": False,
        "not_before": quiet_now(now=now) or now,
        "now": now,
    }
    if notice.earlier == 0:
        list_again(notice, params)
    if notice.earlier is not None:
        count, last = _bounds(EARLIER_PAGE, params | {"after": notice.earlier})
        new = enqueue_selected(EARLIER, params | {"after": notice.earlier, "last": last}) if count else 0
        notice.earlier = last if count == page else None
        return new
    if notice.listed is None:
        return tell_followers(notice, params)
    count, last, unreached = _bounds(LIST_PAGE, params | {"after": notice.listed})
    here = params | {"after": notice.listed, "last": last}
    new = enqueue_selected(LISTED, here) if count else 0
    if unreached:
        list_unreached(notice, here)
    notice.unreached += unreached
    notice.listed = last if count == page else None
    return new


def _bounds(sql: str, params: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def said_of(kind: NoticeKind, outage: Outage, reason: str) -> dict[str, Any]:
    """The kind of message and its values; instants are put into words when it is sent."""
    times = {
        "starts": outage.starts_at, "ends": outage.ends_at, "began": outage.began_at, "back": outage.expected_at,
        "news": outage.next_news_at,
    }  # fmt: skip
    says: dict[str, Any] = {name: {"at": at.isoformat()} for name, at in times.items() if at}
    url = settings.SITE_URL + reverse("outages:public_one", args=[outage.code])
    says |= {"place": outage.place, "reason": reason or outage.reason, "url": url}
    return {"kind": f"outage_{kind}{_turn(kind, outage)}", "says": says}


def _turn(kind: NoticeKind, outage: Outage) -> str:
    if kind in (K.OFF, K.ESTIMATE) and outage.expected_at is None:
        return "_unknown"
    return "_open" if kind == K.POSTPONED and outage.starts_at is None else ""

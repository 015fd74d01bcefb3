"""Hearing of outages without a login: asked for, confirmed by a code sent to the number, ended by a link.

Whether an account exists is never said: a subscription to one that does not is made, confirmed and ended like any
other, and nothing is ever told for it.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.errors import Refusal
from customers.models import Area
from notifications.services.outbox import Note, enqueue
from outages.messages import CODE
from outages.models import Subscription
from outages.services.restraint import CODES, REQUESTS, restrain
from workorders.services.telling import takes_sms

HOLDS = timedelta(minutes=15)  # a code
WRONG = 5  # tries at one code
UNCONFIRMED = timedelta(days=1)  # then what nobody confirmed is forgotten


def subscribe(
    *, phone: str, area: Area | None, account_no: str, consent: str, client: str, now: datetime, request_id: UUID
) -> Subscription:
    """Write down that this number wants to hear of an area or an account, and send it a code.

    Asked again, the same row gets a new code; what is confirmed stays as it is, whoever asks. Raises: `Refusal` when
    it takes no SMS, or when this client or this number asked too often. Idempotent: by ``request_id``.
    """
    if not takes_sms(phone):
        raise Refusal(_("We send messages to mobile numbers only."), field="phone")
    code = f"{secrets.randbelow(1_000_000):06d}"
    fresh = {"code_hash": _hash(code), "code_until": now + HOLDS, "code_tries": 0, "request_id": request_id}
    words = {"language": get_language(), "consent": consent, "consented_at": now}
    with transaction.atomic():
        if known := Subscription.objects.filter(request_id=request_id).first():
            return known
        restrain("subscribe", who=client, most=REQUESTS, now=now)
        restrain("code", who=phone, most=CODES, now=now, field="phone")
        row, is_new = Subscription.objects.select_for_update(of=("self",)).get_or_create(
            phone=phone, area=area, account_no=account_no, defaults=fresh | words
        )
        if not is_new and row.request_id != request_id:
            _begin_anew(row, fresh if row.is_active else fresh | words | {"confirmed_at": None, "ended_at": None})
            is_new = True
        if is_new:
            enqueue([_letter(row, code)], now=now)
    return row


def _begin_anew(row: Subscription, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _letter(row: Subscription, code: str) -> Note:
    return Note(
        kind=CODE,
        data={"code": code, "minutes": int(HOLDS.total_seconds() // 60)},
        about="",
        dedupe_key=f"outage-code:{row.request_id}",
        channel="sms",
        address=row.phone,
        language=row.language,
        urgent=True,  # they are waiting for it
    )


def confirm(*, handle: UUID, code: str, now: datetime) -> Subscription:
    """It holds from now on. Raises: `Refusal`, the same for a wrong, an old and a used-up code.

    Locks: the subscription. Idempotent: the same code says the same until it is too old.
    """
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(handle=handle)
        is_right = constant_time_compare(row.code_hash, _hash(code))
        is_open = now < row.code_until and row.code_tries < WRONG and not row.ended_at
        if is_right and is_open:
            if not row.confirmed_at:
                row.confirmed_at = now
                row.save(update_fields=["confirmed_at"])
            return row
        row.code_tries = min(row.code_tries + 1, WRONG)
        row.save(update_fields=["code_tries"])
    raise Refusal(_("This code is wrong or too old. Look at the latest message, or ask for a new code."), field="code")


def stop(*, token: str, now: datetime) -> Subscription:
    """No more messages and no calendar. Idempotent: ended is ended."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(token=token)
        if row.is_active:
            row.ended_at = now
            row.save(update_fields=["ended_at"])
    return row


def forget_unconfirmed(*, now: datetime) -> int:
    """Let go of what nobody confirmed within a day; return how many."""
    old = Subscription.objects.filter(confirmed_at__isnull=True, consented_at__lt=now - UNCONFIRMED)
    return old.delete()[0]


def _hash(code: str) -> str:
    return salted_hmac("outages.subscription", code, algorithm="sha256").hexdigest()

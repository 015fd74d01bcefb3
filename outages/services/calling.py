"""Reaching those whom no message reaches: another number on their file first, then a call by a person.

A file has no e-mail address, so the other way after a failed message is another number of the same customer.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.models import Customer
from notifications.services.bulk import enqueue_selected
from notifications.services.quiet_hours import quiet_now
from outages.models import Call, CallReason, CallResult, CallTry, Notice, Outage
from outages.policies import can_call, can_retry
from outages.selectors.calls import is_at_risk, latest_notice
from outages.services.call_list import run
from outages.services.reach_sql import NEXT_NUMBER, TO_CALL
from staff.models import Member


@dataclass(frozen=True)
class Retried:
    """What a retry came to."""

    messages: int
    calls: int


def retry_failed(*, code: str, actor: Member, now: datetime) -> Retried:
    """Tell those whose message of the latest notice failed at another number on their file; who has none is called.

    Raises: `Denied`; `Refusal` when nobody was told yet. Locks: the notice.
    Idempotent: messages by notice and number, calls by notice and customer.
    """
    outage = Outage.objects.select_related("unit").get(code=code)
    require(can_retry(actor, outage))
    with transaction.atomic():
        notice = latest_notice(outage, lock=True)
        if notice is None:
            raise Refusal(_("Nobody has been told yet."))
        key = f"outage:{notice.pk}"
        params = {
            "about": code, "key": key, "notice": notice.pk, "outage": outage.pk, "why": CallReason.FAILED,
            "now": now, "urgent": False,
            "kind": notice.data["kind"], "data": json.dumps(notice.data["says"], ensure_ascii=False),
            "not_before": quiet_now(now=now) or now,
        }  # fmt: skip
        made = Retried(calls=run(TO_CALL, params), messages=enqueue_selected(NEXT_NUMBER, params))
        notice.queued += made.messages
        notice.save(update_fields=["queued"])
    return made


def record_call(
    *, code: str, customer: Customer, result: str, text: str, actor: Member, now: datetime, request_id: UUID
) -> Call:
    """What came of calling this customer about the latest notice.

    Whoever has a promise at risk joins the list by being called. Raises: `Denied`; `Refusal` when they are not to be
    called, or have been reached already. Locks: the notice, so two callers of one customer are told of each other.
    Idempotent: by ``request_id``.
    """
    require(can_call(actor))
    outage = Outage.objects.get(code=code)
    with transaction.atomic():
        notice = latest_notice(outage, lock=True)
        known = CallTry.objects.filter(request_id=request_id).select_related("call").first()
        if known:
            return known.call
        call = _call_of(notice, outage, customer, now)
        if call.result == CallResult.REACHED and call.tried_by:
            raise Refusal(_("%(name)s has reached them already.") % {"name": call.tried_by.name}, field="result")
        CallTry.objects.create(call=call, result=result, text=text.strip(), at=now, actor=actor, request_id=request_id)
        call.result, call.tried_at, call.tried_by = result, now, actor
        call.save(update_fields=["result", "tried_at", "tried_by"])
    return call


def _call_of(notice: Notice | None, outage: Outage, customer: Customer, now: datetime) -> Call:
    if notice is None:
        raise Refusal(_("Nobody has been told yet."))
    call = Call.objects.filter(notice=notice, customer=customer).select_related("tried_by").first()
    if call:
        return call
    if not is_at_risk(outage, customer, now):
        raise Refusal(_("They are not on the call list."))
    return Call.objects.create(notice=notice, customer=customer, why=CallReason.AT_RISK, added_at=now)

"""A caller whose place is in a known outage: put to it instead of opening an order that says the same."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.models import Customer, SupplyPoint
from notifications.services.outbox import Note, enqueue
from outages.models import NoticeKind, Outage, Report
from outages.selectors.places import touching
from outages.services.telling import said_of
from staff.models import Member
from workorders.policies import can_receive
from workorders.services.telling import takes_sms


def attach(
    *, code: str, customer: Customer | None, point: SupplyPoint, phone: str, text: str, actor: Member, now: datetime,
    request_id: UUID | None,
) -> Report:  # fmt: skip
    """Count this caller with the outage; a mobile number is told what is known, and everything that comes of it.

    Raises: `Denied`; `Refusal` when the place is not, or not any more, without power by this outage.
    Idempotent: by ``request_id``.
    """
    require(can_receive(actor))
    with transaction.atomic():
        known = Report.objects.filter(request_id=request_id).first() if request_id else None
        if known:
            return known
        outage = Outage.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        here = touching([point], now).get(point.pk)
        if here is None or here.pk != outage.pk or not outage.is_off:
            raise Refusal(_("This place is not, or not any more, without power by this outage. Open an order for it."))
        report = Report.objects.create(
            outage=outage, customer=customer, supply_point=point, phone=phone, text=text, at=now, actor=actor,
            request_id=request_id,
        )  # fmt: skip
        if takes_sms(phone):
            enqueue([_told(report, customer)], now=now)
    return report


def _told(report: Report, customer: Customer | None) -> Note:
    said = said_of(NoticeKind.OFF, report.outage, "")
    return Note(
        kind=said["kind"],
        data=said["says"],
        about=report.outage.code,
        dedupe_key=f"outage-report:{report.pk}",
        channel="sms",
        address=report.phone,
        language=(customer.language if customer else "") or settings.LANGUAGE_CODE,
        urgent=True,  # they have just called: nobody is woken
    )

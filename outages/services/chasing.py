"""Going to those who have not taken their written notice in time (req 52)."""

import logging
from datetime import datetime, timedelta
from uuid import uuid5

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.errors import Refusal
from customers.choices import Secrecy
from customers.models import Customer
from outages.choices import State
from outages.models import Outage, WrittenNotice
from outages.selectors.written import station_of
from outages.services.owing import OURS
from workorders.services.tasking import Task, open_task

log = logging.getLogger(__name__)
GO_AT_LEAST = timedelta(hours=1)  # a crew that is sent after the beginning has this long


def chase(*, now: datetime) -> int:
    """Have everybody gone to who has not taken the notice in time; returns how many orders were opened.

    One that cannot be opened stops none of the others. Idempotent: a notice has one such order.
    Locks: the outage, one notice at a time.
    """
    late = WrittenNotice.objects.filter(
        is_open=True, handed_at__isnull=True, order__isnull=True, outage__state=State.PUBLISHED,
        outage__written_order__due_by__lte=now,
    )  # fmt: skip
    opened = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        try:
            opened += _go_there(pk, now)
        except Refusal as refusal:
            log.warning("notice.not_gone_to", extra={"notice": pk, "why": str(refusal.message)})
    return opened


def _go_there(pk: int, now: datetime) -> int:
    with transaction.atomic():
        Outage.objects.select_for_update(of=("self",), no_key=True).get(written=pk)  # as every act on it does
        rows = WrittenNotice.objects.select_related(
            "outage__unit", "customer", "supply_point__transformer__area__station"
        )
        notice = rows.filter(pk=pk, is_open=True, handed_at__isnull=True, order__isnull=True).first()
        if notice is None or notice.outage.state != State.PUBLISHED:
            return 0
        task = _going(notice, now)
        notice.order = open_task(task=task, now=now, request_id=uuid5(OURS, f"written/{notice.pk}"))
        notice.save(update_fields=["order"])
    return 1


def _going(notice: WrittenNotice, now: datetime) -> Task:
    outage = notice.outage
    with translation.override(settings.LANGUAGE_CODE):
        return Task(
            subject=_("Go there with the notice: %(name)s") % {"name": _called(notice.customer, now)},
            description=_("The outage “%(place)s” is announced and nobody has signed for the written notice.")
            % {"place": outage.place},
            unit=station_of(notice) or outage.unit,
            due_by=max(outage.starts_at or now, now + GO_AT_LEAST),
            customer=notice.customer,
            supply_point=notice.supply_point,
        )


def _called(customer: Customer, now: datetime) -> str:
    """A secret file goes by its number in messages and on boards."""
    return customer.name if customer.secrecy_on(localdate(now)) == Secrecy.NONE else customer.account_no

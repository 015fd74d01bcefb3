"""What reaches people, put together for pages: what callers say, and whose promise stands to be broken."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from common.calendars import company_calendar
from notifications.choices import Channel
from notifications.services.rendering import NoText, Text, render, texts_in_force
from outages.choices import OF_ONE
from outages.models import Call, Outage
from outages.policies import can_call, can_post, can_retry
from outages.selectors.calls import at_risk_for, called_about, latest_notice
from outages.selectors.notices import NoticeFare, missed, notice_fares
from outages.selectors.postings import Postings, postings_of
from staff.models import Member
from workorders.addresses import order_url
from workorders.models import WorkOrder
from workorders.presentation import promise_of
from workorders.promise import PromiseView


@dataclass(frozen=True)
class AtRisk:
    """An order whose promise falls due while the power is off, and what came of calling about it."""

    order: WorkOrder
    promise: PromiseView
    url: str
    call: Call | None


def at_risk_rows(outage: Outage, actor: Member, now: datetime) -> list[AtRisk]:
    """The tightest first; a constant number of queries."""
    orders = at_risk_for(actor, outage, now)
    if not orders:
        return []
    made = called_about(latest_notice(outage), [customer.pk for _order, customer in orders])
    calendar = company_calendar()
    return [
        AtRisk(
            order=order,
            promise=promise_of(order.promise_clock, now=now, calendar=calendar, href=order_url(order.code)),
            url=reverse("outages:call", args=[outage.code, customer.account_no]),
            call=made.get(customer.pk),
        )
        for order, customer in orders
    ]


@dataclass
class Reaching:
    """How one outage reaches people, as its page shows it to one person."""

    outage: Outage
    actor: Member
    now: datetime

    @cached_property
    def fares(self) -> list[NoticeFare]:
        return notice_fares(self.outage)

    @cached_property
    def postings(self) -> Postings:
        return postings_of(self.outage)

    @cached_property
    def at_risk(self) -> list[AtRisk]:
        return at_risk_rows(self.outage, self.actor, self.now)

    @property
    def has_poster(self) -> bool:
        return self.outage.kind not in OF_ONE

    @property
    def may_post(self) -> bool:
        return bool(can_post(self.actor, self.outage))

    @property
    def may_call(self) -> bool:
        return bool(self.fares) and bool(can_call(self.actor))

    @property
    def may_retry(self) -> bool:
        failed = bool(self.fares) and bool(self.fares[0].failed)
        return failed and bool(can_retry(self.actor, self.outage)) and missed(self.fares[0].notice) > 0


def words_of_sms(notice: dict, language: str, now: datetime) -> Text:
    """The SMS that ``notice`` (its ``data``) becomes. Raises: LookupError, BadText; MissingValue names what lacks."""
    place = (notice["kind"], Channel.SMS, language)
    texts = texts_in_force([place])
    if place not in texts:
        raise NoText(notice["kind"])
    return render(
        texts[place], kind=notice["kind"], data=notice["says"], channel=Channel.SMS, language=language, now=now
    )

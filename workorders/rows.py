"""One row of an order list: its promise, what it is, whom it is for, where it stands, the reader's next step.

Drawn in Python like the chip in it: a page has fifty, and a template for each was half of the page's time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.calendars import CompanyCalendar, company_calendar
from common.templatetags.dh import tag, windows
from customers.choices import Flag
from staff.models import Member
from workorders.addresses import order_url
from workorders.choices import State
from workorders.kinds import CONFIDENTIAL
from workorders.models import WorkOrder
from workorders.nextstep import next_step, state_words
from workorders.policies import can_see_person
from workorders.presentation import promise_of
from workorders.promise import PromiseView
from workorders.promise_chip import chip


@dataclass(frozen=True)
class Reader:
    """For whom and when rows are drawn; one for all of a page."""

    actor: Member
    now: datetime

    @cached_property
    def calendar(self) -> CompanyCalendar:
        """Asked for once a page however many rows it has."""
        return company_calendar()

    def promise(self, order: WorkOrder) -> PromiseView:
        """The order's tightest promise; leads to the promises of its page."""
        href = f"{order_url(order.code)}#dh-promises"
        return promise_of(order.next_clock, now=self.now, calendar=self.calendar, href=href)


def row(order: WorkOrder, reader: Reader, *, back: str, is_first: bool) -> SafeString:
    """The ``<tr>``; ``back`` is the list's own address, where the next step leads back to."""
    here, view, actor = order_url(order.code), reader.promise(order), reader.actor
    face = chip(view, css=f"dh-pr dh-pr--{view.look} dh-pr--fill", detail=False, link=view.facts.href)
    at = ' class="dh-at"' if is_first else ""
    return SafeString(
        f'<tr data-row data-href="{here}"{at}>\n'
        f'  <td>{face}</td>\n'
        f'  <td class="dh-kd">{escape(order.get_kind_display())}</td>\n'
        f'  <td><a href="{here}" class="dh-t1">{escape(order.headline)}</a>{tags(order)}'
        f'<div class="dh-t2 dh-code">{escape(order.code)}</div></td>\n'
        f'  <td>{escape(person(order, actor))}<div class="dh-t2">{escape(place(order, actor))}</div></td>\n'
        f'  <td>{standing(order)}<div class="dh-t2">{escape(holder(order))}</div></td>\n'
        f'  <td class="dh-r">{_step(order, reader, back)}</td>\n</tr>\n'
    )  # fmt: skip


def _step(order: WorkOrder, reader: Reader, back: str) -> str:
    step = next_step(reader.actor, order, now=reader.now)
    if step is None:
        return ""
    url = f"{step.url}?next={quote(back)}"
    return f'<a class="dh-btn dh-btn--sm" href="{url}" data-step>{escape(str(step.label))}</a>'


def person(order: WorkOrder, actor: Member) -> str:
    """Whom it is for; “hidden” to whoever must not know who tipped us off."""
    if not can_see_person(actor, order):
        return _("Hidden")
    return order.customer.name if order.customer else order.contact_name or "—"


def place(order: WorkOrder, actor: Member) -> str:
    """The area of the place, else the beginning of its address."""
    if not can_see_person(actor, order):
        return ""
    return order.supply_point.transformer.area.name if order.supply_point else Truncator(order.address).chars(16)


def holder(order: WorkOrder) -> str:
    """Who has it in hand: the unit, and the person when there is one."""
    return f"{order.unit.label} · {order.assignee.name}" if order.assignee else order.unit.label


def care(order: WorkOrder) -> str:
    """The first thing to take care of with this customer; nothing about whoever tipped us off."""
    if order.customer is None or order.kind in CONFIDENTIAL or not order.customer.flags:
        return ""
    return str(Flag(order.customer.flags[0]).label)


def tags(order: WorkOrder) -> SafeString:
    """At most two tags: danger, and a person to take care with."""
    danger = tag(_("Safety"), kind="safety", icon="bolt") if order.is_safety else SafeString("")
    said = care(order)
    return danger + tag(said, kind="look", icon="heart") if said else danger


BESIDE_THE_ROAD = {State.RETURNED: "arrow-back-up", State.CANCELLED: "ban", State.MERGED: "git-merge"}


def standing(order: WorkOrder) -> SafeString:
    """Where an order stands: windows and word, or a tag for states beside the road."""
    icon = BESIDE_THE_ROAD.get(State(order.state))
    return tag(order.get_state_display(), icon=icon) if icon else windows(order.window, state_words(order))

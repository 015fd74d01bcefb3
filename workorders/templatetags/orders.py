"""What a row says of an order: its promise and the next step for the reader."""

import re
from datetime import datetime, timedelta

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import timewords
from staff.choices import Role
from workorders import addresses, presentation, rows
from workorders.choices import Stage, Verb
from workorders.models import PolicyRule, WorkOrder
from workorders.nextstep import Step, next_step, owed_words, owes_a_word, owes_call_back, state_words
from workorders.policies import can, can_look, can_see_person
from workorders.promise import PromiseView
from workorders.rows import Reader

register = template.Library()


def reader(context: Context) -> Reader:
    """Who reads the page and when.

    Kept with the request: what is kept in the render context is gone after every included part.
    """
    request = context["request"]
    if not hasattr(request, "order_reader"):
        request.order_reader = Reader(request.user, context["now"])
    return request.order_reader


@register.simple_tag(takes_context=True)
def order_row(context: Context, order: WorkOrder, back: str, is_first: bool) -> SafeString:
    """A row of an order list; its next step leads back to ``back``."""
    return rows.row(order, reader(context), back=back, is_first=is_first)


@register.simple_tag(takes_context=True)
def promise_for(context: Context, order: WorkOrder) -> PromiseView:
    """The order's tightest promise: ``{% promise_for order as view %}{% promise_chip view fill=True %}``."""
    return reader(context).promise(order)


@register.simple_tag(takes_context=True)
def step_for(context: Context, order: WorkOrder) -> Step | None:
    """What this reader does next with the order."""
    return next_step(context["request"].user, order, now=context["now"])


@register.simple_tag
def owe_words(orders: list[WorkOrder], now: datetime) -> bool:
    """Whether a customer among these waits for a word why it is late."""
    return any(owes_a_word(order, now) for order in orders)


@register.simple_tag
def owes_word(order: WorkOrder, now: datetime) -> bool:
    """Whether this customer waits for a word why it is late."""
    return owes_a_word(order, now)


@register.simple_tag(takes_context=True)
def can_see(context: Context, order: WorkOrder) -> bool:
    """Whether this reader may know whom it is about."""
    return bool(can_see_person(context["request"].user, order))


@register.simple_tag(takes_context=True)
def may_call(context: Context, order: WorkOrder) -> bool:
    """Whether there is a number, and this reader may see it."""
    has_number = order.contact_phone or order.customer_id
    return bool(has_number and can_see(context, order) and can_look(context["request"].user, order))


@register.simple_tag
def same_as(order: WorkOrder, same: dict[int, int]) -> int | None:
    """The number of the earlier job in the same building."""
    return same.get(order.pk)


register.simple_tag(owed_words)


@register.simple_tag(takes_context=True)
def closing_step(context: Context, order: WorkOrder) -> Step:
    """Calling an answered customer back, or filing when that is done; with the reason when it is not this reader's."""
    verb = Verb.CALL_BACK if owes_call_back(order) else Verb.CLOSE
    return Step(verb, order.code, can(verb, context["request"].user, order))


@register.simple_tag(takes_context=True)
def person_for(context: Context, order: WorkOrder) -> str:
    """Whom it is for; “hidden” to whoever must not know who tipped us off."""
    return rows.person(order, context["request"].user)


@register.simple_tag(takes_context=True)
def place_for(context: Context, order: WorkOrder) -> str:
    """In a list: the area of the place, else the beginning of its address."""
    return rows.place(order, context["request"].user)


@register.simple_tag(takes_context=True)
def address_for(context: Context, order: WorkOrder) -> str:
    """The street address, without the door."""
    return order.address if can_see_person(context["request"].user, order) else ""


@register.simple_tag
def order_url(order: WorkOrder) -> str:
    """The order's page."""
    return addresses.order_url(order.code)


register.simple_tag(rows.care, name="care_for")
register.simple_tag(rows.tags, name="order_tags")
register.simple_tag(state_words, name="state_word")


COUNTED = re.compile(r"(\d) (?=[号栋单组楼层室门])")


@register.filter
def street(address: str) -> str:
    """An address in large type: a number does not part from what it counts (“18 号”)."""
    return COUNTED.sub("\\1\u00a0", address)


@register.filter
def duration_min(span: timedelta) -> str:
    """An average in whole minutes, as boards show it."""
    return timewords.duration(timedelta(minutes=round(span.total_seconds() / 60)))


@register.filter
def limit_words(rule: PolicyRule) -> str:
    """A rule's limit as people say it."""
    return presentation.limit_words(base=rule.base, amount=rule.amount)


@register.filter
def criteria_words(rule: PolicyRule) -> str:
    """Which cases a rule is for."""
    told = [
        str(getattr(rule, f"get_{name}_display")())
        for name in ("service_type", "area_class", "customer_class", "channel")
        if getattr(rule, name)
    ]
    return " · ".join(told) or _("every case")


@register.filter
def ladder_words(rule: PolicyRule) -> str:
    """Whom the alarms of a rule reach, one line a rung."""
    return "\n".join(f"{Stage(rung['stage']).label} {_when(rung, rule)}: {_whom(rung)}" for rung in rule.ladder)


def _whom(rung: dict) -> str:
    return ", ".join(str(Role(role).label) for role in rung["roles"]) or "—"


def _when(rung: dict, rule: PolicyRule) -> str:
    if rung["stage"] == Stage.WARN:
        return f"{rule.warn_percent} %"
    return "" if rung["stage"] == Stage.BREACH else f"+{rung['percent']} %"

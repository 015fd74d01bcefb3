"""What a row says of an order: its promise and the next step for the reader."""

from datetime import timedelta

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from common import timewords
from common.calendars import CompanyCalendar, company_calendar
from customers.choices import Flag
from staff.choices import Role
from workorders import presentation
from workorders.choices import Kind, Stage
from workorders.models import PolicyRule, WorkOrder
from workorders.nextstep import Step, next_step, state_words
from workorders.presentation import promise_of
from workorders.promise import PromiseView

register = template.Library()


def _calendar(context: Context) -> CompanyCalendar:
    """The calendar, asked for once a page however many rows it has."""
    if "calendar" not in context.render_context:
        context.render_context["calendar"] = company_calendar()
    return context.render_context["calendar"]


@register.simple_tag(takes_context=True)
def promise_for(context: Context, order: WorkOrder) -> PromiseView:
    """The order's tightest promise: ``{% promise_for order as view %}{% promise_chip view fill=True %}``."""
    href = reverse("workorders:detail", args=[order.code]) + "#dh-promises"
    return promise_of(order.next_clock, now=context["now"], calendar=_calendar(context), href=href)


@register.simple_tag(takes_context=True)
def step_for(context: Context, order: WorkOrder) -> Step | None:
    """What this reader does next with the order."""
    return next_step(context["request"].user, order, now=context["now"])


@register.simple_tag
def care_for(order: WorkOrder) -> str:
    """The first thing to take care of with this customer; nothing about whoever tipped us off."""
    if order.customer is None or order.kind == Kind.TIP_OFF or not order.customer.flags:
        return ""
    return str(Flag(order.customer.flags[0]).label)


@register.simple_tag
def state_word(order: WorkOrder) -> str:
    """Where the order stands, and what happens within that state."""
    return state_words(order)


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

"""Small looks of customers: at most two tags in a row of a list (ui.md §6)."""

from datetime import datetime

from django import template
from django.template.context import Context

from common import contributions
from customers.models import Customer
from customers.panel import CustomerPanel, Tag

register = template.Library()

IN_A_ROW = 2


@register.filter
def row_tags(customer: Customer, now: datetime) -> list[Tag]:
    """What to take care with, then grades and secrecy; not the category, which has its own column."""
    return CustomerPanel(customer=customer, actor=None, now=now).marks[:IN_A_ROW]


@register.inclusion_tag("customers/_acts.html", takes_context=True)
def customer_acts(context: Context, customer: Customer | None = None, css: str = "") -> dict:
    """What rooms above offer to do for this customer, or for somebody who is not on file."""
    request = context["request"]
    acts = [(act, act.url(customer)) for act in contributions.customer_acts if act.roles & request.user.roles]
    return {"acts": acts, "customer": customer, "css": css}

"""Opening an order by HTTP beside a bare form (design §10: ≤ 3 × one INSERT and one line of history)."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from customers import masking
from customers.models import SupplyPoint
from notifications.models import Message
from staff.choices import Role
from tests.bench.bare import bare_window, project, tables
from tests.bench.lines import BenchLine, at_most_times
from tests.bench.pages import p50_ms, window_of
from tests.bench.timing import Took, taking
from tests.bench.towns import person, town
from workorders.models import Clock, Event, WorkOrder

TIMES = 3
ROUNDS, EACH = 8, 6
WORDS = "突然停电，楼道灯也不亮，家里一个人，冰箱里有药要冷藏。"


def run(quick: bool) -> list[BenchLine]:
    """A fault report from the counter, and a ticket of five fields, turn and turn about in one database."""
    orders: list[Took] = []
    tickets: list[Took] = []
    clerk = person_of(10_000 if quick else 1_000_000, orders, tickets)
    ours, ours_note = p50_ms(orders)
    bare, bare_note = p50_ms(tickets)
    note = f"{ours_note}; the bare form: {bare_note}; {clerk}"
    return [at_most_times("opening an order by HTTP, p50", ours, "ms", other=bare, times=TIMES, note=note)]


def person_of(size: int, orders: list[Took], tickets: list[Took]) -> str:
    """Fill both lists; return what one order wrote, in words."""
    with town(size):
        clerk = person(Role.CLERK)
        place = SupplyPoint.objects.select_related("customer").order_by("pk")[1]
        with tables(clerk), window_of(clerk, enforce_csrf_checks=True) as window:
            other = bare_window(clerk)
            for turn in range(ROUNDS):
                found = [posted(window, order_form(window, place)) for _ in range(EACH)]
                with project():
                    plain = [posted(other, ticket_form(other)) for _ in range(EACH)]
                if turn:  # the first round warms up
                    orders += found
                    tickets += plain
        order = WorkOrder.objects.order_by("-id")[0]
        wrote = {
            "clocks": Clock.objects.filter(order=order).count(),
            "timeline rows": Event.objects.filter(order=order).count(),
            "messages": Message.objects.filter(about=order.code).count(),
        }
        return "one writes " + ", ".join(f"{n} {what}" for what, n in wrote.items())


def posted(window: Client, form: tuple[str, dict[str, Any]]) -> Took:
    """How long saving took; the answer must lead on."""
    url, data = form
    with taking() as took:
        answer = window.post(url, data)
    assert answer.status_code == 302, (url, answer.status_code)
    return took


def order_form(window: Client, place: SupplyPoint) -> tuple[str, dict[str, Any]]:
    """The intake form as a clerk fills it in, with the token its page carries."""
    url = reverse("workorders:intake_kind", args=["fault"])
    window.get(url)
    return url, {
        "csrfmiddlewaretoken": window.cookies["csrftoken"].value,
        "request_id": str(uuid4()),
        "customer": place.customer.account_no,
        "supply_point": str(place.pk),
        "situation": "whole",
        "neighbours": "no",
        "contact_name": place.customer.name,
        "contact_phone": masking.phone(place.customer.contacts.get(is_primary=True).phone),
        "address": place.address,
        "description": WORDS,
        "channel": "counter",
        "promised": "seen",
        "save": "1",
    }


def ticket_form(window: Client) -> tuple[str, dict[str, Any]]:
    """The bare form with the same words."""
    window.get("/tickets/new/")
    return "/tickets/new/", {
        "csrfmiddlewaretoken": window.cookies["csrftoken"].value,
        "title": "整户没电",
        "name": "陈淑兰",
        "phone": "13912342716",
        "address": "桔城路 18 号 2 栋 1 单元",
        "text": WORDS,
    }

"""What a page asks of the database: a fixed, small number of questions, with one order and with forty."""

from collections.abc import Callable
from itertools import cycle, islice

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workorders import pages
from tests.workorders.pages import desk_of
from tests.workorders.world import World, build
from workorders.models import WorkOrder
from workorders.services.rulebook import load_shipped_rules

pytestmark = pytest.mark.django_db
MANY = 40
QUEUE, LIST, ORDER, FILE, DASHBOARD = 10, 11, 15, 16, 20  # a list also asks what its filters offer

EVERY = [
    pages.received,
    pages.dispatched,
    pages.accepted,
    pages.on_site,
    pages.finished,
    pages.answered,
    pages.returned,
]
Address = Callable[[WorkOrder], str]


def to(name: str, query: str = "") -> Address:
    return lambda _order: reverse(name) + query


# page: (who looks, its address, how many questions at most)
PAGES: dict[str, tuple[str, Address, int]] = {
    "my work": ("clerk", to("workorders:mine"), QUEUE),
    "my unit's work": ("lead", to("workorders:mine", "?view=unit"), QUEUE),
    "all orders": ("supervisor", to("workorders:list"), LIST),
    "call-back queue": ("agent2", to("workorders:callbacks"), QUEUE),
    "dispatch board": ("dispatcher", to("workorders:dispatch"), DASHBOARD),
    "crew list": ("handler", to("workorders:crew"), QUEUE),
    "order page": ("agent", pages.page, ORDER),
    "customer page": ("agent", lambda order: reverse("customers:detail", args=[order.customer.account_no]), FILE),
    "dashboard": ("supervisor", to("dashboard:board"), DASHBOARD),
}


@pytest.fixture
def town(db, freeze, settings) -> World:
    """The town at rest; sweep and sender are heard of every few seconds only, as in life."""
    load_shipped_rules()
    freeze("2026-11-20 14:55:10")
    settings.PULSE_KEPT_S = 60
    return build()


def questions(browser: Client, url: str) -> list[str]:
    """What the page asks, beside what it asks once in a while."""
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


def asked_by_all(town: World, order: WorkOrder) -> dict[str, list[str]]:
    browsers = {who: desk_of(town.people[who]) for who, _address, _most in PAGES.values()}
    return {page: questions(browsers[who], address(order)) for page, (who, address, _most) in PAGES.items()}


def test_pages_ask_few_questions_and_no_more_of_them_with_forty_orders(town):
    order = [stage(town) for stage in EVERY][0]
    few = asked_by_all(town, order)
    for stage in islice(cycle(EVERY), MANY - len(EVERY)):
        stage(town)
    many = asked_by_all(town, order)
    assert {page: len(asked) for page, asked in many.items() if len(asked) > len(few[page])} == {}
    assert {page: len(asked) for page, asked in many.items() if len(asked) > PAGES[page][-1]} == {}

"""The receipt: the promise large, a way to follow it, and nothing that says who or exactly where."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.workorders import pages
from tests.workorders.pages import MIN, desk_of, do
from tests.workorders.world import NOON
from workorders.receipt import receipt_of
from workorders.selectors.orders import clocks_of
from workorders.services.lateness import tell_late

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afternoon(freeze):
    return freeze("2026-11-20 14:33:00")


def url(order) -> str:
    return reverse("workorders:receipt", args=[order.code])


def paper(order, now=NOON + MIN, language="en"):
    with override(language):
        return receipt_of(order, clocks_of(order), now=now)


def test_receipt_carries_promise_code_place_and_a_way_to_follow(world):
    order = pages.received(world)
    slip = paper(order)
    assert "15:17" in slip.promise
    assert "3 h" in slip.also[0]
    assert (slip.code, slip.tail) == ("BX-261120-0001", "0001")
    assert slip.url == settings.SITE_URL + reverse("portal:follow_token", args=[order.token])
    assert slip.what.endswith("桔城路 18 号 2 栋")


def test_receipt_names_the_utility_in_the_customers_language_whatever_the_clerks_is(world):
    body = desk_of(world.clerk).get(url(pages.received(world)), headers={"Accept-Language": "en"}).content.decode()
    assert "Next customer" in body
    slip = body[body.index("<article") : body.index("</article>")]
    assert settings.UTILITY_NAME in slip
    assert settings.UTILITY_NAME_EN not in slip


def test_receipt_page_shows_neither_phone_nor_name_nor_door(world):
    body = desk_of(world.clerk).get(url(pages.received(world))).content.decode()
    assert "BX-261120-0001" in body
    assert 'class="dh-qr"' in body
    for secret in ("13912342716", "139 **** 2716", "陈淑兰", "302", "1 单元", "4200361772"):
        assert secret not in body


@pytest.mark.parametrize(("who", "goes_on"), [("clerk", True), ("handler", False)])
def test_receipt_leads_whoever_takes_requests_to_the_next_customer(world, who, goes_on):
    body = desk_of(getattr(world, who)).get(url(pages.dispatched(world))).content.decode()
    assert (f'href="{reverse("workorders:intake")}" data-next' in body) is goes_on


def test_receipt_of_a_tip_off_names_no_place(world):
    order = pages.received(world, kind="tip_off", situation="", description="绕表用电")
    assert "桔城路" not in paper(order).what


def test_receipt_speaks_the_customers_language_whatever_the_clerks_is(world):
    world.customer.language = "en"
    world.customer.save()
    order = pages.received(world)
    browser = desk_of(world.clerk)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    answer = browser.get(url(order))
    assert 'lang="en"' in answer.content.decode()
    assert answer.context["receipt"].promise.startswith("We will be there")


def test_after_arrival_the_next_promise_is_the_large_one(world):
    assert "17:41" in paper(pages.on_site(world), NOON + 10 * MIN).promise


def test_new_time_that_the_customer_was_told_stands_below(world):
    order = pages.on_the_way(world)
    do(tell_late, order, world.dispatcher, 30 * MIN, reason="traffic", new_time=NOON + 70 * MIN)
    order.refresh_from_db()
    assert any("15:42" in line for line in paper(order, NOON + 31 * MIN).also)
    assert not any("15:42" in line for line in paper(order, NOON + 71 * MIN).also)


def test_receipt_without_any_promise_says_that_it_was_written_down(world):
    slip = paper(pages.received(world, kind="praise", situation=""))
    assert (slip.promise, slip.also) == ("We have written it down.", [])


def test_kept_promise_is_told_as_done(world):
    assert "14:44" in paper(pages.finished(world), NOON + 13 * MIN).promise


@pytest.mark.parametrize(("asked", "size"), [("", "80"), ("a5", "a5"), ("a3", "80")])
def test_paper_is_a_roll_or_a5(world, asked, size):
    body = desk_of(world.clerk).get(url(pages.received(world)), {"size": asked}).content.decode()
    assert f"dh-till--{size}" in body


def test_page_prints_by_itself_only_when_asked(world):
    order, browser = pages.received(world), desk_of(world.clerk)
    assert "data-print>" not in browser.get(url(order)).content.decode()
    assert "data-print>" in browser.get(url(order), {"print": "1"}).content.decode()


def test_receipt_is_for_those_who_see_the_order(world):
    order = pages.received(world)
    assert desk_of(world.stranger).get(url(order)).status_code == 404
    assert Client().get(url(order)).status_code == 302
    assert desk_of(world.clerk).post(url(order)).status_code == 405

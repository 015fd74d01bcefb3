"""The order page in a real browser: acts in its dialog, keys, what a second person did, and axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import PHONE, axe_violations
from tests.workorders import pages
from tests.workorders.pages import MIN, do
from tests.workorders.world import NOON, build
from workorders.models import WorkOrder
from workorders.services.amending import add_note
from workorders.services.rulebook import load_shipped_rules

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def town(live, settings, freeze):
    """A committed town at 14:52, with a live server beside it."""
    settings.REQUIRE_TOTP = False
    load_shipped_rules()
    freeze("2026-11-20 14:52:10")
    return build()


def open_order(live, page, member, order: WorkOrder) -> None:
    live.login(page, member)
    page.goto(live.url("workorders:detail", order.code))


def pick(page, option: str) -> None:
    """Press the button of an option."""
    page.click(f'label[for="{page.get_attribute(option, "id")}"]')


def test_main_act_opens_by_its_key_is_refused_and_then_done_without_leaving_the_page(live, page, town):
    order = pages.received(town)
    open_order(live, page, town.dispatcher, order)
    page.keyboard.press("a")
    page.wait_for_selector("#dh-act[open]")
    assert page.evaluate("document.activeElement.name") == "unit"
    pick(page, "#dh-act input[value=other]")
    page.click("#dh-act [data-main]")
    page.wait_for_selector("#dh-act .dh-problems")
    pick(page, "#dh-act input[value=CB1]")
    page.click("#dh-act [data-main]")
    page.wait_for_selector(".dh-toast")
    order.refresh_from_db()
    assert order.unit == town.crew


def test_way_out_closes_the_dialog_and_changes_nothing(live, page, town):
    order = pages.received(town)
    open_order(live, page, town.dispatcher, order)
    page.click("[data-act]")
    page.click("#dh-act [data-close]")
    assert not page.evaluate("document.getElementById('dh-act').open")
    assert WorkOrder.objects.get(pk=order.pk).state == "received"


def test_second_person_reads_what_the_first_did_and_keeps_the_draft(live, page, town):
    order = pages.accepted(town)
    open_order(live, page, town.dispatcher, order)
    page.click(f'a[href="{reverse("workorders:act", args=[order.code, "cancel"])}"]')
    page.fill("#dh-act [name=reason]", "客户说来电了")
    do(add_note, order, town.handler, 19 * MIN, text="还没来电")
    page.click("#dh-act [data-main]")
    page.wait_for_selector("#dh-act .dh-clash")
    assert "还没来电" in page.inner_text("#dh-act")
    assert page.input_value("#dh-act [name=reason]") == "客户说来电了"


def test_only_the_time_that_belongs_to_the_choice_is_asked(live, page, town):
    order = pages.accepted(town)
    live.login(page, town.agent)
    page.goto(live.url("workorders:act", order.code, "tell-late"))
    assert not page.is_visible("[name=new_time]")
    pick(page, "input[name=time][value=known]")
    assert page.is_visible("[name=new_time]")
    assert not page.is_visible("[name=next_news]")


def test_everything_works_without_script(live, open_page, town):
    order, page = pages.received(town), open_page(java_script_enabled=False)
    open_order(live, page, town.dispatcher, order)
    page.click("[data-act]")
    pick(page, "input[value=CB1]")
    page.click("[data-main]")
    expect(page).to_have_url(live.url("workorders:detail", order.code))
    order.refresh_from_db()
    assert order.unit == town.crew


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE, {"width": 320, "height": 640}])
def test_pages_are_for_everybody_and_never_wider_than_the_screen(live, open_page, town, locale, viewport):
    order = pages.on_the_way(town)
    late = pages.received(town, now=NOON - 90 * MIN)
    page = open_page(viewport=viewport, locale=locale, bypass_csp=True)
    live.login(page, town.dispatcher)
    for name, *args in [
        ("workorders:detail", order.code),
        ("workorders:detail", late.code),
        ("workorders:act", order.code, "transfer"),
        ("workorders:act", order.code, "amend"),
        ("workorders:act", late.code, "tell-late"),
        ("workorders:receipt", order.code),
    ]:
        page.goto(live.url(name, *args))
        assert axe_violations(page) == [], (name, args)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], (name, args)

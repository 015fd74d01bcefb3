"""The public pages in a real browser: on a phone, without script, when they are old, and axe on every one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Area
from notifications.models import Message
from outages.models import Subscription
from outages.services.restoring import begin
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.browsing import PHONE, axe_violations
from tests.outages.town import HOUR, done, grid, written

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NARROW = {"width": 320, "height": 700}
SQUARE = [[111.0, 30.0], [111.1, 30.0], [111.1, 30.1], [111.0, 30.1], [111.0, 30.0]]


@pytest.fixture
def outage(live):
    """东苑 is dark, 云集 is not; both are on the map."""
    load_shipped_leads()
    town, now = grid(), timezone.now()
    for n, area in enumerate(town.areas[1:]):
        ring = [[x + n / 10, y] for x, y in SQUARE]
        Area.objects.filter(pk=area.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
    fault = written(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
    began = now - timedelta(minutes=20)
    return done(begin, fault, town.dispatcher, now=began, expected_at=now + 2 * HOUR)


def test_nothing_for_axe_and_nothing_sideways(live, open_page, outage):
    row = Subscription.objects.create(
        phone="13800001111", account_no="4200000101", language="en", consented_at=timezone.now(),
        code_until=timezone.now(), confirmed_at=timezone.now(),
    )  # fmt: skip
    public = live.url("outages:public")
    addresses = [
        public, f"{public}?show=planned", f"{public}?q=东苑", f"{public}?q=x", f"{public}?q=9999999999",
        live.url("outages:public_one", outage.code), live.url("outages:subscribe"),
        live.url("outages:subscribe_code", row.handle), live.url("outages:following", row.token),
    ]  # fmt: skip
    for viewport in (NARROW, PHONE):
        page = open_page(viewport=viewport)
        for address in addresses:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
            assert axe_violations(page) == [], address


def test_without_script_searched_asked_confirmed_and_ended(live, open_page, outage):
    page = open_page(viewport=PHONE, locale="en-GB", java_script_enabled=False)
    page.goto(live.url("outages:public"))
    page.get_by_role("searchbox").fill("4200000101")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="东苑街道一带")).to_be_visible()
    page.get_by_role("link", name="Tell me", exact=True).click()
    page.get_by_label("Mobile number").fill("138 0000 1111")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from our message").fill(Message.objects.get(kind="outage_code").data["code"])
    page.get_by_role("button", name="Tell me from now on").click()
    expect(page.get_by_text("东苑街道", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send me no more messages").click()
    expect(page.get_by_role("heading", name="No more messages")).to_be_visible()


def test_a_page_that_got_old_says_so(live, open_page, outage):
    page = open_page(viewport=PHONE, locale="en-GB")
    page.clock.install()
    page.goto(live.url("outages:public"))
    note = page.get_by_text("min old; much may have changed")
    expect(note).to_be_hidden()
    page.route("**/power/**", lambda route: route.fulfill(status=404))  # nothing comes that would renew it
    page.clock.run_for("07:00")
    expect(note).to_have_text("This page is 7 min old; much may have changed.")

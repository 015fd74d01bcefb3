"""The main job, end to end, in a browser: a promise made at the counter and kept in plain sight."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from notifications.services.sender import drain
from tests.browsing import DESK, PHONE, axe_violations
from tests.workorders.world import World, build
from workorders.models import WorkOrder
from workorders.services.sweep import sweep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live) -> World:
    """The small town, with everybody it needs."""
    return build()


@pytest.fixture
def sit(live, town, open_page):
    """``sit("clerk")``: a page on which that person is logged in; phones for crews."""

    def at(who: str, **options):
        page = open_page(viewport=PHONE if who == "handler" else DESK, **options)
        live.login(page, getattr(town, who))
        return page

    return at


def clean(page, what: str) -> None:
    """Nothing for axe to find, nothing sideways."""
    assert axe_violations(page) == [], what
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_fault_report_from_the_counter_to_the_file(live, town, sit, open_page, script):
    options = {"java_script_enabled": script}
    if script:
        options = {}
    _take_down(live, town, sit("clerk", **options), script)
    order = WorkOrder.objects.get()
    _give(live, sit("dispatcher", **options), order, script)
    _repair(live, sit("handler", **options), order, script)
    _answer(live, sit("agent", **options), order, script)
    _call_back_and_file(live, sit("agent2", **options), order, script)
    order.refresh_from_db()
    assert order.state == "closed"
    drain()
    told = Message.objects.get(kind="order_received")
    assert "0001" in told.body
    customer = open_page(viewport=PHONE, **options)
    customer.goto(live.url("portal:follow_token", order.token))
    customer.get_by_text("换了表前空开").first.wait_for()
    if script:
        clean(customer, "follow")


def _take_down(live, town, page, script) -> None:
    page.goto(live.url("customers:search") + "?q=陈淑")
    page.get_by_role("link", name="陈淑兰").first.click()
    page.goto(live.url("workorders:intake_kind", "fault") + f"?customer={town.customer.account_no}")
    page.locator("input[name=situation][value=whole] + label").click()
    promise = page.locator("#dh-promise")
    if script:
        promise.get_by_text("前到").first.wait_for()
        clean(page, "intake")
    page.locator("textarea[name=description]").fill("下午突然停电，楼道灯也不亮。")
    page.locator("button.dh-btn[name=save]").click()
    if not script:  # the first post answers with the promise, the second saves
        promise.get_by_text("前到").first.wait_for()
        page.locator("button.dh-btn[name=save]").click()
    page.wait_for_url("**/orders/BX-*")
    if script:
        clean(page, "order")


def _give(live, page, order, script) -> None:
    page.goto(live.url("workorders:dispatch"))
    if script:
        clean(page, "dispatch")
    page.get_by_role("button", name="派给 城北一班").click()
    page.get_by_text("派给城北一班了").first.wait_for()


def _repair(live, page, order, script) -> None:
    page.goto(live.url("workorders:crew"))
    for words in ("我接了", "出发", "我到了"):
        if script:
            clean(page, f"crew {words}")
        page.get_by_role("button", name=words).first.click()
    page.get_by_role("link", name="修好了，送电了").click()
    page.locator("input[name=cause][value=breaker] + label").click()
    page.locator("textarea[name=result]").fill("换了表前空开，客户试过有电。")
    if script:
        clean(page, "done")
    page.get_by_role("button", name="办好了").click()
    page.wait_for_url("**/crew/")


def _answer(live, page, order, script) -> None:
    page.goto(live.url("workorders:act", order.code, "answer"))
    if script:
        clean(page, "answer")
    page.locator("textarea[name=text]").fill("已经来电，换了表前空开。")
    page.locator("form button[type=submit], form button.dh-btn--main").last.click()
    page.wait_for_url(f"**/orders/{order.code}/**")


def _call_back_and_file(live, page, order, script) -> None:
    page.goto(live.url("workorders:callbacks"))
    if script:
        clean(page, "call-backs")
    page.get_by_role("link", name="回访").last.click()
    page.locator("input[name=result][value=satisfied] + label").click()
    page.locator("form button[type=submit], form button.dh-btn--main").last.click()
    page.wait_for_url(f"**/orders/{order.code}/**")
    page.goto(live.url("workorders:act", order.code, "close"))
    page.locator("form button[type=submit], form button.dh-btn--main").last.click()
    page.wait_for_url(f"**/orders/{order.code}/**")


def test_broken_promise_is_seen_by_everybody_who_must(live, town, sit, open_page):
    from tests.workorders.world import fault

    then = timezone.now() - timedelta(minutes=70)
    order = fault(town, now=then)
    sweep(now=timezone.now())
    drain()
    lead = sit("supervisor")
    lead.goto(live.url("dashboard:board"))
    lead.locator(".dh-kn--bad b").get_by_text("1").wait_for()
    clean(lead, "board")
    lead.locator(".dh-kn--bad").click()
    lead.get_by_text(order.code).wait_for()
    clean(lead, "orders")
    lead.goto(live.url("notifications:inbox"))
    lead.get_by_text("超时").first.wait_for()
    customer = open_page(viewport=PHONE)
    customer.goto(live.url("portal:follow_token", order.token))
    customer.get_by_text("对不起").wait_for()
    clean(customer, "follow, late")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages_fit_every_screen_in_both_languages(live, town, open_page, width, locale):
    from tests.workorders.world import fault

    order = fault(town, now=timezone.now())
    page = open_page(viewport={"width": width, "height": 800}, locale=locale)
    live.login(page, town.supervisor)
    for url in (
        live.url("workorders:mine"), live.url("workorders:list"), live.url("workorders:dispatch"),
        live.url("workorders:callbacks"), live.url("dashboard:board"), live.url("workorders:detail", order.code),
        live.url("workorders:intake_kind", "fault"), live.url("workorders:intake_kind", "service"),
        live.url("workorders:rules"), live.url("portal:follow"), live.url("portal:follow_token", order.token),
    ):  # fmt: skip
        page.goto(url)
        clean(page, f"{url} at {width}")


def test_intake_by_keyboard_alone(live, town, sit):
    page = sit("clerk")
    page.goto(live.url("workorders:intake_kind", "fault") + f"?customer={town.customer.account_no}")
    page.locator("body").press("1")
    assert page.locator("input[name=situation][value=whole]").is_checked()
    page.locator("textarea[name=description]").focus()
    page.keyboard.type("突然没电。")
    page.locator("#dh-promise").get_by_text("前到").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt/**")
    assert WorkOrder.objects.count() == 1

"""The main job, end to end, in a browser: a promise made at the counter and kept in plain sight."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from customers.services.indexing import refresh_search
from notifications.models import Message
from notifications.services.sender import drain
from tests.browsing import DESK, PHONE, axe_violations
from tests.workorders.world import World, build, fault
from workorders.models import Attachment, WorkOrder
from workorders.services.dispatching import dispatch_order
from workorders.services.field import arrive
from workorders.services.sweep import sweep

ACTS = ("tell-late", "transfer", "amend", "cancel", "correct", "add-contact")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live) -> World:
    """The small town, with everybody it needs; its customer can be found."""
    town = build()
    refresh_search([town.customer.pk])
    return town


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


def by_day() -> datetime:
    """Tomorrow at noon: no quiet hours, whenever the tests run."""
    return timezone.localtime().replace(hour=12) + timedelta(days=1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_fault_report_from_the_counter_to_the_file(live, town, sit, open_page, gateway, script):
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
    drain(clock=by_day)
    told = Message.objects.get(kind="order_received")
    assert told.state == "sent"
    assert "0001" in told.body
    assert told.dedupe_key in {item["key"] for item in gateway.received}
    customer = open_page(viewport=PHONE, **options)
    customer.goto(live.url("portal:follow_token", order.token))
    customer.get_by_text("换了表前空开").first.wait_for()
    if script:
        clean(customer, "follow")


def _take_down(live, town, page, script) -> None:
    page.goto(live.url("workorders:intake"))
    page.locator("#dh-find").fill("陈淑")
    if script:
        page.locator("#dh-hits a").first.click()
    else:
        page.locator("#dh-find").press("Enter")
        page.get_by_role("link", name="陈淑兰").first.click()
    page.wait_for_url(f"**/intake/fault/?customer={town.customer.account_no}**")
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
    page.wait_for_url("**/orders/BX-**")
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
    page.get_by_label("客户自己开灯试过").check()
    page.get_by_role("button", name="修好了，送电了").click()
    expect(page.locator("input[name=leaving][value=tried]")).to_be_checked()
    page.locator("input[name=cause][value=breaker] + label").click()
    page.locator("textarea[name=result]").fill("换了表前空开，客户试过有电。")
    if script:
        clean(page, "done")
    page.get_by_role("button", name="办好了").click()
    page.wait_for_url("**/crew/")
    if script:
        clean(page, "crew, nothing left")


def _answer(live, page, order, script) -> None:
    page.goto(live.url("workorders:act", order.code, "answer"))
    if script:
        clean(page, "answer")
    page.locator("textarea[name=text]").fill("已经来电，换了表前空开。")
    _send(page, order)


def _call_back_and_file(live, page, order, script) -> None:
    page.goto(live.url("workorders:callbacks"))
    if script:
        clean(page, "call-backs")
    page.get_by_role("link", name="回访").last.click()
    page.locator("input[name=result][value=satisfied] + label").click()
    page.locator("main form button[data-main]").click()
    page.get_by_role("link", name="归档").click()
    page.locator("main form button[data-main]").click()
    page.get_by_text("都回访过了").wait_for()


def _send(page, order) -> None:
    """The main button of an act's form; it leads back to the order."""
    page.locator("main form button[data-main]").click()
    page.wait_for_url(f"**/orders/{order.code}/")


def test_broken_promise_is_seen_by_everybody_who_must(live, town, sit, open_page):
    then = timezone.now() - timedelta(minutes=70)
    order = fault(town, now=then)
    sweep(now=timezone.now())
    drain()
    lead = sit("supervisor")
    lead.goto(live.url("dashboard:board"))
    lead.locator(".dh-kn--bad b").get_by_text("1").wait_for()
    clean(lead, "board")
    lead.locator(".dh-kn--bad > a").click()
    lead.get_by_text(order.code).wait_for()
    clean(lead, "orders")
    lead.goto(live.url("notifications:inbox"))
    lead.get_by_text("超时").first.wait_for()
    customer = open_page(viewport=PHONE)
    customer.goto(live.url("portal:follow_token", order.token))
    customer.get_by_text("对不起").wait_for()
    clean(customer, "follow, late")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1440, 1280, 390, 320])
def test_pages_fit_every_screen_in_both_languages(live, town, open_page, width, locale):
    order, late = fault(town, now=timezone.now()), fault(town, now=timezone.now() - timedelta(minutes=70))
    for one in (order, late):
        give = {"code": one.code, "actor": town.dispatcher, "request_id": uuid4()}
        dispatch_order(**give, now=one.received_at + timedelta(seconds=30), unit=town.crew)
    page = open_page(viewport={"width": width, "height": 800}, locale=locale)
    live.login(page, town.supervisor)
    for url in (
        live.url("workorders:mine"), live.url("workorders:list"), live.url("workorders:dispatch"),
        live.url("workorders:callbacks"), live.url("dashboard:board"), live.url("workorders:detail", order.code),
        live.url("workorders:intake_kind", "fault"), live.url("workorders:intake_kind", "service"),
        live.url("workorders:intake_kind", "fault") + f"?customer={town.customer.account_no}&q=陈淑",
        live.url("workorders:rules"), live.url("workorders:rule", "ten-arrive-urban"),
        *(live.url("workorders:act", late.code, act) for act in ACTS),
        live.url("portal:follow"), live.url("portal:follow_token", order.token),
        live.url("portal:follow_token", late.token),
    ):  # fmt: skip
        page.goto(url)
        clean(page, f"{url} at {width}")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [390, 320])
def test_crew_pages_fit_every_phone_in_both_languages(live, town, open_page, width, locale):
    now = timezone.now()
    order = fault(town, now=now - timedelta(minutes=50))
    who = {"code": order.code, "request_id": None}
    dispatch_order(**who, actor=town.dispatcher, now=now - timedelta(minutes=49), unit=town.crew)
    page = open_page(viewport={"width": width, "height": 800}, locale=locale)
    live.login(page, town.handler)
    names = [("crew",), ("crew_job", order.code), ("crew_earlier", order.code)]
    names += [("crew_act", order.code, "tell-late"), ("crew_act", order.code, "return")]
    for name, *args in names:
        page.goto(live.url(f"workorders:{name}", *args))
        clean(page, f"{name} at {width}")
    arrive(**who, actor=town.handler, now=now)
    for name in ("crew_job", "crew_done"):
        page.goto(live.url(f"workorders:{name}", order.code))
        clean(page, f"{name} at {width}, on site")


def test_wall_fits_one_screen_and_nothing_on_it_is_pressed(live, town, open_page):
    fault(town, now=timezone.now() - timedelta(minutes=70))
    page = open_page(viewport={"width": 1920, "height": 1080})
    live.login(page, town.supervisor)
    page.goto(live.url("dashboard:board") + "?wall=1")
    clean(page, "wall")
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert page.locator("main select, main button").count() == 0


def test_refreshed_board_keeps_the_focus(live, town, open_page):
    fault(town, now=timezone.now() - timedelta(minutes=70))
    page = open_page()
    live.login(page, town.supervisor)
    page.goto(live.url("dashboard:board"))
    page.locator("#k-late").focus()
    page.evaluate("htmx.trigger('#dh-board', 'every')")
    with page.expect_response("**/board/**"):
        page.evaluate("htmx.ajax('GET', location.href, {target: '#dh-board', select: '#dh-board', swap: 'outerHTML'})")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "k-late"


def test_list_in_use_holds_back_what_is_new(live, town, sit):
    first = fault(town, now=timezone.now())
    page = sit("clerk")
    page.goto(live.url("workorders:mine"))
    page.get_by_text(first.code).wait_for()
    page.locator("#dh-list").hover()
    second = fault(town, now=timezone.now())
    page.evaluate("""htmx.ajax('GET', location.href, {
        source: '#dh-list', target: '#dh-list', select: '#dh-list', swap: 'outerHTML'})""")
    page.get_by_text("有 1 单新到").wait_for()
    assert page.get_by_text(second.code).count() == 0
    page.locator("body").press("r")
    page.get_by_text(second.code).wait_for()


def test_board_shows_an_order_by_keys_and_gives_it_by_its_number(live, town, sit):
    first, second = fault(town, now=timezone.now()), fault(town, now=timezone.now())
    page = sit("dispatcher")
    page.goto(live.url("workorders:dispatch"))
    page.locator("#dh-looked").get_by_text(first.code).wait_for()
    page.locator("body").press("j")
    page.locator("#dh-looked").get_by_text(second.code).wait_for()
    page.locator("body").press("1")
    page.get_by_text("派给城北一班了").first.wait_for()
    second.refresh_from_db()
    first.refresh_from_db()
    assert {first.state, second.state} == {"received", "dispatched"}


def test_photo_is_made_small_on_the_phone_and_sent_at_once(live, town, sit, tmp_path):
    order = fault(town, now=timezone.now())
    dispatch_order(code=order.code, actor=town.dispatcher, now=timezone.now(), request_id=uuid4(), unit=town.crew)
    picture = tmp_path / "box.jpg"
    Image.effect_noise((3000, 2000), 80).convert("RGB").save(picture, quality=95)
    page = sit("handler")
    page.goto(live.url("workorders:crew_job", order.code))
    with page.expect_request(lambda sent: sent.method == "POST" and "/photo/" in sent.url) as sent:
        page.locator("#dh-photo-before").set_input_files(picture)
    page.get_by_text("已发 1 张").wait_for()
    assert int(sent.value.all_headers()["content-length"]) < picture.stat().st_size / 2
    assert Attachment.objects.get(order=order).phase == "before"
    clean(page, "job with a photo")


def test_words_are_carried_from_one_kind_to_another(live, town, sit):
    page = sit("clerk")
    page.goto(live.url("workorders:intake_kind", "fault"))
    page.locator("textarea[name=description]").fill("问阶梯电价怎么算。")
    page.keyboard.press("Alt+2")
    page.wait_for_url("**/intake/inquiry/**")
    assert page.locator("textarea[name=description]").input_value() == "问阶梯电价怎么算。"


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

"""The staff room in a real browser: login, lists that grow, being away, and axe on every page."""

from importlib import import_module

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from staff.choices import Role
from staff.models import Member
from staff.services.duty import plan_duty
from tests.browsing import DESK, axe_violations
from tests.staff.factories import PASSWORD, company, member, unit

NARROW = {"width": 320, "height": 800}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def boss(live):
    """The administrator of a company with 120 people, on a running server."""
    town = company()
    unit("KF", "客服班", parent=town.top)
    made = member("XL0001", "胡敏", unit=town.top, roles=[Role.ADMINISTRATOR, Role.SUPERVISOR], password=PASSWORD)
    worker = member("XL0317", "周婷", unit=town.crew, roles=[Role.HANDLER])
    now = timezone.now()
    spells = [(now, now + timezone.timedelta(hours=8))]
    plan_duty(member=worker, unit=town.crew, role=Role.HANDLER, spells=spells, now=now)
    people = [Member(staff_no=f"P{n:03}", name=f"员工{n}", pinyin=f"zz{n:03}", home_unit=town.crew) for n in range(118)]
    Member.objects.bulk_create(people)
    return made


@pytest.fixture
def session(page, live, boss):
    """The boss is logged in; the session store of that login."""
    live.login(page, boss)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    engine = import_module(settings.SESSION_ENGINE)
    return lambda: engine.SessionStore(cookies[settings.SESSION_COOKIE_NAME])


def away_for(session, minutes):
    """As if the last act were so long ago."""
    store = session()
    store["seen_at"] = int(timezone.now().timestamp() - minutes * 60)
    store.save()


def test_login_by_keyboard_leads_to_the_page_one_wanted(live, page, boss):
    page.goto(live.url("staff:members"))
    page.locator("#id_username:focus").wait_for()  # a busy machine gives the focus a moment after the page
    page.keyboard.type("xl0001")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("人员")
    assert page.url == live.url("staff:members")


def test_list_grows_by_fifty_and_shows_the_same_after_reload_and_back(live, page, session):
    page.goto(live.url("staff:members"))
    rows = page.locator("#dh-rows tr")
    assert rows.count() == 50
    page.click("#dh-list-next")
    rows.nth(99).wait_for()
    page.click("#dh-list-next")
    rows.nth(119).wait_for()
    assert page.url.endswith("?n=150")
    assert page.locator("#dh-list-next").count() == 0
    page.reload()
    assert rows.count() == 120
    rows.nth(110).locator("a").click()
    page.go_back()
    assert rows.count() == 120


def test_list_without_script_goes_on_behind_the_last_row(live, open_page, boss):
    plain = open_page(java_script_enabled=False)
    live.login(plain, boss)
    plain.goto(live.url("staff:members"))
    last = plain.locator("#dh-rows tr").last.inner_text()
    plain.click("#dh-list-next")
    expect(plain.locator("#dh-rows")).not_to_contain_text(last.split("\t")[0])
    expect(plain.locator("#dh-rows tr")).to_have_count(50)


def test_filter_keeps_the_rest_of_the_page_and_an_address_without_empties(live, page, session):
    page.goto(live.url("staff:members"))
    page.select_option("select[name=role]", "handler")
    page.wait_for_url("**/settings/members/?role=handler")
    page.locator("#dh-rows tr").nth(1).wait_for(state="detached")
    assert "周婷" in page.locator("#dh-rows").inner_text()


def test_one_who_was_away_is_warned_and_may_stay(live, page, session):
    page.clock.install()
    page.goto(live.url("staff:profile"))
    away_for(session, 28.5)
    page.clock.fast_forward("28:01")
    page.locator("#dh-idle").wait_for()
    assert page.evaluate("() => document.activeElement.hasAttribute('data-stay')")
    page.keyboard.press("Enter")
    page.locator("#dh-idle").wait_for(state="hidden")
    assert timezone.now().timestamp() - session()["seen_at"] < 60


def test_one_who_stays_away_ends_on_the_login_page_and_comes_back_to_the_same(live, page, session):
    page.clock.install()
    page.goto(live.url("staff:profile"))
    away_for(session, 40)
    page.clock.fast_forward("28:01")
    page.wait_for_url("**/login/?idle=1&next=%2Fme%2F")
    assert "离开了 30 分钟" in page.locator("main").inner_text()


def test_one_who_types_is_there_and_is_not_asked(live, page, session):
    page.clock.install()
    page.goto(live.url("staff:profile"))
    away_for(session, 27)
    page.fill("[name=email]", "z@example.com")
    with page.expect_response("**/me/idle/") as told:
        page.clock.fast_forward("04:01")
    assert told.value.request.method == "POST"
    assert page.locator("#dh-idle").is_hidden()


PAGES = [
    "/login/", "/me/", "/me/password/", "/me/second-factor/", "/help/", "/settings/", "/settings/units/",
    "/settings/units/DJ01A/", "/settings/units/new/?under=DJ01", "/settings/units/DJ01A/move/", "/settings/members/",
    "/settings/members/?export=1", "/settings/members/XL0317/", "/settings/members/new/", "/settings/members/import/",
    "/settings/members/XL0317/leave/", "/settings/duty/", "/settings/duty/DJ01A/?role=handler", "/settings/audit/",
]  # fmt: skip


@pytest.mark.parametrize(
    ("viewport", "locale"), [(DESK, "zh-CN"), (NARROW, "en-GB")], ids=["desk in Chinese", "narrow phone in English"]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(live, open_page, boss, viewport, locale):
    page = open_page(viewport=viewport, locale=locale)
    found = {}
    for url in PAGES:
        if url != "/login/":
            live.login(page, boss)
        page.goto(live.root + url)
        problems = axe_violations(page)
        if page.evaluate("() => document.documentElement.scrollWidth") > viewport["width"]:
            problems.append("scrolls sideways")
        if problems:
            found[url] = problems
    assert not found

"""The sheet of parts, and in a real browser the scripts that bring parts to life."""

import json
import re
from datetime import timedelta

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation
from playwright.sync_api import expect

from common import timewords
from staff.choices import Role
from tests.browsing import axe_violations
from tests.conftest import moment
from tests.staff.factories import company, member
from workorders.promise import Look
from workorders.views.components import sample


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_shows_all_eight_looks_in_both_languages(settings, language):
    settings.DEV_PAGES = True
    html = Client(headers={"accept-language": language}).get("/dev/components").content.decode()
    for look in Look:
        assert html.count(f"dh-pr--{look}") == 2
    assert "仅剩 6 分" in html
    assert "only 6 min left" in html


@pytest.mark.django_db
def test_the_sheet_is_not_there_where_nobody_develops(settings):
    settings.DEV_PAGES = False
    assert Client().get("/dev/components").status_code == 404


@pytest.mark.parametrize("look", list(Look))
def test_every_sample_shows_the_look_it_is_for(look):
    with translation.override("en"):
        assert sample(look).look is look


# ── in a browser ────────────────────────────────────────────────────────


@pytest.fixture
def parts(settings, live):
    settings.DEV_PAGES = True
    return live.url("workorders:components")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 1280, 390, 320])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(parts, open_page, width, locale):
    page = open_page(viewport={"width": width, "height": 900}, locale=locale)
    page.goto(parts)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def clock_words() -> dict[str, str]:
    """The body's data, as a page would carry it at 14:39 of the sample day."""
    request = RequestFactory().get("/")
    source = "{% load frame %}<body {% clock_data %}>"
    html = engines["django"].from_string(source).render({"now": moment("2026-11-20 14:39")}, request)
    now, words = re.search(r'data-now="(.*?)" data-words="(.*?)"', html).groups()
    return {"now": now, "words": words.replace("&quot;", '"')}


@pytest.fixture
def ticking(parts, open_page):
    """The sheet with the script that re-words promises; ``page.clock`` moves the time from 14:39 on."""
    page = open_page()
    page.clock.install(time=moment("2026-11-20 14:30"))
    page.goto(parts)
    page.clock.pause_at(moment("2026-11-20 14:39"))
    with translation.override("zh-hans"):
        data = clock_words()
    assert json.loads(data["words"])["run"] == "剩 %(span)s"
    page.evaluate("data => Object.assign(document.body.dataset, data)", data)
    page.add_script_tag(url="/static/js/promise.js")
    page.first_chip = page.locator("tbody tr").first.locator(".dh-pr").first
    return page


def run_until(page, clock: str) -> None:
    """Let the page's clock run on to this time of day."""
    gone = page.evaluate("Date.now()") / 1000
    page.clock.run_for(round((moment(f"2026-11-20 {clock}").timestamp() - gone) * 1000))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("clock", "look", "text"),
    [
        ("14:39:30", "run", "剩 37 分"),
        ("14:58:30", "run", "剩 18 分"),
        ("14:59:00", "warn", "仅剩 18 分"),
        ("15:16:30", "warn", "不到 1 分"),
        ("15:17:30", "over", "已超 1 分"),
        ("17:27:30", "over", "已超 2 小时 11 分"),
    ],
)
def test_a_chip_is_reworded_and_moves_only_towards_broken(ticking, clock, look, text):
    run_until(ticking, clock)
    assert ticking.first_chip.locator(".dh-t").inner_text() == text
    assert f"dh-pr--{look}" in ticking.first_chip.get_attribute("class").split()
    assert ticking.first_chip.get_attribute("data-state") == look


@pytest.mark.browser
@pytest.mark.parametrize(
    ("late", "text"),
    [
        (timedelta(hours=38), "已超 1 天 14 小时"),
        (timedelta(hours=48), "已超 2 天"),
        (timedelta(hours=71, minutes=1), "已超 3 天"),
        (timedelta(days=3, minutes=1), "已超 4 天"),
    ],
)
def test_over_a_day_the_script_rounds_up_as_the_server_does(ticking, late, text):
    """The page says 14:39; this browser has seen the server later."""
    ahead = late + timedelta(minutes=38)  # promised for 15:17
    ticking.evaluate(f"sessionStorage.ahead = {ahead.total_seconds() * 1000 - 30_000}")
    ticking.add_script_tag(url="/static/js/promise.js?again")
    ticking.clock.run_for(30_000)
    with translation.override("zh-hans"):
        assert f"已超 {timewords.over(late)}" == text
    assert ticking.first_chip.locator(".dh-t").inner_text() == text


@pytest.mark.browser
def test_a_sentence_that_breaks_while_it_is_read_says_so(ticking):
    run_until(ticking, "15:17:30")
    said = ticking.locator(".dh-say").first
    assert "dh-say--broken" in said.get_attribute("class")
    assert said.locator(".dh-left").inner_text() == "已经晚了 1 分"


@pytest.mark.browser
def test_ended_paused_and_waiting_promises_are_left_alone(ticking):
    looks = ("late", "kept", "paused", "wait", "none")
    before = [ticking.locator(f".dh-pr--{look} .dh-t").first.inner_text() for look in looks]
    run_until(ticking, "18:00")
    assert [ticking.locator(f".dh-pr--{look} .dh-t").first.inner_text() for look in looks] == before


@pytest.mark.browser
def test_an_old_page_from_the_browsers_cache_is_reworded_by_the_freshest_known_clock(ticking):
    """The page says 14:39, but this browser has already seen the server at 15:00."""
    ticking.evaluate("sessionStorage.ahead = 21 * 60 * 1000")
    ticking.add_script_tag(url="/static/js/promise.js?again")
    ticking.clock.run_for(30_000)
    assert ticking.first_chip.locator(".dh-t").inner_text() == "仅剩 16 分"


# ── keys ────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(live, open_page):
    """Any page of the desk, for a clerk."""
    clerk = member("XL0317", "李婉清", unit=company().station, roles=[Role.CLERK])

    def open_desk(**changes):
        for name, value in changes.items():
            setattr(clerk, name, value)
        clerk.save()
        page = open_page()
        live.login(page, clerk)
        page.goto(live.root + "/there-is-nothing-here/")
        return page

    return open_desk


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


@pytest.mark.browser
def test_slash_finds_escape_leaves_and_question_mark_explains(desk):
    page = desk()
    page.keyboard.press("/")
    assert focused(page) == "dh-find"
    page.keyboard.type("陈?")
    assert page.locator("#dh-find").input_value() == "陈?"
    assert not page.locator("#dh-keys").is_visible()
    page.keyboard.press("Escape")
    assert focused(page) == "BODY"
    assert page.locator("#dh-find").input_value() == "陈?"
    page.keyboard.press("?")
    assert page.locator("#dh-keys").is_visible()
    assert axe_violations(page) == []


@pytest.mark.browser
def test_single_keys_can_be_turned_off(desk):
    page = desk(single_keys=False)
    page.keyboard.press("/")
    page.keyboard.press("?")
    assert focused(page) == "BODY"
    assert not page.locator("#dh-keys").is_visible()


@pytest.mark.browser
def test_keys_are_left_to_the_input_method_while_it_composes(desk):
    page = desk()
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true, isComposing: true}))"
    )
    assert focused(page) == "BODY"
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))")
    assert focused(page) == "dh-find"


@pytest.mark.browser
def test_the_first_stop_of_the_keyboard_skips_to_the_text(desk):
    page = desk()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "dh-skip"
    page.keyboard.press("Enter")
    assert focused(page) == "dh-main"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 1279, 767, 390, 320])
def test_the_frame_fits_and_axe_finds_nothing(desk, width):
    page = desk()
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(page) == []


@pytest.mark.browser
def test_the_language_switch_comes_back_to_the_same_page(desk):
    page = desk()
    page.get_by_role("button", name="EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/there-is-nothing-here/")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")

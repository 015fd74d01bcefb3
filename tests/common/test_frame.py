"""The frame around desk pages: who sees which items, the clock state, the bell, the language."""

import re

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from common import contributions, pulse
from common.contributions import MenuEntry, Registry
from common.pulse import Pulse
from staff.choices import Role
from staff.models import Member, Unit
from tests.conftest import moment
from tests.staff.factories import company, member

NOW = moment("2026-11-20 14:32")


@pytest.fixture(autouse=True)
def bare_house(monkeypatch):
    """Registries of this test only; English words."""
    for home, name in ((contributions, "menu"), (contributions, "bell"), (pulse, "pulses")):
        monkeypatch.setattr(home, name, Registry())
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db):
    return member("XL0317", "李婉清", unit=company().station, roles=[Role.CLERK])


def entry(name: str, roles=(Role.CLERK,), url_name="common:language", **more) -> None:
    contributions.menu.register(name, MenuEntry(name, "inbox", url_name, frozenset(roles), **more))


def drawn(user, source: str, path: str = "/", **context) -> str:
    request = RequestFactory().get(path)
    request.user, request.LANGUAGE_CODE = user, "en"
    template = engines["django"].from_string("{% load frame %}" + source)
    return template.render({"now": NOW} | context, request)


# ── rail ────────────────────────────────────────────────────────────────


def test_an_item_is_shown_only_to_its_roles(clerk):
    entry("Intake")
    entry("Dispatch", roles=[Role.DISPATCHER])
    html = drawn(clerk, "{% rail %}")
    assert "Intake" in html
    assert "Dispatch" not in html


def test_an_item_whose_page_is_not_there_is_not_drawn(clerk):
    entry("Ghost", url_name="nowhere:page")
    assert "Ghost" not in drawn(clerk, "{% rail %}")


def people(number: int):
    """A list of that many."""
    Member.objects.bulk_create(
        Member(staff_no=f"P{n:03}", name="员", pinyin="yuan", home_unit=Unit.objects.first()) for n in range(number)
    )
    return Member.objects.filter(staff_no__startswith="P")


def test_figures_are_asked_for_this_person_in_one_query(clerk, django_assert_num_queries):
    rows, asked = people(12), []
    entry("Mine", rows=lambda who: asked.append(who) or rows)
    entry("Theirs", url_name="common:healthz", rows=lambda who: rows.filter(staff_no__endswith="1"))
    contributions.bell.register("x", lambda who: rows.none())
    assert clerk.roles
    with django_assert_num_queries(1):
        html = drawn(clerk, "{% rail %}{% topbar %}")
    assert re.findall(r"<em>(.*?)</em>", html) == ["12", "2"]
    assert asked == [clerk]


@pytest.mark.parametrize(("count", "figure"), [(0, None), (99, "99"), (100, "99+"), (101, "99+")])
def test_a_figure_of_nothing_is_not_shown_and_a_large_one_is_capped(clerk, count, figure):
    rows = people(count)
    entry("Mine", rows=lambda who: rows)
    assert re.findall(r"<em>(.*?)</em>", drawn(clerk, "{% rail %}")) == ([figure] if figure else [])


def test_the_page_can_name_its_item_and_else_the_longest_address_wins(clerk):
    entry("Start", url_name="common:language")
    entry("Health", url_name="common:health")
    by_path = drawn(clerk, "{% rail %}", path="/settings/health/")
    assert re.search(r'aria-current="page".*?<span>Health', by_path, re.S)
    named = drawn(clerk, "{% rail %}", path="/settings/health/", menu_at="common:language")
    assert re.search(r'aria-current="page".*?<span>Start', named, re.S)


@pytest.mark.parametrize(("items", "spare", "more"), [(5, 0, False), (6, 2, True), (8, 4, True)])
def test_a_narrow_screen_has_at_most_five_places(clerk, items, spare, more):
    for n in range(items):
        entry(f"Item {n}")
    html = drawn(clerk, "{% rail %}")
    assert html.split("dh-more")[0].count("dh-spare") == spare
    assert ("dh-more" in html) is more


REAL_MENU = list(contributions.menu)  # taken before the fixture empties it for each test


@pytest.mark.parametrize("item", REAL_MENU, ids=lambda item: item.url_name)
def test_every_registered_item_leads_to_a_page(item):
    """An item that cannot be reached would vanish silently."""
    assert reverse(item.url_name)


# ── top bar ─────────────────────────────────────────────────────────────


def test_the_worst_pulse_is_shown_and_has_its_banner(clerk):
    pulse.pulses.register("sweep", lambda now: Pulse(ok=True, age_s=9))
    pulse.pulses.register("sender", lambda now: Pulse(ok=False, age_s=252, banner_title="The sender is behind"))
    bar, banner = drawn(clerk, "{% topbar %}"), drawn(clerk, "{% banners %}")
    assert "Clocks behind" in bar
    assert "The sender is behind" in banner
    assert banner.count("dh-banner") == 1


def test_while_all_beats_the_bar_shows_the_time_and_no_banner(clerk):
    pulse.pulses.register("sweep", lambda now: Pulse(ok=True, age_s=9))
    assert "Clocks running · 14:32" in drawn(clerk, "{% topbar %}")
    assert "dh-banner" not in drawn(clerk, "{% banners %}")


def test_pulses_that_stand_still_come_first_then_the_longest_silent():
    for name, ok, age in (("a", True, 99), ("b", False, 5), ("c", False, 50)):
        pulse.pulses.register(name, lambda now, ok=ok, age=age: Pulse(ok=ok, age_s=age))
    assert [(beat.ok, beat.age_s) for beat in pulse.take(NOW)] == [(False, 50), (False, 5), (True, 99)]


def test_the_bar_names_the_person_and_escapes_the_name(clerk):
    clerk.name = "<b>李"
    html = drawn(clerk, "{% topbar %}")
    assert "&lt;b&gt;李" in html
    assert clerk.home_unit.name in html


def test_the_search_box_keeps_what_was_looked_for(clerk):
    html = drawn(clerk, "{% topbar %}", search_text='陈淑"')
    assert 'value="陈淑&quot;"' in html
    assert 'action="/customers/"' in html


# ── language ────────────────────────────────────────────────────────────


def test_a_chosen_language_is_kept_in_the_browser_and_on_the_member(clerk):
    client = Client()
    client.force_login(clerk, backend="staff.backends.MemberBackend")
    answer = client.post("/language/", {"language": "en", "next": "/orders/?state=open"})
    assert answer.headers["Location"] == "/orders/?state=open"
    assert answer.cookies["django_language"].value == "en"
    clerk.refresh_from_db()
    assert clerk.language == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://evil.invalid/", "//evil.invalid/", "javascript:alert(1)", ""])
def test_the_switch_never_leads_away_from_the_site(back):
    assert Client().post("/language/", {"language": "en", "next": back}).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_language_we_do_not_speak_changes_nothing():
    answer = Client().post("/language/", {"language": "fr", "next": "/f/"})
    assert answer.status_code == 302
    assert "django_language" not in answer.cookies


@pytest.mark.django_db
def test_the_switch_is_post_only():
    assert Client().get("/language/").status_code == 405


@pytest.mark.django_db
def test_the_switch_refuses_a_form_without_its_key():
    assert Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}).status_code == 403

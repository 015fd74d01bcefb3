"""The public pages as they are served: what others typed is words everywhere, copies are cheap and never wrong."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from lxml import etree

from customers.models import Area
from outages.services.restoring import restore
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.town import HOUR, announced, dark, done, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
EVIL = """<script>alert('x')</script>]]>"&&lt;"""
SQUARE = [[111.0, 30.0], [111.1, 30.0], [111.1, 30.1], [111.0, 30.1], [111.0, 30.0]]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(db):
    load_shipped_leads()
    town = grid()
    for n, area in enumerate(town.areas[1:]):
        ring = [[x + n / 10, y] for x, y in SQUARE]
        Area.objects.filter(pk=area.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
    return town


@pytest.fixture
def window():
    return Client(headers={"accept-language": "en"})


def url(name, *args):
    return reverse(f"outages:{name}", args=args)


class TestMarkup:
    """A cause, a place and an area with markup in their names."""

    @pytest.fixture
    def outage(self, town):
        Area.objects.filter(pk=town.areas[1].pk).update(name=EVIL[:50])
        return dark(town, place=EVIL, reason=EVIL)

    @pytest.fixture
    def plan(self, town, outage):
        return announced(town, place=EVIL, reason=EVIL)

    @pytest.mark.parametrize("query", ["", "?show=planned", "?q=4200000101", "?q=alert", "?q=%3Cscript%3E"])
    def test_on_the_page_and_in_a_search(self, window, plan, query):
        answer = window.get(url("public") + query)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text

    def test_in_the_labels_of_the_map(self, window, outage):
        page = window.get(url("public")).text
        svg = page[page.index("<svg viewBox") : page.index('<p class="dh-map-key')]
        labels = etree.fromstring(svg[: svg.rindex("</svg>") + 6]).findall(".//text")
        assert EVIL[:50] in [label.text for label in labels]
        assert "<script" not in svg

    def test_in_cap(self, window, outage):
        alert = etree.fromstring(window.get(url("cap", outage.code)).content)
        texts = {node.tag.rpartition("}")[2]: node.text for node in alert.iter()}
        assert EVIL in texts["description"]
        assert texts["areaDesc"].startswith(EVIL[:50])
        assert not [node for node in alert.iter() if node.tag.endswith("script")]

    def test_in_rss(self, window, outage):
        feed = etree.fromstring(window.get(url("rss")).content)
        assert EVIL in feed.findtext("channel/item/description")
        assert feed.findtext("channel/item/title").startswith(EVIL)
        assert not feed.findall(".//script")

    def test_in_a_calendar(self, window, plan):
        (event,) = Calendar.from_ical(window.get(url("ical")).content).walk("VEVENT")
        assert EVIL in str(event["SUMMARY"])
        assert EVIL in str(event["DESCRIPTION"])

    def test_line_breaks_begin_no_line_of_a_calendar(self, town, window):
        announced(town, place="x\r\nATTACH:evil", reason="y\nBEGIN:VALARM")
        lines = window.get(url("ical")).content.decode().split("\r\n")
        assert not [line for line in lines if line.startswith(("ATTACH", "BEGIN:VALARM"))]

    def test_in_json(self, window, outage):
        answer = window.get(url("json"))
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert json.loads(answer.content)["outages"][0]["reason"] == EVIL


class TestKept:
    """The page is drawn once for everybody who speaks a language, until anything changes."""

    def test_the_second_reader_costs_one_question(self, town, window, django_assert_num_queries):
        dark(town)
        window.get(url("public"))
        with django_assert_num_queries(1):
            again = Client(headers={"accept-language": "en"}).get(url("public"))
        assert "东苑街道一带" in again.text

    def test_any_change_is_seen_at_once(self, town, window):
        outage = dark(town)
        assert "东苑街道一带" in window.get(url("public")).text
        done(restore, outage, town.lead, now=NOON + timedelta(minutes=4))
        assert "东苑街道一带" not in window.get(url("public")).text

    def test_a_change_committed_after_a_later_one_is_seen(self, town, window):
        dark(town, place="甲")
        window.get(url("public"))
        slow = dark(town, place="乙")
        type(slow).objects.filter(pk=slow.pk).update(changed_at=NOON - timedelta(seconds=5))
        assert "乙" in window.get(url("public")).text

    def test_languages_lists_and_lengths_are_kept_apart(self, town, window):
        dark(town)
        announced(town, place="云集一带")
        pages = [
            window.get(url("public") + query, headers={"accept-language": language}).text
            for query in ("", "?show=planned", "?show=back", "?show=now&all=1")
            for language in ("en", "zh-CN")
        ]
        assert len({page[page.index("dh-power-now") :] for page in pages}) >= 6

    def test_each_reader_has_a_token_of_their_own(self, town):
        answers = [Client().get(url("public")) for _ in range(2)]
        assert len({answer.cookies["csrftoken"].value for answer in answers}) == 2
        assert "Cookie" in answers[0].headers["Vary"]

    def test_made_time_is_that_of_the_drawing(self, town, window, clock):
        window.get(url("public"))
        clock.shift(20)
        assert 'data-made="2026-11-20T14:37:10+08:00"' in window.get(url("public")).text
        clock.shift(60)
        assert 'data-made="2026-11-20T14:38:30+08:00"' in window.get(url("public")).text


class TestMade:
    def test_every_page_says_when_it_was_made(self, town, window):
        outage = dark(town, scope=Scope(feeders=frozenset({town.east.pk})))
        for address in (url("public"), url("public_one", outage.code), url("public") + "?q=4200000101"):
            page = window.get(address).text
            assert "As of 14:37" in page
            assert "js/old.js" in page

    def test_lists_renew_themselves_without_script_a_search_does_not(self, town, window):
        assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in window.get(url("public")).text
        assert 'http-equiv="refresh"' not in window.get(url("public") + "?q=4200000101").text

    def test_card_leads_to_messages_while_there_is_something_to_come(self, town, window):
        outage = dark(town)
        assert f"?outage={outage.code}" in window.get(url("public")).text
        done(restore, outage, town.lead, now=NOON + timedelta(minutes=4))
        assert f"?outage={outage.code}" not in window.get(url("public") + "?show=back").text

    def test_calendar_polled_every_second_for_a_minute_is_drawn_at_most_twice(self, town, window, clock):
        announced(town, starts_at=NOON + 200 * HOUR, ends_at=NOON + 201 * HOUR)
        known, drawn = {}, 0
        for _ in range(60):
            answer = window.get(url("ical"), headers=known)
            drawn += answer.status_code == 200
            known = {"if-none-match": answer.headers["ETag"]}
            clock.shift(1)
        assert drawn == 2  # one for each minute of the clock

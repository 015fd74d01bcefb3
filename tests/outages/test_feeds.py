"""Feeds for other programs: each valid by its own schema, each saying what the page says."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from customers.models import Area
from outages.choices import Kind, State
from outages.feeds.cap import SPACE
from outages.models import Outage
from outages.services.announcing import cancel, postpone
from outages.services.restoring import estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.town import DAY, HOUR, announced, dark, done, grid, written
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT.parent / "shared" / "data" / "schemas"
SQUARE = [[111.0, 30.0], [111.1, 30.0], [111.1, 30.1], [111.0, 30.1], [111.0, 30.0]]


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.SITE_URL = "https://power.example.org"
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=5))
    load_shipped_leads()
    town = grid()
    for n, area in enumerate(town.areas[1:]):
        ring = [[x + n / 10, y] for x, y in SQUARE]
        Area.objects.filter(pk=area.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
    return town


def got(name, *args, language="zh-CN", **query):
    answer = Client(headers={"accept-language": language}).get(reverse(f"outages:{name}", args=args), query)
    assert answer.status_code == 200
    return answer


class TestCap:
    def read(self, outage):
        return etree.fromstring(got("cap", outage.code).content)

    def text(self, alert, path):
        return [node.text for node in alert.iterfind("/".join(f"{{{SPACE}}}{part}" for part in path.split("/")))]

    @pytest.mark.parametrize("schema", ["cap12.xsd", "cap12_extended.xsd"])
    @pytest.mark.parametrize("story", ["dark", "estimated", "back", "announced", "postponed", "cancelled"])
    def test_valid_at_every_turn(self, town, story, schema):
        outage = announced(town) if story in ("announced", "postponed", "cancelled") else dark(town)
        if story == "estimated":
            done(estimate, outage, town.dispatcher, reason="要换一段", next_news_at=NOON + HOUR)
        if story == "back":
            done(restore, outage, town.lead, now=NOON + timedelta(minutes=4))
        if story == "postponed":
            done(postpone, outage, town.dispatcher, reason="下雨")
        if story == "cancelled":
            done(cancel, outage, town.dispatcher, reason="不停了")
        etree.XMLSchema(etree.parse(SCHEMAS / "cap12" / schema)).assertValid(self.read(outage))

    def test_update_and_cancel_refer_to_every_word_before(self, town):
        outage = announced(town)
        first = self.read(outage)
        assert (self.text(first, "msgType"), self.text(first, "references")) == (["Alert"], [])
        later = {"starts_at": NOON + 15 * DAY, "ends_at": NOON + 15 * DAY + HOUR}
        done(postpone, outage, town.dispatcher, reason="下雨", **later)
        assert self.text(self.read(outage), "msgType") == ["Update"]
        done(cancel, outage, town.dispatcher, reason="不停了")
        last = self.read(outage)
        sent = "2026-11-20T14:32:10+08:00"
        known = " ".join(f"outages@power.example.org,{outage.code}.{n},{sent}" for n in (1, 2))
        assert (self.text(last, "msgType"), self.text(last, "references")) == (["Cancel"], [known])
        assert self.text(last, "identifier") == [f"{outage.code}.3"]
        assert self.text(last, "info/responseType") == ["AllClear", "AllClear"]

    def test_both_languages_and_the_areas_outline(self, town):
        alert = self.read(dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk}))))
        assert self.text(alert, "info/language") == ["zh-CN", "en-US"]
        assert self.text(alert, "info/area/areaDesc") == ["东苑街道"] * 2
        polygon = self.text(alert, "info/area/polygon")[0].split()
        assert (polygon[0], polygon[-1], len(polygon)) == ("30.0,111.0", "30.0,111.0", 5)

    def test_markup_and_forbidden_letters_in_a_reason_are_harmless(self, town):
        outage = dark(town, reason="<script>alert(1)</script> & \x0b坏了")
        described = self.text(self.read(outage), "info/description")[0]
        assert "<script>alert(1)</script> & 坏了" in described


class TestJson:
    def test_valid_by_its_published_schema(self, town):
        announced(town)
        dark(town, reason="")
        done(restore, dark(town), town.lead, now=NOON + timedelta(minutes=4))
        found = got("json").json()
        schema = json.loads((ROOT / "docs" / "outages-feed.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(found)
        assert [one["state"] for one in found["outages"]] == ["under_way", "published", "restored"]
        assert found["outages"][0]["off_since"] == "2026-11-20T14:32:10+08:00"

    def test_an_area_narrows_and_a_district_has_its_parts(self, town):
        outage = dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        for area, seen in (("A-0", [outage.code]), ("A-D", [outage.code]), ("A-1", [])):
            assert [one["id"] for one in got("json", area=area).json()["outages"]] == seen
        assert Client().get(reverse("outages:json"), {"area": "nowhere"}).status_code == 404

    def test_nothing_of_drafts_and_of_one_customer(self, town):
        written(town)
        own = written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[0].pk})))
        Outage.objects.filter(pk=own.pk).update(state=State.UNDER_WAY, began_at=NOON, published_at=NOON)
        assert got("json").json()["outages"] == []
        assert Client().get(reverse("outages:cap", args=[own.code])).status_code == 404


class TestRss:
    def test_valid_and_the_newest_word_first(self, town):
        announced(town)
        outage = dark(town, reason="<b>坏了</b>")
        done(
            estimate, outage, town.dispatcher, now=NOON + timedelta(minutes=1), reason="x", expected_at=NOON + 3 * HOUR
        )
        tree = etree.fromstring(got("rss").content)
        for atom in tree.iterfind("channel/{http://www.w3.org/2005/Atom}link"):
            atom.getparent().remove(atom)  # an extension the schema of RSS itself does not know
        etree.XMLSchema(etree.parse(SCHEMAS / "rss-2_0.xsd")).assertValid(tree)
        assert tree.findtext("channel/item/guid") == f"{outage.code}.2"
        assert "预计 17:32 前来电" in tree.findtext("channel/item/title")
        assert "<b>" in tree.findtext("channel/item/description")  # as text, not as markup of the feed


class TestCalendar:
    def events(self, **query):
        return list(Calendar.from_ical(got("ical", **query).content).walk("VEVENT"))

    def test_planned_ones_with_their_window(self, town):
        outage = announced(town)
        dark(town)
        (event,) = self.events()
        assert str(event["UID"]) == f"{outage.code}@power.example.org"
        assert event.decoded("DTSTART") == outage.starts_at
        assert event.decoded("DTEND") == outage.ends_at
        raw = got("ical").content
        assert b"\r\n" in raw
        assert all(len(line) <= 75 for line in raw.split(b"\r\n"))

    def test_a_change_raises_the_sequence_and_a_cancel_says_so(self, town):
        outage = announced(town)
        first = int(self.events()[0]["SEQUENCE"])
        done(cancel, outage, town.dispatcher, reason="不停了")
        (event,) = self.events()
        assert int(event["SEQUENCE"]) > first
        assert str(event["STATUS"]) == "CANCELLED"

    def test_one_area(self, town):
        announced(town)
        assert len(self.events(area="A-0")) == 1
        announced(town, scope=Scope(transformers=frozenset({town.boxes[2].pk})))
        assert len(self.events(area="A-0")) == 1


class TestPolled:
    @pytest.mark.parametrize("name", ["json", "rss", "ical"])
    def test_a_client_that_asks_every_second_costs_one_question(self, town, name, django_assert_num_queries):
        dark(town)
        first = got(name)
        tag = first.headers["ETag"]
        assert "max-age=60" in first.headers["Cache-Control"]
        client = Client(headers={"accept-language": "zh-CN", "if-none-match": tag})
        with django_assert_num_queries(1):
            assert client.get(reverse(f"outages:{name}")).status_code == 304
        done(restore, Outage.objects.get(), town.lead, now=NOON + timedelta(minutes=4))
        assert client.get(reverse(f"outages:{name}")).status_code == 200

    def test_feeds_do_not_grow_in_queries(self, town, django_assert_max_num_queries):
        for _ in range(4):
            dark(town)
        with django_assert_max_num_queries(9):
            got("json")

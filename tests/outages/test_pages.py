"""Pages of the outages room: the desk's, and those for everybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outages.choices import Kind, State
from outages.models import Outage
from outages.selectors.places import touching
from outages.services.announcing import cancel
from outages.services.restoring import restore, restore_part
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.town import DAY, HOUR, announced, dark, done, grid, written
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db, settings):
    settings.REQUIRE_TOTP = False
    load_shipped_leads()
    return grid()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=5))


def desk_of(member):
    client = Client(headers={"accept-language": "en"})
    client.force_login(member, backend="staff.backends.MemberBackend")
    return client


def page(client, name, *args, **query):
    return client.get(reverse(f"outages:{name}", args=args), query)


def form_of(town, **more):
    return {
        "request_id": str(uuid4()), "kind": Kind.FAULT, "unit": town.station.pk, "feeder": town.east.pk,
        "place": "东苑街道一带", "reason": "电缆坏了", "cause": "unknown", "boundary": "unknown", "live_line": "",
        "feeders": [town.east.pk], "accounts": "",
    } | more  # fmt: skip


class TestWriting:
    def test_written_down_and_led_to_its_page(self, town):
        answer = desk_of(town.writer).post(reverse("outages:new"), form_of(town), follow=True)
        outage = Outage.objects.get()
        assert answer.redirect_chain[-1][0] == reverse("outages:detail", args=[outage.code])
        assert "4 customers" in " ".join(answer.text.split()).replace("</b>", "").replace('<b class="dh-num">', "")

    def test_a_double_click_writes_once(self, town):
        desk, data = desk_of(town.writer), form_of(town)
        for _ in range(2):
            desk.post(reverse("outages:new"), data)
        assert Outage.objects.count() == 1

    def test_pasted_accounts_are_found_and_wrong_ones_named(self, town):
        desk = desk_of(town.writer)
        data = form_of(town, feeders=[], accounts="4200000100，4200000103\n9999999999")
        answer = desk.post(reverse("outages:new"), data)
        assert answer.status_code == 422
        assert "9999999999" in str(answer.context["form"].errors["accounts"])
        assert "4200000103" in answer.text  # what was typed is still there
        desk.post(reverse("outages:new"), data | {"accounts": "4200000100，4200000103"})
        assert Outage.objects.get().picks.count() == 3  # the first has two places

    def test_what_is_wrong_is_said_at_its_field(self, town):
        answer = desk_of(town.writer).post(reverse("outages:new"), form_of(town, kind=Kind.PLANNED))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["starts_at"])
        assert 'value="东苑街道一带"' in answer.text

    def test_change_of_what_was_told_asks_why(self, town):
        outage, desk = dark(town), desk_of(town.writer)
        data = form_of(town, place="云集街道", revision=outage.revision)
        answer = desk.post(reverse("outages:edit", args=[outage.code]), data)
        assert list(answer.context["form"].errors) == ["change_reason"]
        desk.post(reverse("outages:edit", args=[outage.code]), data | {"change_reason": "写错了街道"})
        outage.refresh_from_db()
        assert (outage.place, outage.version) == ("云集街道", 2)

    def test_form_of_an_outage_begins_with_what_it_is(self, town):
        outage = written(
            town, scope=Scope(supply_points=frozenset({town.points[5].pk}), transformers=frozenset({town.boxes[0].pk}))
        )
        shown = page(desk_of(town.writer), "edit", outage.code)
        assert "4200000104" in shown.text
        assert f'name="transformers" value="{town.boxes[0].pk}" checked' in shown.text


class TestActing:
    def test_acts_offered_are_those_that_work(self, town):
        outage = written(town, Kind.PLANNED)
        shown = page(desk_of(town.writer), "detail", outage.code)
        assert "Somebody else has to check it." in shown.text
        assert [o.spec.verb for o in page(desk_of(town.dispatcher), "detail", outage.code).context["page"].offers][
            0
        ] == "check"

    def test_fault_goes_dark_in_one_step(self, town):
        outage, desk = written(town), desk_of(town.dispatcher)
        url = reverse("outages:act", args=[outage.code, "begin"])
        assert "4 customers" in desk.get(url).text
        answer = desk.post(url, {"request_id": str(uuid4()), "expected_at": "2026-11-20T16:30"})
        assert answer.status_code == 302
        outage.refresh_from_db()
        assert (outage.state, outage.expected_at) == (State.UNDER_WAY, NOON.replace(hour=16, minute=30, second=0))

    def test_refusal_stands_at_its_field_and_nothing_is_lost(self, town):
        outage, desk = dark(town), desk_of(town.dispatcher)
        url = reverse("outages:act", args=[outage.code, "estimate"])
        answer = desk.post(url, {"reason": "要换一段电缆", "expected_at": "2026-11-20T12:00"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["expected_at"])
        assert "要换一段电缆" in answer.text

    def test_parts_are_ticked_by_name(self, town):
        outage, desk = dark(town), desk_of(town.dispatcher)
        url = reverse("outages:act", args=[outage.code, "restore-part"])
        assert "0 号变" in desk.get(url).text
        desk.post(url, {"transformers": [town.boxes[0].pk]})
        assert outage.steps.count() == 2

    def test_clerks_read_and_do_not_act(self, town):
        outage, desk = dark(town), desk_of(town.clerk)
        assert page(desk, "detail", outage.code).status_code == 200
        assert desk.post(reverse("outages:act", args=[outage.code, "restore"])).status_code == 403
        assert desk.get(reverse("outages:new")).status_code == 403

    def test_an_act_there_is_not(self, town):
        assert page(desk_of(town.dispatcher), "act", dark(town).code, "explode").status_code == 404


class TestList:
    def test_those_that_are_over_are_a_filter_away(self, town):
        outage = dark(town)
        desk = desk_of(town.clerk)
        assert outage.code in page(desk, "list").text
        done(restore, outage, town.lead, now=NOON + HOUR)
        assert outage.code not in page(desk, "list").text
        assert outage.code in page(desk, "list", standing="ended").text

    def test_words_narrow(self, town):
        outage = dark(town)
        desk = desk_of(town.clerk)
        assert outage.code in page(desk, "list", q="夷兴").text
        assert outage.code not in page(desk, "list", q="没有这条").text

    def test_one_customers_own_matter_is_for_their_unit(self, town):
        outage = written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[0].pk})))
        assert page(desk_of(town.clerk), "detail", outage.code).status_code == 404
        assert page(desk_of(town.lead), "detail", outage.code).status_code == 200

    def test_two_of_one_feeder_could_be_one(self, town):
        first, second = dark(town), dark(town)
        shown = page(desk_of(town.dispatcher), "detail", first.code)
        assert "Could be one and the same" in shown.text
        assert second.code in shown.text


class TestPublic:
    """Without a login, and nothing that others should not read."""

    def test_what_is_off_says_since_when_and_until_when(self, town):
        outage = dark(town)
        shown = page(Client(headers={"accept-language": "en"}), "public")
        assert "off since 14:32" in shown.text
        assert "Power expected back by 16:32" in shown.text
        assert reverse("outages:public_one", args=[outage.code]) in shown.text
        assert "max-age=60" in shown.headers["Cache-Control"]

    def test_drafts_and_one_customers_matters_are_nowhere(self, town):
        plan = written(town, Kind.PLANNED)
        own = written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[0].pk})))
        Outage.objects.filter(pk=own.pk).update(state=State.UNDER_WAY, began_at=NOON)
        for outage in (plan, own):
            assert page(Client(), "public_one", outage.code).status_code == 404
        shown = page(Client(), "public")
        assert "东苑" not in shown.text

    def test_no_house_and_no_person_is_named(self, town):
        outage = dark(town)
        for shown in (page(Client(), "public"), page(Client(), "public_one", outage.code)):
            assert not any(word in shown.text for word in ("果园二路", "陈0", "邓写", "覃国栋", "4200000100"))

    def test_planned_and_back_have_their_tabs(self, town):
        announced(town)
        assert "Outage" in page(Client(headers={"accept-language": "en"}), "public", show="planned").text
        outage = dark(town)
        done(restore, outage, town.lead, now=NOON + timedelta(minutes=4))
        assert "Power back since 14:36" in page(Client(headers={"accept-language": "en"}), "public", show="back").text

    def test_called_off_stays_readable_for_who_has_its_address(self, town):
        outage = done(cancel, announced(town), town.dispatcher, reason="不停了")
        shown = page(Client(headers={"accept-language": "en"}), "public_one", outage.code)
        assert "Called off: the power stays on" in shown.text
        assert "不停了" in shown.text

    def test_called_off_after_it_was_told_was_told(self, town):
        told = done(cancel, announced(town), town.dispatcher, reason="不停了")
        silent = done(cancel, written(town, Kind.PLANNED), town.writer, reason="写错了")
        words = "Nobody has been told yet"
        assert words not in page(desk_of(town.writer), "detail", told.code).text
        assert words in page(desk_of(town.writer), "detail", silent.code).text

    def test_what_was_said_before_it_was_told_stays_inside(self, town):
        outage = announced(town)
        shown = page(Client(headers={"accept-language": "en"}), "public_one", outage.code)
        assert len(shown.context["story"]) == 1

    def test_a_cause_with_markup_is_words(self, town):
        outage = dark(town, reason="<script>alert(1)</script>")
        for shown in (page(Client(), "public"), page(Client(), "public_one", outage.code)):
            assert "<script>alert" not in shown.text
            assert "&lt;script&gt;" in shown.text

    def test_map_shows_areas_that_are_off_and_planned(self, town):
        square = [[111.0, 30.0], [111.1, 30.0], [111.1, 30.1], [111.0, 30.1], [111.0, 30.0]]
        for n, area in enumerate(town.areas[1:]):
            ring = [[x + n / 10, y] for x, y in square]
            type(area).objects.filter(pk=area.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
        announced(town, scope=Scope(feeders=frozenset({town.west.pk})))
        dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        shapes = page(Client(), "public").context["page"].map.shapes
        assert {s.name: s.look for s in shapes} == {"东苑": "off", "云集": "planned"}

    @pytest.mark.parametrize("number", [1, 5])
    def test_queries_do_not_grow(self, town, django_assert_max_num_queries, number):
        for _ in range(number):
            dark(town)
        with django_assert_max_num_queries(8):
            page(Client(), "public")


class TestAtAPlace:
    def test_power_at_a_supply_point(self, town):
        outage = dark(town)
        found = touching(town.points, NOON)
        assert set(found) == {p.pk for p in town.points[:5]}
        done(restore_part, outage, town.lead, now=NOON + HOUR, transformers=[town.boxes[0].pk])
        assert set(touching(town.points, NOON)) == {p.pk for p in town.points[3:5]}

    def test_what_is_off_comes_before_what_is_to_come(self, town):
        plan, fault = announced(town), dark(town)
        assert touching(town.points[:1], NOON)[town.points[0].pk] == fault
        done(restore, fault, town.lead, now=NOON + HOUR)
        assert touching(town.points[:1], NOON)[town.points[0].pk] == plan
        assert touching(town.points[:1], NOON + 9 * DAY) == {}

    def test_clerk_hears_of_it_before_an_order_is_opened(self, town):
        dark(town)
        desk = desk_of(town.clerk)
        query = {"customer": "4200000101"}
        shown = desk.get(reverse("workorders:intake_kind", args=["fault"]), query)
        assert "This place is in a known outage" in shown.text
        assert "Power expected back by 16:32" in shown.text
        panel = desk.get(reverse("customers:detail", args=["4200000101"]))
        assert "Fault outage off since 14:32" in panel.text

"""Callers without power: put to a known outage, pointing at an unknown one, or in the dark after it is over."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refusal
from customers import masking
from notifications.models import Message
from outages.inference import Sighting, suspicions
from outages.models import Report
from outages.selectors.places import was_touching
from outages.selectors.reports import hints
from outages.services.reporting import attach
from outages.services.restoring import estimate, restore, restore_part
from outages.services.shipping import load_shipped_leads
from outages.services.telling import spread_waiting
from tests.outages.test_pages import desk_of, page
from tests.outages.town import HOUR, MIN, dark, done, grid
from tests.workorders.world import NOON, fault
from workorders.models import WorkOrder
from workorders.services.rulebook import load_shipped_rules

LATER = NOON + 5 * MIN


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    load_shipped_rules()
    load_shipped_leads()
    return grid()


def put(town, outage, number=0, *, now=LATER, request_id=None, phone="13900001111"):
    point = town.points[number]
    return attach(
        code=outage.code, customer=point.customer, point=point, phone=phone, text="", actor=town.clerk, now=now,
        request_id=request_id or uuid4(),
    )  # fmt: skip


@pytest.mark.django_db
class TestPutToIt:
    def test_counted_and_told_at_once_and_later(self, town):
        outage = dark(town)
        put(town, outage)
        first = Message.objects.get(address="13900001111")
        assert (first.kind, first.urgent, first.not_before) == ("outage_off", True, LATER)
        first.state, first.sent_at = "sent", LATER
        first.save()
        done(estimate, outage, town.dispatcher, now=LATER, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread_waiting(now=LATER)
        assert Message.objects.filter(kind="outage_estimate", address="13900001111").count() == 1

    def test_the_same_press_twice_counts_once(self, town):
        outage, key = dark(town), uuid4()
        for _ in range(2):
            put(town, outage, request_id=key)
        assert (Report.objects.count(), Message.objects.filter(member=None).count()) == (1, 1)

    def test_a_landline_is_counted_and_not_texted(self, town):
        put(town, dark(town), phone="07176543210")
        assert (Report.objects.count(), Message.objects.filter(member=None).count()) == (1, 0)

    @pytest.mark.parametrize("what", ["over", "part", "elsewhere"])
    def test_a_place_that_is_not_dark_by_it_gets_an_order(self, town, what):
        outage = dark(town)
        if what == "over":
            done(restore, outage, town.lead, now=LATER)
        if what == "part":
            done(restore_part, outage, town.lead, now=LATER, transformers=[town.boxes[0].pk])
        with pytest.raises(Refusal):
            put(town, outage, 5 if what == "elsewhere" else 0)

    def test_clerk_does_it_from_the_intake(self, town):
        outage, desk = dark(town), desk_of(town.clerk)
        shown = desk.get(reverse("workorders:intake_kind", args=["fault"]), {"customer": "4200000101"})
        assert f"/outages/{outage.code}/attach/?customer=4200000101" in shown.text
        url = reverse("outages:attach", args=[outage.code]) + f"?customer=4200000101&point={town.points[1].pk}"
        form = desk.get(url)
        masked = masking.phone("13912340001")
        assert f'value="{masked}"' in form.text
        assert "13912340001" not in form.text
        answer = desk.post(url, {"request_id": str(uuid4()), "phone": masked, "text": "冰箱里有药"})
        assert answer.url == reverse("workorders:intake")
        report = Report.objects.get()
        assert (report.phone, report.text, WorkOrder.objects.exclude(kind="task").count()) == (
            "13912340001",
            "冰箱里有药",
            0,
        )

    def test_a_wrong_number_is_said_and_kept(self, town):
        outage = dark(town)
        url = reverse("outages:attach", args=[outage.code]) + f"?customer=4200000101&point={town.points[1].pk}"
        answer = desk_of(town.clerk).post(url, {"phone": "12", "text": "冰箱里有药"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["phone"])
        assert "冰箱里有药" in answer.text


@pytest.mark.django_db
class TestAfterIt:
    def test_still_dark_when_it_is_over_is_a_fault_of_their_own(self, town):
        outage = dark(town)
        assert was_touching(town.points[0], LATER) is None
        done(restore_part, outage, town.lead, now=LATER, transformers=[town.boxes[0].pk])
        assert was_touching(town.points[0], LATER) == outage
        assert was_touching(town.points[3], LATER) is None
        done(restore, outage, town.lead, now=LATER)
        assert was_touching(town.points[3], LATER) == outage
        assert was_touching(town.points[3], LATER + 25 * HOUR) is None
        desk = desk_of(town.clerk)
        shown = desk.get(reverse("workorders:intake_kind", args=["fault"]), {"customer": "4200000101"})
        assert "An outage here is just over" in shown.text
        assert "attach" not in shown.text


@pytest.mark.django_db
class TestHints:
    def report(self, town, number, **values):
        point = town.points[number]
        return fault(town.world, customer=point.customer, supply_point=point, now=NOON, **values)

    def test_two_places_of_a_transformer_point_at_it(self, town):
        self.report(town, 0)
        assert hints(town.dispatcher, LATER) == []
        second = self.report(town, 1)
        (hint,) = hints(town.dispatcher, LATER)
        assert (hint.device, hint.suspicion.places) == ("0 号变", 2)
        assert second.code in hint.orders

    def test_what_a_known_outage_explains_points_at_nothing(self, town):
        for number in (0, 1):
            self.report(town, number)
        dark(town)
        assert hints(town.dispatcher, LATER) == []

    def test_old_reports_and_other_troubles_do_not_count(self, town):
        self.report(town, 0, situation="voltage")
        self.report(town, 1)
        assert hints(town.dispatcher, LATER) == []
        self.report(town, 0)
        assert hints(town.dispatcher, NOON + 3 * HOUR) == []

    def test_one_press_leads_to_the_form_with_the_device_picked(self, town):
        for number in (0, 1, 3, 4):
            self.report(town, number)
        desk = desk_of(town.dispatcher)
        shown = page(desk, "list")
        assert "4 places without power point at 夷兴线" in shown.text
        form = page(desk, "new", kind="fault", feeders=town.east.pk)
        assert f'name="feeders" value="{town.east.pk}" checked' in form.text


def seen(place, box, feeder=1, minute=0):
    return Sighting(place, box, feeder, NOON + minute * MIN, f"BX-{place}")


class TestInference:
    """Pure: what would explain these reports."""

    def test_a_lone_report_explains_itself(self):
        assert suspicions([seen(1, 1)]) == []

    def test_one_place_calling_twice_is_one_place(self):
        assert suspicions([seen(1, 1), seen(1, 1, minute=3)]) == []

    def test_two_dark_transformers_are_the_feeder(self):
        (found,) = suspicions([seen(1, 1), seen(2, 1), seen(3, 2), seen(4, 2)])
        assert (found.transformer, found.places, found.transformers) == (None, 4, 2)

    def test_three_transformers_with_a_report_each_are_the_feeder(self):
        (found,) = suspicions([seen(n, n) for n in (1, 2, 3)])
        assert found.transformer is None

    def test_feeders_are_kept_apart_and_the_largest_comes_first(self):
        found = suspicions([seen(1, 1), seen(2, 1), *(seen(n, 9, feeder=2) for n in (5, 6, 7))])
        assert [(s.feeder, s.transformer, s.places) for s in found] == [(2, 9, 3), (1, 1, 2)]

    @given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5), st.integers(0, 60))))
    def test_every_suspicion_rests_on_two_places_and_the_order_of_calls_does_not_matter(self, calls):
        sightings = [seen(box * 10 + place, box, feeder=1 + box % 2, minute=at) for box, place, at in calls]
        found = suspicions(sightings)
        assert all(s.places >= 2 for s in found)
        assert found == suspicions(sightings[::-1])

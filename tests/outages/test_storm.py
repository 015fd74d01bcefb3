"""Storm mode: two people, alarms summed up, over by itself to the second."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common import pulse
from common.access import Denied
from common.errors import Refusal
from notifications.models import Message
from outages.models import Storm
from outages.selectors.storms import storm_of, storms_between, units_in_storm
from outages.services.storming import begin_storm, call_storm, end_storm, send_digests
from tests.outages.test_pages import desk_of, page
from tests.workorders.world import NOON, build, fault
from workorders.models import Alarm
from workorders.services.rulebook import load_shipped_rules
from workorders.services.sweep import sweep
from workorders.signals import pass_made

HOUR, MIN, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
END = NOON + 6 * HOUR
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db, settings):
    settings.REQUIRE_TOTP = False
    load_shipped_rules()
    pulse._heard.clear()
    return build()


def asked(town, *, actor=None, unit=None, until=END, request_id=None, reason="雷暴大风"):
    return call_storm(
        unit=unit or town.station, reason=reason, until=until, actor=actor or town.supervisor, now=NOON,
        request_id=request_id or uuid4(),
    )  # fmt: skip


def on(town, **own):
    return begin_storm(pk=asked(town, **own).pk, actor=town.manager, now=NOON)


def alarms_heard(member=None):
    rows = Message.objects.filter(kind__startswith="clock_")
    return rows.filter(member=member).count() if member else rows.count()


class TestTwoPeople:
    def test_asked_for_it_changes_nothing(self, town):
        asked(town)
        assert storm_of(town.crew, NOON) is None

    def test_the_second_person_switches_it_on_for_the_unit_and_all_below(self, town):
        storm = on(town)
        assert storm_of(town.crew, NOON) == storm
        assert {town.station.pk, town.crew.pk} <= units_in_storm(NOON)
        assert storm_of(town.company, NOON) is None

    def test_who_asked_cannot_switch_it_on(self, town):
        with pytest.raises(Denied):
            begin_storm(pk=asked(town).pk, actor=town.supervisor, now=NOON)

    def test_nor_can_the_database_be_told_so(self, town):
        storm = asked(town)
        with pytest.raises(IntegrityError), transaction.atomic():
            Storm.objects.filter(pk=storm.pk).update(begins_at=NOON, begun_by=storm.asked_by)

    def test_a_clerk_does_not_ask(self, town):
        with pytest.raises(Denied):
            asked(town, actor=town.clerk)

    @pytest.mark.parametrize(
        ("own", "field"),
        [
            ({"until": NOON}, "until"),
            ({"until": NOON + 24 * HOUR + SECOND}, "until"),
            ({"reason": " "}, "reason"),
        ],
    )
    def test_impossible_wishes_are_refused_at_their_field(self, town, own, field):
        with pytest.raises(Refusal) as refused:
            asked(town, **own)
        assert refused.value.field == field

    def test_one_is_open_at_a_time_and_the_same_press_is_one(self, town):
        key = uuid4()
        assert asked(town, request_id=key) == asked(town, request_id=key)
        with pytest.raises(Refusal):
            asked(town)


class TestOver:
    @pytest.mark.parametrize(("at", "holds"), [(END - SECOND, True), (END, False)])
    def test_by_itself_at_its_second(self, town, at, holds):
        on(town)
        assert bool(storm_of(town.crew, at)) is holds

    def test_ended_early_it_is_over_at_once(self, town):
        storm = on(town)
        end_storm(pk=storm.pk, actor=town.supervisor, now=NOON + HOUR)
        assert storm_of(town.crew, NOON + HOUR) is None
        assert [s.over_at for s in storms_between(NOON, END)] == [NOON + HOUR]

    def test_asked_for_and_never_switched_on_it_was_none(self, town):
        asked(town)
        assert storms_between(NOON, END) == []

    def test_too_late_to_switch_on(self, town):
        with pytest.raises(Refusal):
            begin_storm(pk=asked(town).pk, actor=town.manager, now=END)


class TestAlarms:
    def test_they_fire_and_nobody_is_called_one_by_one(self, town):
        on(town)
        fault(town, now=NOON)
        sweep(now=NOON + 46 * MIN)
        assert Alarm.objects.filter(stage="breach").exists()
        assert alarms_heard() == 0

    def test_danger_still_calls(self, town):
        on(town)
        fault(town, now=NOON, situation="danger")
        sweep(now=NOON + 46 * MIN)
        assert alarms_heard() > 0

    def test_another_unit_hears_its_own(self, town):
        on(town, unit=town.crew2)
        fault(town, now=NOON)
        sweep(now=NOON + 46 * MIN)
        assert alarms_heard() > 0

    def test_after_the_end_each_is_heard_again(self, town):
        on(town, until=NOON + 10 * MIN)
        fault(town, now=NOON)
        sweep(now=NOON + 46 * MIN)
        assert alarms_heard() > 0

    def test_every_half_hour_they_are_summed_up_once(self, town):
        on(town)
        fault(town, now=NOON)
        sweep(now=NOON + 29 * MIN)
        assert send_digests(now=NOON + 32 * MIN - SECOND) == 0
        assert send_digests(now=NOON + 32 * MIN) > 0
        assert send_digests(now=NOON + 32 * MIN) == 0
        digest = Message.objects.filter(kind="storm_digest").first()
        warned = Alarm.objects.filter(stage="warn").count()
        assert (digest.data["near"], digest.data["broken"]) == (warned, Alarm.objects.count() - warned)

    def test_the_last_ones_are_summed_up_at_the_end(self, town):
        on(town, until=NOON + 47 * MIN)
        fault(town, now=NOON)
        send_digests(now=NOON + 32 * MIN)
        sweep(now=NOON + 46 * MIN)
        assert send_digests(now=NOON + 48 * MIN) == 0
        assert send_digests(now=NOON + 49 * MIN) > 0
        assert send_digests(now=NOON + 50 * MIN) == 0

    def test_who_would_have_been_called_below_the_storms_unit_reads_the_sum(self, town):
        on(town, unit=town.company)
        fault(town, now=NOON)
        sweep(now=NOON + 29 * MIN)
        send_digests(now=NOON + 32 * MIN)
        assert Message.objects.filter(kind="storm_digest", member=town.lead).exists()

    def test_a_quiet_half_hour_sends_nothing(self, town):
        on(town)
        assert send_digests(now=NOON + 33 * MIN) == 0

    def test_a_pass_without_a_broker_sums_up_too(self, town):
        on(town)
        fault(town, now=NOON)
        sweep(now=NOON + 29 * MIN)
        pass_made.send(Alarm, now=NOON + 33 * MIN)
        assert Message.objects.filter(kind="storm_digest").exists()


class TestPages:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: NOON + MIN)

    def test_asked_for_and_switched_on_by_two(self, town):
        data = {"unit": town.station.pk, "reason": "雷暴大风", "until": "2026-11-20T20:00", "request_id": uuid4()}
        answer = desk_of(town.supervisor).post(reverse("outages:storm"), data)
        assert answer.status_code == 302
        storm = Storm.objects.get()
        own = desk_of(town.supervisor).post(reverse("outages:storm_begin", args=[storm.pk]))
        assert own.status_code == 403
        desk_of(town.manager).post(reverse("outages:storm_begin", args=[storm.pk]))
        storm.refresh_from_db()
        assert storm.begun_by == town.manager

    def test_every_page_says_so_while_it_is_on(self, town):
        storm = on(town)
        assert "雷暴大风" in page(desk_of(town.clerk), "list").text
        end_storm(pk=storm.pk, actor=town.supervisor, now=NOON)
        pulse._heard.clear()
        assert "雷暴大风" not in page(desk_of(town.clerk), "list").text

    def test_what_is_wrong_is_said_and_what_was_typed_is_there(self, town):
        data = {"unit": town.station.pk, "reason": "雷暴大风", "until": "2026-11-25T20:00"}
        answer = desk_of(town.supervisor).post(reverse("outages:storm"), data)
        assert (answer.status_code, "雷暴大风" in answer.text) == (422, True)

    def test_a_clerk_reads_and_does_not_ask(self, town):
        client = desk_of(town.clerk)
        assert page(client, "storm").status_code == 200
        assert client.post(reverse("outages:storm"), {}).status_code == 403

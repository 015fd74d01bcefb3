"""The city's power is cut and comes back, and everybody it concerned was told."""

import pytest

from notifications.models import Message
from outages.choices import Kind, State
from outages.models import Notice, Outage, OutageEvent
from tests.simulation.conftest import UNTIL

pytestmark = pytest.mark.django_db


def test_one_is_going_on_when_somebody_looks(town):
    outage = Outage.objects.filter(state=State.UNDER_WAY).latest("began_at")
    assert outage.customers > 0
    assert outage.expected_at > UNTIL


def test_nothing_happened_after_the_end(town):
    assert not OutageEvent.objects.filter(recorded_at__gt=UNTIL).exists()


def test_every_notice_was_spread_to_its_whole_list(town):
    assert not Notice.objects.filter(done_at__isnull=True).exists()
    for notice in Notice.objects.filter(kind="off").select_related("version"):
        keys = Message.objects.filter(dedupe_key__startswith=f"outage:{notice.pk}:")
        assert keys.count() == notice.queued
        assert notice.queued + notice.unreached <= notice.version.customers


def test_people_are_who_they_should_be(town):
    for event in OutageEvent.objects.filter(verb="approve").select_related("outage"):
        assert event.actor_id not in (event.outage.written_by_id, event.outage.checked_by_id)


def test_kinds_and_units_fit(town):
    for outage in Outage.objects.select_related("unit"):
        assert outage.unit.kind == "station"
        assert outage.kind in (Kind.FAULT, Kind.PLANNED)

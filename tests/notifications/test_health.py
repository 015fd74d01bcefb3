"""The sender behind: what the health page and the banner say, one second before and after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common import pulse
from notifications import contributions
from notifications.models import Message, SenderHeartbeat
from notifications.selectors import sender_state
from tests.notifications.factories import NOON, make_member, put
from tests.notifications.test_pages import as_member

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LIMIT = timedelta(seconds=180)


@pytest.fixture(autouse=True)
def three_minutes(settings) -> None:
    settings.STALE_AFTER_S, settings.PULSE_KEPT_S = 180, 0


def test_a_fresh_system_is_well():
    assert contributions.sender_pulse(NOON).ok
    assert contributions.sender_is_alive(NOON)[:2] == (True, 0)
    assert contributions.messages_go_out(NOON)[:2] == (True, 0)


def test_a_silent_sender_shows_after_three_minutes():
    SenderHeartbeat.objects.create(beat_at=NOON)
    assert contributions.sender_pulse(NOON + LIMIT).ok
    late = contributions.sender_pulse(NOON + LIMIT + SECOND)
    assert (late.ok, late.age_s, late.banner_url) == (False, 181, reverse("common:health"))
    assert contributions.sender_is_alive(NOON + LIMIT + SECOND)[:2] == (False, 181)


@pytest.mark.parametrize("fields", [{}, {"urgent": True}, {"channel": "email", "address": "a@b.org"}])
def test_a_message_that_should_have_gone_shows_even_when_a_sender_beats(fields: dict):
    put(**fields)
    SenderHeartbeat.objects.create(beat_at=NOON + LIMIT)
    assert contributions.messages_go_out(NOON + LIMIT)[:2] == (True, 180)
    assert contributions.messages_go_out(NOON + LIMIT + SECOND)[:2] == (False, 181)
    assert not contributions.sender_pulse(NOON + LIMIT + SECOND).ok


def test_a_message_stuck_in_flight_counts_too():
    row = put()
    Message.objects.filter(pk=row.pk).update(state="in_flight", lease_until=NOON + LIMIT)
    assert sender_state(NOON + LIMIT + SECOND).oldest_s == 181


def test_one_that_waits_for_the_morning_is_not_late():
    row = put(NOON.replace(hour=23))
    assert sender_state(row.not_before - SECOND).oldest_s == 0
    assert sender_state(row.not_before + SECOND).oldest_s == 1


def test_the_state_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        sender_state(NOON)


def test_the_banner_is_on_every_page_while_it_is_true(freeze):
    freeze("2026-11-20 12:05")
    SenderHeartbeat.objects.create(beat_at=NOON)
    page = as_member(make_member()).get(reverse("notifications:inbox")).content.decode()
    assert "Messages are 5 min behind" in page
    SenderHeartbeat.objects.update(beat_at=NOON + timedelta(minutes=4))
    assert "Messages are" not in as_member(make_member()).get(reverse("notifications:inbox")).content.decode()


def test_the_worst_pulse_comes_first():
    SenderHeartbeat.objects.create(beat_at=NOON - timedelta(hours=1))
    assert not pulse.take(NOON)[0].ok


def test_the_banner_speaks_the_language_of_each_reader(freeze, settings, monkeypatch):
    monkeypatch.setattr(pulse, "_heard", {})
    settings.PULSE_KEPT_S = 60
    freeze("2026-11-20 12:05")
    SenderHeartbeat.objects.create(beat_at=NOON)
    client = as_member(make_member())
    page = reverse("notifications:inbox")
    assert "Messages are 5 min behind" in client.get(page).content.decode()
    assert "短信发得慢了 5" in client.get(page, headers={"accept-language": "zh-CN"}).content.decode()

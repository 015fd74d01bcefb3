"""Messages are kept long enough and no longer."""

from datetime import timedelta

import pytest

from common.errors import Refusal
from notifications.checks import settings_make_sense
from notifications.models import Message
from notifications.services.retention import purge
from tests.notifications.factories import NOON, put

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=200)


@pytest.fixture(autouse=True)
def two_hundred_days(settings) -> None:
    settings.RETENTION_DAYS = 200


def finished(age: timedelta, **state) -> Message:
    row = put(NOON - age)
    Message.objects.filter(pk=row.pk).update(**({"state": "sent", "sent_at": NOON - age} | state))
    return row


def test_what_is_finished_goes_one_second_after_its_time():
    finished(KEPT + timedelta(seconds=1))
    kept = finished(KEPT)
    assert purge(now=NOON) == 1
    assert list(Message.objects.all()) == [kept]


def test_what_still_waits_stays_however_old():
    waiting = put(NOON - 2 * KEPT)
    assert purge(now=NOON) == 0
    assert list(Message.objects.all()) == [waiting]


def test_it_goes_in_batches_until_nothing_is_left():
    for _ in range(7):
        finished(2 * KEPT)
    finished(2 * KEPT, state="failed", sent_at=None)
    assert purge(now=NOON, batch=3) == 8
    assert not Message.objects.exists()


def test_under_half_a_year_it_is_refused(settings):
    settings.RETENTION_DAYS = 179
    finished(2 * KEPT)
    with pytest.raises(Refusal):
        purge(now=NOON)
    assert Message.objects.count() == 1
    assert "notifications.E001" in {found.id for found in settings_make_sense()}


def test_a_gateway_without_a_key_does_not_start(settings):
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "http://127.0.0.1:1/batch", ""
    assert "notifications.E002" in {found.id for found in settings_make_sense()}

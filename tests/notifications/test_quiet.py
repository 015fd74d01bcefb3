"""Quiet hours: one second before, at, one second after each border; and who is spared."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from notifications.models import Message, QuietHours
from notifications.quiet import quiet_until
from notifications.services.outbox import enqueue
from notifications.services.quiet_hours import set_quiet_hours
from notifications.services.sender import send_due
from staff.choices import Role
from tests.notifications.factories import NOON, SHANGHAI, make_member, note, put

TEN, SEVEN = time(22), time(7)
SECOND = timedelta(seconds=1)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (at(20, 22) - SECOND, None),
        (at(20, 22), at(21, 7)),
        (at(20, 22) + SECOND, at(21, 7)),
        (at(21, 0) - SECOND, at(21, 7)),
        (at(21, 0), at(21, 7)),
        (at(21, 0) + SECOND, at(21, 7)),
        (at(21, 7) - SECOND, at(21, 7)),
        (at(21, 7), None),
        (at(21, 7) + SECOND, None),
        (at(30, 23), datetime(2026, 12, 1, 7, tzinfo=SHANGHAI)),
    ],
)
def test_hours_across_midnight_end_the_next_morning(moment: datetime, until: datetime | None):
    assert quiet_until(moment, starts=TEN, ends=SEVEN, zone=SHANGHAI) == until


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (at(20, 12) - SECOND, None),
        (at(20, 12), at(20, 14)),
        (at(20, 14) - SECOND, at(20, 14)),
        (at(20, 14), None),
        (at(20, 22), None),
    ],
)
def test_hours_within_a_day_end_the_same_day(moment: datetime, until: datetime | None):
    assert quiet_until(moment, starts=time(12), ends=time(14), zone=SHANGHAI) == until


def test_equal_ends_mean_no_quiet_hours():
    assert quiet_until(at(20, 22), starts=TEN, ends=TEN, zone=SHANGHAI) is None


def test_the_wall_clock_is_the_companys_whatever_zone_the_instant_is_in():
    assert quiet_until(
        at(20, 23).astimezone(timezone.get_fixed_timezone(0)), starts=TEN, ends=SEVEN, zone=SHANGHAI
    ) == at(21, 7)


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_customers_message_waits_for_the_morning(channel: str):
    address = {"sms": "13900000000", "email": "c@example.org"}[channel]
    assert put(at(20, 22), channel=channel, address=address).not_before == at(21, 7)
    assert put(at(20, 22) - SECOND, channel=channel, address=address).not_before == at(20, 22) - SECOND


@pytest.mark.django_db
def test_an_urgent_message_and_one_to_staff_do_not_wait():
    night, member = at(20, 23), make_member()
    assert put(night, urgent=True).not_before == night
    assert put(night, member=member).not_before == night
    assert put(night, member=member, channel="sms").not_before == night


@pytest.mark.django_db
def test_quiet_hours_switched_off_hold_nothing_back():
    administrator = make_member(Role.ADMINISTRATOR)
    set_quiet_hours(is_on=False, starts=TEN, ends=SEVEN, version=0, actor=administrator, now=NOON)
    assert put(at(20, 23)).not_before == at(20, 23)


@pytest.mark.django_db
def test_quiet_hours_set_by_an_administrator_are_kept():
    administrator = make_member(Role.ADMINISTRATOR)
    set_quiet_hours(is_on=True, starts=time(20), ends=time(8), version=0, actor=administrator, now=NOON)
    assert put(at(20, 20)).not_before == at(21, 8)
    assert QuietHours.objects.get().updated_by == administrator


@pytest.mark.django_db
def test_a_message_that_missed_the_evening_is_put_off_and_costs_no_attempt(gateway):
    late = put(at(20, 21, 59))
    urgent = put(at(20, 21, 59), urgent=True)
    assert send_due(now=at(20, 22, 5)) == 1
    late.refresh_from_db()
    urgent.refresh_from_db()
    assert (late.state, late.not_before, late.attempts) == ("queued", at(21, 7), 0)
    assert urgent.state == "sent"
    assert send_due(now=at(21, 7) - SECOND) == 0
    assert send_due(now=at(21, 7)) == 1
    assert Message.objects.get(pk=late.pk).state == "sent"


@pytest.mark.django_db
def test_the_night_costs_one_query_more_whatever_the_number(django_assert_num_queries):
    notes = [note() for _ in range(200)]
    with django_assert_num_queries(2):
        assert enqueue(notes, now=at(20, 23)) == 200

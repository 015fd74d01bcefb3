"""Who turns up when."""

from datetime import date, timedelta
from random import Random

from django.utils.timezone import localtime

from simulation.arrivals import ASTRAY, LAST_MINUTES, STILL_WAITING, arrivals, last_hours, per_day, storm
from tests.conftest import moment
from workorders.choices import Kind

START, DAY = moment("2026-11-02 00:00"), timedelta(days=1)


def month(seed: int) -> list:
    return list(arrivals(Random(seed), START, START + 28 * DAY, 50))


def test_the_same_dice_give_the_same_arrivals():
    assert month(1) == month(1) != month(2)


def test_a_month_brings_about_the_rate_of_every_day_in_order():
    found = month(3)
    assert 28 * 50 * 0.88 < len(found) < 28 * 50 * 1.12
    assert found == sorted(found)
    assert found[0].at >= START
    assert found[-1].at < START + 28 * DAY


def test_questions_come_by_day_and_faults_also_at_night():
    night = [arrival for arrival in month(4) if localtime(arrival.at).hour < 5]
    assert night
    assert {arrival.kind for arrival in night} == {Kind.FAULT}


def test_sunday_is_quieter_than_monday():
    days = [localtime(arrival.at).weekday() for arrival in month(5)]
    assert days.count(6) < days.count(0)


def test_a_storm_breaks_in_the_afternoon_of_its_day():
    hit = storm(Random(1), date(2026, 11, 5), START, 40)
    assert len(hit) == 40
    assert all(arrival.storm and localtime(arrival.at).date() == date(2026, 11, 5) for arrival in hit)
    assert all(15 <= localtime(arrival.at).hour <= 21 for arrival in hit)


def test_last_hours_are_busy_to_the_last_minute_and_never_before_the_start():
    end = START + DAY
    busy = last_hours(end, START, len(LAST_MINUTES))
    assert end - busy[-1].at < timedelta(minutes=1)
    assert sum(arrival.astray for arrival in busy) == len(ASTRAY)
    assert len(last_hours(end, START, 0)) == STILL_WAITING
    assert last_hours(end, end - timedelta(seconds=30), 20) == busy[-1:]


def test_a_small_town_still_has_something_to_do():
    assert per_day(10) == 20
    assert per_day(2000) == per_day(50_000)

"""A week of duty: its days, the parts of shifts in them, the gaps."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from staff.models import Duty
from staff.weeks import days_of, monday_of, parse_week

HERE = ZoneInfo("Asia/Shanghai")


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


def shift(start, end):
    return Duty(starts_at=start, ends_at=end)


def spans(day):
    return [(part.starts_at, part.ends_at) for part in day.stretches]


@pytest.mark.parametrize("day", [16, 18, 22])
def test_week_begins_on_monday_whatever_day_is_named(day):
    assert monday_of(date(2026, 11, day)) == at(16, 0)
    assert parse_week(f"2026-11-{day}", date(2020, 1, 1)) == at(16, 0)


@pytest.mark.parametrize("nonsense", ["", "x", "2026-13-01", "2026-W47-x"])
def test_nonsense_is_this_week(nonsense):
    assert parse_week(nonsense, date(2026, 11, 20)) == at(16, 0)


def test_shift_over_midnight_lies_in_both_days():
    days = days_of(at(16, 0), [shift(at(16, 20, 30), at(17, 8, 30))])
    assert spans(days[0]) == [(at(16, 20, 30), at(17, 0))]
    assert spans(days[1]) == [(at(17, 0), at(17, 8, 30))]
    assert spans(days[2]) == []


def test_gaps_are_what_no_shift_covers():
    shifts = [shift(at(16, 8), at(16, 12)), shift(at(16, 11), at(16, 16)), shift(at(16, 18), at(17, 0))]
    assert days_of(at(16, 0), shifts)[0].gaps == [(at(16, 0), at(16, 8)), (at(16, 16), at(16, 18))]


def test_day_that_is_covered_or_not_planned_at_all_has_no_gap():
    days = days_of(at(16, 0), [shift(at(16, 0), at(17, 0))])
    assert [day.gaps for day in days] == [[]] * 7


def test_week_has_seven_days_that_touch():
    days = days_of(at(16, 0), [])
    assert len(days) == 7
    assert all(one.ends_at == two.starts_at for one, two in zip(days, days[1:], strict=False))
    assert days[-1].ends_at - days[0].starts_at == timedelta(days=7)

"""The shipped years against the State Council's notices, written down here day by day, and against two libraries."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from common.choices import DayKind, YearStatus
from common.workdays import plan_year, shipped_years, spell_times
from common.worktime import WorkCalendar

CN = ZoneInfo("Asia/Shanghai")

# State Council General Office notices for 2024, 2025 and 2026: Saturdays and Sundays that are worked.
MAKEUP = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
# The same notices: first and last day off of every holiday, weekends inside included.
HOLIDAYS = {
    2024: [
        ("01-01", "01-01"),
        ("02-10", "02-17"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-10", "06-10"),
        ("09-15", "09-17"),
        ("10-01", "10-07"),
    ],
    2025: [
        ("01-01", "01-01"),
        ("01-28", "02-04"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("05-31", "06-02"),
        ("10-01", "10-08"),
    ],
    2026: [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ],
}


def day_of(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")


def days_off(year: int) -> set[date]:
    found = set()
    for first, last in HOLIDAYS[year]:
        length = (day_of(year, last) - day_of(year, first)).days
        found |= {day_of(year, first) + timedelta(days=n) for n in range(length + 1)}
    return found


def shipped(year: int):
    found = next(item for item in shipped_years() if item.year == year)
    return found, plan_year(year, found.rows())


@pytest.fixture(scope="module")
def calendar(shipped_days) -> WorkCalendar:
    return WorkCalendar(CN, {}, shipped_days, last_day=max(shipped_days))


@pytest.mark.parametrize("year", MAKEUP)
def test_year_has_exactly_the_published_makeup_days_and_holidays(year):
    _file, plan = shipped(year)
    assert [d for d, p in plan.items() if p.kind == DayKind.MAKEUP] == [day_of(year, text) for text in MAKEUP[year]]
    assert {d for d, p in plan.items() if p.kind == DayKind.HOLIDAY} == days_off(year)


@pytest.mark.parametrize("day", [day_of(year, text) for year, texts in MAKEUP.items() for text in texts], ids=str)
def test_makeup_day_is_worked_and_counted(calendar, day):
    assert day.weekday() >= 5
    before = datetime.combine(day - timedelta(days=1), datetime.min.time(), CN)
    assert calendar.working_days_between(day - timedelta(days=1), day) == 1
    assert calendar.due_after_days(before.replace(hour=9), 1) == datetime(day.year, day.month, day.day, 18, tzinfo=CN)
    assert calendar.between(before + timedelta(days=1), before + timedelta(days=2)) == timedelta(hours=8)


@pytest.mark.parametrize("day", sorted(set().union(*map(days_off, HOLIDAYS))), ids=str)
def test_holiday_is_not_worked(calendar, day):
    assert not calendar.is_workday(day)
    assert not calendar.is_working(datetime(day.year, day.month, day.day, 10, tzinfo=CN))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_shipped_year_agrees_with_both_libraries_every_day(year):
    file, plan = shipped(year)
    assert file.status == YearStatus.PUBLISHED
    other = holidays.China(years=[year - 1, year, year + 1])
    for day, here in plan.items():
        assert bool(here.spells) == chinese_calendar.is_workday(day) == other.is_working_day(day), day


def test_2027_is_provisional_and_holds_the_statutory_days_and_those_in_lieu():
    file, plan = shipped(2027)
    assert file.status == YearStatus.PROVISIONAL
    statutory = {day for day in holidays.China(years=2027) if day.year == 2027}
    assert {day for day, p in plan.items() if p.kind == DayKind.HOLIDAY} == statutory
    assert not [day for day, p in plan.items() if p.kind == DayKind.MAKEUP]
    named = [p for p in plan.values() if p.kind == DayKind.HOLIDAY and not p.note.endswith("补假")]
    assert len(named) == 13  # Decree 795
    weekends = [p for p in named if p.day.weekday() >= 5]
    in_lieu = [p for p in plan.values() if p.note.endswith("补假")]
    assert len(weekends) == len(in_lieu) == 6


def test_shipped_years_follow_one_another_and_work_office_hours():
    years = [item.year for item in shipped_years()]
    assert years == list(range(years[0], years[-1] + 1))
    for item in shipped_years():
        _file, plan = shipped(item.year)
        hours = {spell_times(p.spells) for p in plan.values() if p.spells}
        assert [[f"{a:%H:%M}-{b:%H:%M}" for a, b in spells] for spells in hours] == [["08:00-12:00", "14:00-18:00"]]
        assert len(plan) == (date(item.year + 1, 1, 1) - date(item.year, 1, 1)).days


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("2026-02-13T17:00", 1, "2026-02-14"),  # Saturday worked before the Spring Festival
        ("2026-02-14T19:00", 1, "2026-02-24"),  # nine days off in a row
        ("2026-02-18T10:00", 5, "2026-02-28"),  # accepted on a holiday; Saturday the 28th is worked
        ("2026-09-19T10:00", 1, "2026-09-20"),  # accepted on a free Saturday, Sunday is worked
        ("2026-09-30T18:30", 2, "2026-10-09"),
        ("2026-10-08T09:00", 2, "2026-10-10"),
        ("2025-12-31T17:59", 1, "2026-01-04"),  # over the turn of the year into a worked Sunday
        ("2026-12-30T09:00", 2, "2027-01-04"),  # over the turn of the year into provisional days
    ],
)
def test_limit_in_working_days_over_holidays(calendar, accepted, days, due):
    at = datetime.fromisoformat(accepted).replace(tzinfo=CN)
    assert calendar.due_after_days(at, days).isoformat() == f"{due}T18:00:00+08:00"

"""The company's calendar as its readers see it: cached, named, provisional where it is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from common.calendars import company_calendar
from common.checks import calendar_days_ahead, calendar_runs_out
from common.contributions import health_checks
from common.models import CalendarStamp, WorkDay, WorkYear
from common.services.calendar import save_day
from common.worktime import BeyondCalendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CN = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, tzinfo=CN)
OFFICE = [["08:00", "12:00"], ["14:00", "18:00"]]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CN)


def close(day, **fields):
    return save_day(day=day, kind="holiday", spells=[], note="", actor=None, now=NOW, **fields)


def test_calendar_knows_its_ends():
    calendar = company_calendar()
    assert (calendar.first_day, calendar.last_day) == (date(2020, 1, 1), date(2027, 12, 31))
    assert calendar.published_until == date(2026, 12, 31)
    assert calendar.published_days_ahead(date(2026, 11, 21)) == 40
    assert calendar.published_days_ahead(date(2027, 3, 1)) == 0


def test_sums_run_through_published_and_provisional_days_and_stop_at_the_end():
    work = company_calendar().work
    assert work.due_after_days(at("2026-09-30T10:00"), 3) == at("2026-10-10T18:00")
    assert work.due_after_days(at("2027-02-04T10:00"), 1) == at("2027-02-11T18:00")
    with pytest.raises(BeyondCalendar):
        work.due_after_days(at("2027-12-30T10:00"), 2)


@pytest.mark.parametrize(
    ("start", "due", "provisional"),
    [
        ("2026-12-30T10:00", "2026-12-31T18:00", False),
        ("2026-12-30T10:00", "2027-01-01T00:00", False),  # midnight ends the last published day
        ("2026-12-30T10:00", "2027-01-01T00:00:01", True),
        ("2027-01-04T10:00", "2027-01-05T10:00", True),
        ("2027-01-04T10:00", "2026-12-30T10:00", True),
        ("2026-01-01T10:00", "2026-06-01T10:00", False),
    ],
)
def test_interval_is_provisional_when_it_touches_provisional_days(start, due, provisional):
    assert company_calendar().is_provisional(at(start), at(due)) is provisional


def test_calendar_is_read_once_and_then_costs_one_query(django_assert_num_queries):
    first = company_calendar()
    with django_assert_num_queries(1):
        assert company_calendar() is first


def test_edit_is_seen_at_once():
    assert company_calendar().work.is_workday(date(2026, 11, 23))
    close(date(2026, 11, 23))
    assert not company_calendar().work.is_workday(date(2026, 11, 23))


def test_edit_rolled_back_is_not_remembered_when_another_takes_its_version():
    with transaction.atomic():
        close(date(2026, 11, 23))
        assert not company_calendar().work.is_workday(date(2026, 11, 23))
        transaction.set_rollback(True)
    version = company_calendar().version
    assert company_calendar().work.is_workday(date(2026, 11, 23))
    close(date(2026, 11, 24))
    calendar = company_calendar()
    assert calendar.version == version + 1
    assert calendar.work.is_workday(date(2026, 11, 23))
    assert not calendar.work.is_workday(date(2026, 11, 24))


def test_published_year_beyond_a_provisional_one_does_not_count_as_ahead():
    WorkYear.objects.create(year=2028, status="published", source="test", loaded_at=NOW)
    WorkDay.objects.create(day=date(2028, 1, 1), year_id=2028, kind="holiday", spells=[])
    CalendarStamp.objects.update(edition="7e0d4e6c-0000-4000-8000-000000000001")
    assert company_calendar().published_until == date(2026, 12, 31)


def test_empty_calendar_says_how_to_fill_it():
    WorkDay.objects.all().delete()
    WorkYear.objects.all().delete()
    CalendarStamp.objects.all().delete()
    with pytest.raises(ImproperlyConfigured, match="migrate"):
        company_calendar()
    assert [found.id for found in calendar_runs_out(databases=["default"])] == ["common.W001"]


def test_day_runs_name_the_days_that_do_not_count():
    runs = company_calendar().day_runs(at("2026-09-30T16:00"), at("2026-10-09T10:00"))
    told = [(r.first.isoformat()[5:], r.last.isoformat()[5:], r.kind, r.note, r.worked) for r in runs]
    assert told == [
        ("09-30", "09-30", "workday", "", timedelta(hours=2)),
        ("10-01", "10-07", "holiday", "国庆节", timedelta()),
        ("10-08", "10-08", "workday", "", timedelta(hours=8)),
        ("10-09", "10-09", "workday", "", timedelta(hours=2)),
    ]


def test_day_runs_name_weekends_and_makeup_days():
    runs = company_calendar().day_runs(at("2026-10-09T17:00"), at("2026-10-12T09:00"))
    assert [(r.first.day, r.last.day, r.kind) for r in runs] == [
        (9, 9, "workday"),
        (10, 10, "makeup"),
        (11, 11, "restday"),
        (12, 12, "workday"),
    ]


# ── warnings ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("today", "found"), [("2026-11-01", []), ("2026-11-02", ["common.W001"])])
def test_system_check_warns_below_sixty_published_days(freeze, today, found):
    freeze(f"{today} 09:00")
    assert [warning.id for warning in calendar_runs_out(databases=["default"])] == found


def test_system_check_asks_no_database_unless_told(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert calendar_runs_out(databases=None) == []
    assert calendar_runs_out in checks.registry.registry.get_checks()


def test_health_line_counts_published_days_and_does_not_take_the_site_down():
    line = next(line for line in health_checks if line.name == "calendar")
    assert line.vital is False
    assert calendar_days_ahead(at("2026-11-01T10:00"))[:2] == (True, 60)
    ok, figure, words = calendar_days_ahead(at("2026-11-21T10:00"))
    assert (ok, figure) == (False, 40)
    assert "2026-12-31" in words
    assert "2027-12-31" in words

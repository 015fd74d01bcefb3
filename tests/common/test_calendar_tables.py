"""The tables hold only calendars that can be, and are filled by themselves."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from common.models import CalendarStamp, WorkDay, WorkYear
from common.services.calendar import load_shipped_years

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_fresh_database_holds_the_shipped_years_with_every_day():
    years = dict(WorkYear.objects.values_list("year", "status"))
    assert years == dict.fromkeys(range(2020, 2027), "published") | {2027: "provisional"}
    assert WorkDay.objects.filter(year_id=2024).count() == 366
    assert WorkDay.objects.count() == 2922


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "feast"},
        {"kind": "holiday", "spells": [["08:00", "12:00"]]},
        {"kind": "restday", "spells": [["08:00", "12:00"]]},
        {"kind": "workday", "spells": []},
        {"kind": "makeup", "spells": []},
        {"spells": [["8:00", "12:00"]]},
        {"spells": [["08:00", "25:00"]]},
        {"spells": [["24:00", "12:00"]]},
        {"spells": [["08:00"]]},
        {"spells": "08:00-12:00"},
        {"spells": {"08:00": "12:00"}},
        {"year_id": 2025},
    ],
    ids=str,
)
def test_database_refuses_a_day_that_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkDay.objects.filter(day=date(2026, 11, 20)).update(**wrong)


@pytest.mark.parametrize(
    "fine", [{"spells": [["22:00", "06:00"]]}, {"spells": [["08:00", "24:00"]]}, {"kind": "special"}]
)
def test_database_takes_nights_midnight_and_special_days(fine):
    assert WorkDay.objects.filter(day=date(2026, 11, 20)).update(**fine) == 1


@pytest.mark.parametrize("wrong", [{"year": 1026}, {"year": 2028, "status": "maybe"}])
def test_database_refuses_a_year_that_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkYear.objects.create(**({"status": "published", "source": "test", "loaded_at": NOW} | wrong))


def test_there_is_one_stamp():
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarStamp.objects.create(id=2, changed_at=NOW)


def test_loading_shipped_years_again_changes_nothing():
    stamp = CalendarStamp.objects.values().get()
    WorkDay.objects.filter(day=date(2026, 11, 20)).update(note="as the operator made it")
    assert load_shipped_years(now=NOW) == []
    assert CalendarStamp.objects.values().get() == stamp
    assert WorkDay.objects.get(day=date(2026, 11, 20)).note == "as the operator made it"


def test_missing_year_comes_back_and_makes_a_new_edition():
    before = CalendarStamp.objects.get()
    WorkDay.objects.filter(year_id=2027).delete()
    WorkYear.objects.filter(year=2027).delete()
    assert load_shipped_years(now=NOW) == [2027]
    after = CalendarStamp.objects.get()
    assert after.version == before.version + 1
    assert after.edition != before.edition


@pytest.mark.django_db(transaction=True)
def test_emptied_database_gets_its_calendar_back():
    call_command("flush", interactive=False, verbosity=0)
    assert WorkYear.objects.count() == 8
    assert WorkDay.objects.filter(day=date(2026, 10, 10), kind="makeup").exists()

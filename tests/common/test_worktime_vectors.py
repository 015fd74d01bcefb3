"""Every shared working-time vector, by its kind."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from common.worktime import WorkCalendar
from tests.common import vectors


@pytest.mark.parametrize("vector", vectors.load("business_calendar.json"))
def test_business_calendar_vector(vector):
    cal = vectors.calendar_of(vector)
    kind, expect = vector["kind"], vector["expect"]
    start = vectors.instant(vector["start"], cal)
    if kind == "add_time":
        assert vectors.add(cal, vector).astimezone(UTC) in vectors.answers(vector, cal)
    elif kind == "add_days":
        assert cal.add_days(start, vector["add"]["n"]).astimezone(UTC) in vectors.answers(vector, cal)
    elif kind == "elapsed":
        # The published libraries stop at zero when the end is before the start; ours goes on to count back (issue 2.1).
        assert max(vectors.elapsed(cal, vector), 0) == expect
    elif kind == "is_working_time":
        assert cal.is_working(start) is expect
    elif kind == "local_to_instant":
        assert cal.instant(start.date(), start.time()).isoformat() == datetime.fromisoformat(expect).isoformat()
    elif kind == "add_days_date":
        day = cal.add_days(datetime.combine(start.date(), time(12), cal.tz), vector["add"]["n"]).date()
        assert day.isoformat() in [expect, *vector.get("accept", [])]
    elif kind == "count_working_days_inclusive":
        first, last = date.fromisoformat(vector["start"]), date.fromisoformat(vector["end"])
        assert cal.working_days_between(first - timedelta(days=1), last) == expect
    else:
        pytest.fail(f"a kind of vector nobody put to the test: {kind}")


@pytest.mark.parametrize("vector", vectors.load("cn_working_days.json"))
def test_chinese_working_day_vector(vector, shipped_days):
    kind = vector["kind"]
    if kind in ("add_working_days", "count_working_days"):
        cal = WorkCalendar(vectors.ZoneInfo("Asia/Shanghai"), {}, shipped_days)
        if kind == "count_working_days":
            first, last = (date.fromisoformat(vector[k]) for k in ("from_exclusive", "to_inclusive"))
            assert cal.working_days_between(first, last) == vector["expect"]
            return
        accepted = datetime.fromisoformat(vector["accepted"])
        due = cal.add_days(accepted, vector["add_working_days"])
        if vector["add_working_days"] > 0:
            assert cal.due_after_days(accepted, vector["add_working_days"]).date() == due.date()
        assert due.date().isoformat() in [vector["expect_date"], *vector.get("accept", [])]
        return
    hours = vectors.spells([["08:30", "12:00"], ["14:00", "17:30"]])
    days = {day: hours if worked else [] for day, worked in shipped_days.items()}
    cal = WorkCalendar(vectors.ZoneInfo("Asia/Shanghai"), {}, days)
    start = datetime.fromisoformat(vector["start"])
    if kind == "add_working_minutes":
        due = cal.add(start, timedelta(minutes=vector["add_minutes"]))
        assert due.astimezone(UTC) in vectors.answers(vector, cal)
    elif kind == "elapsed_working_seconds":
        assert cal.between(start, datetime.fromisoformat(vector["end"])).total_seconds() == vector["expect"]
    else:
        pytest.fail(f"a kind of vector nobody put to the test: {kind}")

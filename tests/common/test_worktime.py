"""Working time at its edges: closing, lunch, nights, clock changes, the last day, what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from common.worktime import END_OF_DAY, BeyondCalendar, WorkCalendar

CN = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = [(time(8), time(12)), (time(14), time(18))]
WEEK = dict.fromkeys(range(5), OFFICE)
H, M, S = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def at(text, tz=CN):
    return datetime.fromisoformat(text).replace(tzinfo=tz)


@pytest.fixture
def office():
    return WorkCalendar(CN, WEEK)


# ── sums at the edges (2026-11-20 is a Friday) ──────────────────────────


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-11-20T16:00", 2 * H - S, "2026-11-20T17:59:59"),
        ("2026-11-20T16:00", 2 * H, "2026-11-20T18:00:00"),
        ("2026-11-20T16:00", 2 * H + S, "2026-11-23T08:00:01"),
        ("2026-11-20T11:00", 1 * H, "2026-11-20T12:00:00"),
        ("2026-11-20T11:00", 1 * H + S, "2026-11-20T14:00:01"),
        ("2026-11-20T12:30", 1 * H, "2026-11-20T15:00:00"),
        ("2026-11-20T18:00", 1 * H, "2026-11-23T09:00:00"),
        ("2026-11-21T09:00", 8 * H, "2026-11-23T18:00:00"),
        ("2026-11-23T09:00", -1 * H, "2026-11-23T08:00:00"),
        ("2026-11-23T09:00", -1 * H - S, "2026-11-20T17:59:59"),
        ("2026-11-23T14:00", -1 * S, "2026-11-23T11:59:59"),
        ("2026-12-31T17:00", 2 * H, "2027-01-01T09:00:00"),
        ("2024-02-28T17:00", 9 * H, "2024-02-29T18:00:00"),
        ("2026-11-20T09:00:00.000001", 1 * H, "2026-11-20T10:00:00.000001"),
        ("2026-11-20T16:00", timedelta(hours=2, microseconds=1), "2026-11-23T08:00:00.000001"),
    ],
)
def test_sum_at_the_edge_is_due(office, start, length, due):
    assert office.add(at(start), length) == at(due)


def test_sum_of_nothing_is_the_start_itself(office):
    for start in ("2026-11-20T10:00", "2026-11-20T18:00", "2026-11-21T03:00"):
        assert office.add(at(start), timedelta()) == at(start)


def test_sum_answers_in_the_calendars_zone(office):
    due = office.add(datetime(2026, 11, 20, 1, 0, tzinfo=UTC), H)  # 9:00 in China
    assert (due.hour, due.tzinfo) == (10, CN)


def test_sum_over_years_matches_the_number_of_working_days(office):
    days = office.working_days_between(date(2025, 12, 31), date(2035, 12, 31))
    assert office.add(at("2026-01-01T00:00"), days * 8 * H) == at("2035-12-31T18:00")
    assert office.add(at("2035-12-31T18:00"), -days * 8 * H) == at("2026-01-01T08:00")


@pytest.mark.parametrize(
    ("instant", "working"),
    [
        ("2026-11-20T07:59:59.999999", False),
        ("2026-11-20T08:00", True),
        ("2026-11-20T11:59:59.999999", True),
        ("2026-11-20T12:00", False),
        ("2026-11-20T18:00", False),
        ("2026-11-21T10:00", False),
    ],
)
def test_spell_is_half_open(office, instant, working):
    assert office.is_working(at(instant)) is working


def test_next_working_keeps_a_working_instant_and_opens_the_next_day(office):
    assert office.next_working(at("2026-11-20T09:15")) == at("2026-11-20T09:15")
    assert office.next_working(at("2026-11-20T12:00")) == at("2026-11-20T14:00")
    assert office.next_working(at("2026-11-20T18:00")) == at("2026-11-23T08:00")


def test_whole_week_of_holidays_holds_no_work():
    week_off = {date(2026, 10, day): [] for day in range(1, 9)}
    cal = WorkCalendar(CN, WEEK, week_off)
    assert cal.between(at("2026-09-30T18:00"), at("2026-10-09T08:00")) == timedelta()
    assert cal.add(at("2026-09-30T17:00"), 2 * H) == at("2026-10-09T09:00")
    assert cal.add_days(at("2026-09-30T10:00"), 1) == at("2026-10-09T10:00")


def test_single_day_overrides_the_week(office):
    cal = WorkCalendar(CN, WEEK, {date(2026, 11, 21): [(time(9), time(11))], date(2026, 11, 23): []})
    assert cal.add(at("2026-11-20T17:00"), 2 * H) == at("2026-11-21T10:00")
    assert cal.add(at("2026-11-20T17:00"), 4 * H) == at("2026-11-24T09:00")
    assert office.add(at("2026-11-20T17:00"), 4 * H) == at("2026-11-23T11:00")


# ── nights ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "friday",
    [
        [(time(18), END_OF_DAY)],
        [(time(18), time(0))],
    ],
)
def test_evening_until_midnight_goes_on_after_midnight(friday):
    cal = WorkCalendar(CN, {4: friday, 5: [(time(0), time(2))]})
    assert cal.between(at("2026-11-20T12:00"), at("2026-11-21T12:00")) == 8 * H
    assert cal.is_working(at("2026-11-21T00:00"))
    assert cal.add(at("2026-11-20T23:30"), H) == at("2026-11-21T00:30")
    assert cal.add(at("2026-11-20T23:30"), 30 * M) == at("2026-11-21T00:00")
    assert cal.close_of(date(2026, 11, 20)) == at("2026-11-21T00:00")


def test_night_given_directly_belongs_to_the_day_it_begins():
    cal = WorkCalendar(CN, {4: [(time(22), time(6))]})  # Friday nights
    assert cal.between(at("2026-11-20T00:00"), at("2026-11-22T00:00")) == 8 * H
    assert cal.is_working(at("2026-11-21T05:59:59"))
    assert not cal.is_working(at("2026-11-21T06:00"))
    assert cal.close_of(date(2026, 11, 20)) == at("2026-11-21T06:00")
    assert not cal.is_workday(date(2026, 11, 21))
    assert cal.add(at("2026-11-21T05:00"), 2 * H) == at("2026-11-27T23:00")


def test_night_into_a_holiday_is_still_worked():
    cal = WorkCalendar(CN, dict.fromkeys(range(7), [(time(22), time(6))]), {date(2026, 11, 21): []})
    assert cal.between(at("2026-11-21T00:00"), at("2026-11-22T12:00")) == 6 * H


def test_night_reaching_into_the_morning_spell_counts_once():
    cal = WorkCalendar(CN, {4: [(time(22), time(9))], 5: [(time(8), time(12))]})
    assert cal.between(at("2026-11-20T22:00"), at("2026-11-21T12:00")) == 14 * H
    assert cal.working_days_between(date(2026, 11, 19), date(2026, 11, 21)) == 2


def test_new_years_night_is_whole_whichever_year_is_asked_first():
    cal = WorkCalendar(CN, {3: [(time(22), time(6))], 4: [(time(5), time(12))]})  # Thursday night into Friday
    assert cal.is_working(at("2026-01-01T23:00"))
    late = WorkCalendar(CN, {3: [(time(22), time(6))], 4: [(time(5), time(12))]})
    start, due = at("2027-01-01T12:00"), at("2026-12-31T22:00")
    assert late.add(start, -14 * H) == due
    assert late.between(due, start) == 14 * H


def test_around_the_clock_is_plain_time():
    cal = WorkCalendar(CN, dict.fromkeys(range(7), [(time(0), END_OF_DAY)]))
    assert cal.add(at("2026-12-31T23:59:30"), 45 * M) == at("2027-01-01T00:44:30")
    assert cal.is_working(at("2026-12-31T23:59:59.999999"))


# ── clock changes (Berlin: forward 2026-03-29 2:00→3:00, back 2026-10-25 3:00→2:00) ──


def test_night_of_a_clock_change_holds_an_hour_less_or_more():
    cal = WorkCalendar(BERLIN, dict.fromkeys(range(7), [(time(22), time(6))]))
    assert cal.between(at("2026-03-28T22:00", BERLIN), at("2026-03-29T06:00", BERLIN)) == 7 * H
    assert cal.between(at("2026-10-24T22:00", BERLIN), at("2026-10-25T06:00", BERLIN)) == 9 * H


def test_closing_at_a_time_that_comes_twice_is_the_first():
    cal = WorkCalendar(BERLIN, {6: [(time(1), time(2, 30))]})
    assert cal.close_of(date(2026, 10, 25)).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_spell_in_a_skipped_hour_is_cut_at_the_change():
    cal = WorkCalendar(BERLIN, {6: [(time(1), time(2, 30))]})
    assert cal.between(at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == H
    skipped = WorkCalendar(BERLIN, {6: [(time(2), time(3))]})
    assert skipped.between(at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == timedelta()
    assert not skipped.is_workday(date(2026, 3, 29))


def test_clock_time_that_the_day_skips_becomes_the_moment_of_the_change():
    cal = WorkCalendar(BERLIN, dict.fromkeys(range(7), [(time(0), END_OF_DAY)]))
    assert cal.add_days(at("2026-03-28T02:30", BERLIN), 1) == at("2026-03-29T03:00", BERLIN)


# ── working days ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20T10:00", 1, "2026-11-23T10:00"),
        ("2026-11-20T12:30", 1, "2026-11-23T14:00"),
        ("2026-11-20T19:00", 1, "2026-11-24T08:00"),
        ("2026-11-21T10:00", 1, "2026-11-23T10:00"),
        ("2026-11-20T10:00", -1, "2026-11-19T10:00"),
        ("2026-11-21T10:00", -1, "2026-11-20T10:00"),
        ("2026-11-23T10:00", -5, "2026-11-16T10:00"),
        ("2026-11-20T10:00", 0, "2026-11-20T10:00"),
        ("2026-11-20T19:00", 0, "2026-11-23T08:00"),
        ("2026-12-31T10:00", 1, "2027-01-01T10:00"),
    ],
)
def test_working_days_keep_clock_time_and_move_to_the_next_opening(office, start, days, due):
    assert office.add_days(at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20T10:00", 1, "2026-11-20T10:00"),
        ("2026-11-20T10:00", 2, "2026-11-23T10:00"),
        ("2026-11-21T10:00", 1, "2026-11-23T10:00"),
        ("2026-11-20T10:00", -2, "2026-11-19T10:00"),
    ],
)
def test_day_of_acceptance_counts_when_told(office, start, days, due):
    assert office.add_days(at(start), days, count_start=True) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "count_start", "due"),
    [
        ("2026-11-20T08:00", 1, False, "2026-11-23T18:00"),
        ("2026-11-20T23:00", 1, False, "2026-11-23T18:00"),
        ("2026-11-21T10:00", 1, False, "2026-11-23T18:00"),  # as if accepted on Friday evening
        ("2026-11-22T23:59", 5, False, "2026-11-27T18:00"),
        ("2026-11-20T10:00", 1, True, "2026-11-20T18:00"),
        ("2026-11-20T17:59:59", 1, True, "2026-11-20T18:00"),
        ("2026-11-20T18:00", 1, True, "2026-11-23T18:00"),  # nothing of the day is left to count
    ],
)
def test_limit_in_working_days_is_due_at_the_close_of_its_last_day(office, start, days, count_start, due):
    assert office.due_after_days(at(start), days, count_start) == at(due)


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-20T08:00", "2026-11-24T18:00", 3),
        ("2026-11-20T08:00:01", "2026-11-24T18:00", 2),
        ("2026-11-20T19:00", "2026-11-24T18:00", 2),
        ("2026-11-21T12:00", "2026-11-24T18:00", 2),
        ("2026-11-20T10:00", "2026-11-24T08:30", 1),
        ("2026-11-24T10:00", "2026-11-24T18:00", 0),
        ("2026-11-26T18:00", "2026-11-24T18:00", -2),
    ],
)
def test_working_days_left_are_whole_and_rounded_down(office, now, due, left):
    assert office.working_days_between(at(now), at(due)) == left


def test_working_days_between_dates_leave_out_the_first_and_count_the_last(office):
    assert office.working_days_between(date(2026, 11, 20), date(2026, 11, 24)) == 2
    assert office.working_days_between(date(2026, 11, 24), date(2026, 11, 20)) == -2


def test_last_working_day_of_the_year_counts_whole(office):
    assert office.working_days_between(at("2026-12-30T18:00"), at("2026-12-31T18:00")) == 1
    ending = WorkCalendar(CN, WEEK, last_day=date(2026, 12, 31))
    assert ending.working_days_between(at("2026-12-30T18:00"), at("2026-12-31T18:00")) == 1
    assert ending.working_days_between(date(2026, 12, 29), date(2026, 12, 31)) == 2


def test_short_day_counts_as_a_whole_working_day():
    cal = WorkCalendar(CN, WEEK, {date(2026, 11, 23): [(time(8), time(10))]})
    assert cal.working_days_between(at("2026-11-20T18:00"), at("2026-11-24T18:00")) == 2
    assert cal.due_after_days(at("2026-11-20T09:00"), 1) == at("2026-11-23T10:00")


# ── the last day ────────────────────────────────────────────────────────


@pytest.fixture
def ending():
    return WorkCalendar(CN, WEEK, last_day=date(2026, 12, 31))


def test_last_day_is_worked_to_its_close(ending):
    assert ending.add(at("2026-12-31T17:00"), H) == at("2026-12-31T18:00")
    assert ending.due_after_days(at("2026-12-30T17:00"), 1) == at("2026-12-31T18:00")
    assert ending.between(at("2026-12-31T14:00"), at("2027-01-01T00:00")) == 4 * H


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: cal.add(at("2026-12-31T17:00"), H + S),
        lambda cal: cal.add_days(at("2026-12-31T17:00"), 1),
        lambda cal: cal.add_days(at("2026-12-30T19:00"), 1),
        lambda cal: cal.due_after_days(at("2026-12-31T17:00"), 1),
        lambda cal: cal.next_working(at("2026-12-31T18:00")),
        lambda cal: cal.next_working(at("2027-01-01T00:00")),
        lambda cal: cal.is_working(at("2027-01-01T00:00")),
        lambda cal: cal.is_working(at("2028-06-01T10:00")),
        lambda cal: cal.between(at("2026-12-31T17:00"), at("2027-01-01T00:00:01")),
        lambda cal: cal.explain(at("2026-12-31T17:00"), at("2027-01-04T10:00")),
        lambda cal: cal.add(at("2027-01-04T10:00"), -H),
        lambda cal: cal.close_of(date(2027, 1, 4)),
        lambda cal: cal.is_workday(date(2027, 1, 4)),
        lambda cal: cal.working_days_between(date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_past_the_last_day_is_refused_by_name(ending, ask):
    with pytest.raises(BeyondCalendar) as refused:
        ask(ending)
    assert refused.value.last_day == date(2026, 12, 31)
    assert "2026-12-31" in str(refused.value)


def test_night_of_the_last_day_is_worked_to_its_end():
    cal = WorkCalendar(CN, dict.fromkeys(range(7), [(time(22), time(6))]), last_day=date(2026, 12, 31))
    due = cal.add(at("2026-12-31T23:00"), 7 * H)
    assert due == at("2027-01-01T06:00")
    assert cal.between(at("2026-12-31T23:00"), due) == 7 * H
    assert cal.is_working(at("2027-01-01T05:00"))
    with pytest.raises(BeyondCalendar):
        cal.add(at("2026-12-31T23:00"), 7 * H + S)


def test_calendar_without_any_work_says_so():
    for cal in (WorkCalendar(CN, {}), WorkCalendar(CN, {}, {date(2026, 5, 1): []})):
        for length in (H, -H):
            with pytest.raises(BeyondCalendar):
                cal.add(at("2026-11-20T10:00"), length)
        with pytest.raises(BeyondCalendar):
            cal.next_working(at("2026-11-20T10:00"))
        assert cal.between(at("2026-01-01T00:00"), at("2026-12-31T00:00")) == timedelta()


# ── what is refused ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal, when: cal.add(when, H),
        lambda cal, when: cal.add_days(when, 1),
        lambda cal, when: cal.add_days(when, 0),
        lambda cal, when: cal.due_after_days(when, 1),
        lambda cal, when: cal.between(when, at("2026-11-20T10:00")),
        lambda cal, when: cal.between(at("2026-11-20T10:00"), when),
        lambda cal, when: cal.is_working(when),
        lambda cal, when: cal.next_working(when),
        lambda cal, when: cal.explain(when, at("2026-11-20T10:00")),
    ],
)
def test_instant_without_a_zone_is_refused(office, ask):
    with pytest.raises(ValueError, match="time zone"):
        ask(office, datetime.fromisoformat("2026-11-20T10:00"))
    with pytest.raises(TypeError):
        ask(office, date(2026, 11, 20))


@pytest.mark.parametrize("days", [0, -1])
def test_limit_under_one_working_day_is_refused(office, days):
    with pytest.raises(ValueError, match="at least one"):
        office.due_after_days(at("2026-11-20T10:00"), days)


def test_part_of_a_day_is_no_number_of_days(office):
    with pytest.raises(TypeError):
        office.add_days(at("2026-11-20T10:00"), 1.5)


def test_close_of_a_day_off_is_refused(office):
    with pytest.raises(ValueError, match="no work"):
        office.close_of(date(2026, 11, 21))


@pytest.mark.parametrize(
    "week",
    [
        {7: OFFICE},
        {0: [(time(8), time(8))]},
        {0: [(END_OF_DAY, time(8))]},
        {0: [(time(8, tzinfo=UTC), time(9, tzinfo=UTC))]},
    ],
)
def test_week_that_cannot_be_is_refused(week):
    with pytest.raises(ValueError):
        WorkCalendar(CN, week)


# ── for people ──────────────────────────────────────────────────────────


def test_explanation_names_the_spells_that_were_counted(office):
    told = office.explain(at("2026-11-20T17:00"), at("2026-11-23T15:00"))
    assert [(s.opens, s.closes, s.length) for s in told] == [
        (at("2026-11-20T17:00"), at("2026-11-20T18:00"), H),
        (at("2026-11-23T08:00"), at("2026-11-23T12:00"), 4 * H),
        (at("2026-11-23T14:00"), at("2026-11-23T15:00"), H),
    ]
    assert office.explain(at("2026-11-23T15:00"), at("2026-11-20T17:00")) == []

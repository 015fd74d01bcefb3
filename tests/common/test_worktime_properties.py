"""What holds for every calendar: reversibility, monotony, additivity, in zones that change their clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.worktime import END_OF_DAY, WorkCalendar

ZONES = [
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Havana",  # changes at midnight
    "Africa/Cairo",  # the skipped hour begins at midnight
    "Asia/Kathmandu",
]
CHANGES = [date(2026, *day) for day in [(3, 8), (3, 29), (4, 5), (4, 24), (10, 4), (10, 25), (11, 1)]]
minutes = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))
spell = st.tuples(minutes, st.one_of(minutes, st.just(END_OF_DAY))).filter(lambda s: s[0] != s[1])  # nights too
spells = st.lists(spell, max_size=3)
near_days = st.one_of(st.dates(date(2026, 2, 20), date(2026, 11, 10)), st.sampled_from(CHANGES))


@st.composite
def calendars(draw, nights=True):
    pieces = spells if nights else spells.map(lambda found: [s for s in found if s[0] < s[1]])
    week = draw(st.dictionaries(st.integers(0, 6), pieces, max_size=7))
    week[draw(st.integers(0, 6))] = [(time(9), time(17))]
    days = draw(st.dictionaries(near_days, pieces, max_size=6))
    return WorkCalendar(ZoneInfo(draw(st.sampled_from(ZONES))), week, days)


instants = st.builds(
    lambda day, second, micro: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second, microseconds=micro)
    ),
    near_days,
    st.integers(0, 86_399),
    st.one_of(st.just(0), st.integers(0, 999_999)),
)
durations = st.builds(timedelta, minutes=st.integers(0, 40 * 24 * 60), microseconds=st.sampled_from([0, 1, 999_999]))
signs = st.sampled_from([1, -1])
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(cal=calendars(), start=instants, length=durations, sign=signs)
def test_between_start_and_sum_is_the_duration(cal, start, length, sign):
    assert cal.between(start, cal.add(start, sign * length)) == sign * length


@many
@given(cal=calendars(), a=instants, b=instants)
def test_between_reversed_is_the_negative(cal, a, b):
    assert cal.between(a, b) == -cal.between(b, a)
    assert (cal.between(a, b) >= timedelta()) or b < a


@many
@given(cal=calendars(), a=instants, b=instants, length=durations, more=durations, sign=signs)
def test_sum_never_falls_with_later_start_or_longer_duration(cal, a, b, length, more, sign):
    first, second = min(a, b), max(a, b)
    assert cal.add(first, sign * length) <= cal.add(second, sign * length)
    assert sign * (cal.add(a, sign * (length + more)) - cal.add(a, sign * length)) >= timedelta()


@many
@given(cal=calendars(), start=instants, one=durations, two=durations, sign=signs)
def test_sum_in_two_steps_is_the_sum_in_one(cal, start, one, two, sign):
    in_two = cal.add(cal.add(start, sign * one), sign * two)
    assert in_two.astimezone(UTC) == cal.add(start, sign * (one + two)).astimezone(UTC)


@many
@given(cal=calendars(), a=instants, b=instants, c=instants)
def test_working_time_of_parts_adds_up(cal, a, b, c):
    assert cal.between(a, b) + cal.between(b, c) == cal.between(a, c)


@many
@given(cal=calendars(), start=instants, length=durations)
def test_sum_ends_in_working_time_or_at_closing(cal, start, length):
    due = cal.add(start, length + timedelta(microseconds=1))
    assert cal.is_working(due - timedelta(microseconds=1))


@many
@given(cal=calendars(), start=instants, length=durations)
def test_explained_spells_lie_apart_and_add_up(cal, start, length):
    due = cal.add(start, length)
    told = cal.explain(start, due)
    assert sum((spell.length for spell in told), timedelta()) == length
    edges = [edge.astimezone(UTC) for spell in told for edge in spell]
    assert edges == sorted(edges)
    assert all(start <= edge <= due for edge in edges)


@many
@given(cal=calendars(), at=instants)
def test_next_working_is_the_first_working_instant(cal, at):
    opening = cal.next_working(at)
    assert cal.is_working(opening)
    assert opening >= at
    assert cal.between(at, opening) == timedelta()
    assert cal.is_working(at) == (opening == at.astimezone(cal.tz))


@many
@given(cal=calendars(), at=instants, days=st.integers(-30, 30), count_start=st.booleans())
def test_days_land_on_working_time_in_order(cal, at, days, count_start):
    result = cal.add_days(at, days, count_start)
    assert cal.is_working(result)
    assert cal.add_days(at, days + 1, count_start) >= result


@many
@given(cal=calendars(nights=False), at=instants, days=st.integers(1, 60))
def test_due_day_counts_as_many_working_days(cal, at, days):
    due, today = cal.due_after_days(at, days), at.astimezone(cal.tz).date()
    last = (due - timedelta(microseconds=1)).date()
    assert cal.working_days_between(today, last) == days
    assert due == cal.close_of(last)
    assert days <= cal.working_days_between(at, due) + 1 <= days + 2


@many
@given(cal=calendars(), a=instants, b=instants)
def test_working_days_between_turns_round(cal, a, b):
    assert cal.working_days_between(a, b) == -cal.working_days_between(b, a)


@many
@given(cal=calendars(), a=instants, b=instants, year=st.integers(2015, 2035))
def test_answers_do_not_depend_on_what_was_asked_before(cal, a, b, year):
    fresh = cal.between(a, b), cal.working_days_between(a, b), cal.add(a, timedelta(hours=9)), cal.add_days(b, 3)
    cal.is_working(datetime(year, 1, 1, 12, tzinfo=UTC))
    again = cal.between(a, b), cal.working_days_between(a, b), cal.add(a, timedelta(hours=9)), cal.add_days(b, 3)
    assert again == fresh


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cal=calendars(), day=near_days, hours=st.integers(1, 60))
def test_working_minutes_match_a_walk_minute_by_minute(cal, day, hours):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=20)
    end = start + timedelta(hours=hours)
    open_spans = list(spans_around(cal, day))
    walked, at = 0, start
    while at < end:
        inside = any(opens <= at < closes for opens, closes in open_spans)
        assert cal.is_working(at) == inside, at
        walked += inside
        at += timedelta(minutes=1)
    assert cal.between(start, end) == timedelta(minutes=walked)


def spans_around(cal, day):
    """The spells of the days around ``day`` as instants, by the calendar's pattern and the standard library's zones."""
    for offset in range(-4, 5):
        here = day + timedelta(days=offset)
        pattern = cal._days.get(here.toordinal(), cal._week[here.weekday()])
        for opens, closes in pattern:
            yield tuple(first_instant(cal.tz, here, clock) for clock in (opens, closes))


def first_instant(tz, day, clock):
    """The first minute, in UTC, at which the local clock shows ``clock`` or has passed it."""
    wall = datetime.fromordinal(day.toordinal()) + timedelta(microseconds=clock)
    at = (wall - timedelta(hours=16)).replace(tzinfo=UTC)
    while at.astimezone(tz).replace(tzinfo=None) < wall:
        at += timedelta(minutes=1)
    return at

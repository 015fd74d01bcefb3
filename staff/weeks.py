"""A week of duty as a page shows it: days with their shifts and the gaps between them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone

from staff.models import Duty

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day [starts_at, ends_at): the shifts that touch it, and the spells in which nobody is on duty."""

    starts_at: datetime
    ends_at: datetime
    shifts: list[Duty]
    gaps: list[tuple[datetime, datetime]]


def monday_of(day: date) -> datetime:
    """The first instant of the week the day is in."""
    first = day - timedelta(days=day.weekday())
    return datetime.combine(first, time.min, get_current_timezone())


def parse_week(text: str, today: date) -> datetime:
    """The week a page was asked for (any day in it); this week when it was not, or was nonsense."""
    try:
        return monday_of(date.fromisoformat(text))
    except ValueError:
        return monday_of(today)


def days_of(monday: datetime, shifts: Iterable[Duty]) -> list[Day]:
    """The seven days from ``monday``; local midnights bound them. A day without any shift is one gap, not shown."""
    shifts = list(shifts)
    days = []
    for number in range(7):
        start, end = monday + number * DAY, monday + (number + 1) * DAY
        here = [shift for shift in shifts if shift.starts_at < end and shift.ends_at > start]
        days.append(Day(start, end, here, gaps_between(start, end, here) if here else []))
    return days


def gaps_between(start: datetime, end: datetime, shifts: Iterable[Duty]) -> list[tuple[datetime, datetime]]:
    """Spells of [start, end) that no shift covers."""
    gaps, reached = [], start
    for shift in sorted(shifts, key=lambda shift: shift.starts_at):
        if shift.starts_at > reached:
            gaps.append((reached, shift.starts_at))
        reached = max(reached, shift.ends_at)
    return [*gaps, (reached, end)] if reached < end else gaps

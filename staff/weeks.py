"""A week of duty as a page shows it: days with their shifts and the gaps between them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone

from staff.models import Duty

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """The part of a shift that lies in one day; 24:00 is where the next day begins."""

    duty: Duty
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """One day [starts_at, ends_at): the shifts that touch it, and the spells in which nobody is on duty."""

    starts_at: datetime
    ends_at: datetime
    stretches: list[Stretch]
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
        here = [
            Stretch(shift, max(shift.starts_at, start), min(shift.ends_at, end))
            for shift in shifts
            if shift.starts_at < end and shift.ends_at > start
        ]
        days.append(Day(start, end, here, gaps_between(start, end, here) if here else []))
    return days


def gaps_between(start: datetime, end: datetime, stretches: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """Spells of [start, end) that nothing covers."""
    gaps, reached = [], start
    for part in sorted(stretches, key=lambda part: part.starts_at):
        if part.starts_at > reached:
            gaps.append((reached, part.starts_at))
        reached = max(reached, part.ends_at)
    return [*gaps, (reached, end)] if reached < end else gaps

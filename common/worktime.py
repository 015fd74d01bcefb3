"""Working time: exact arithmetic over opening hours, holidays and make-up days. Pure; knows no Django and no clock.

A *spell* is a half-open piece of working time ``[opens, closes)``. It belongs to the day on which it opens, also if it
runs past midnight. Durations are real elapsed time, so a night that a clock change makes longer holds more work. A
local time that happens twice means its first occurrence; one that a clock change skips, the moment of the change.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from operator import index
from typing import NamedTuple
from zoneinfo import ZoneInfo

from common.worktable import DAY, Table, ZoneClock, build, micros, of_day, pattern

END_OF_DAY = time.max  # 24:00: what a spell ends with that is open until midnight

Spells = Sequence[tuple[time, time]]


class BeyondCalendar(ValueError):  # noqa: N818 - a place on the calendar, named as people say it
    """The answer lies past the days this calendar knows."""

    def __init__(self, last_day: date | None) -> None:
        super().__init__(f"the work calendar ends with {last_day}" if last_day else "no working time in that direction")
        self.last_day = last_day


class Spell(NamedTuple):
    """Working time that was counted, in the calendar's zone."""

    opens: datetime
    closes: datetime

    @property
    def length(self) -> timedelta:
        """How much working time this is, exactly, also over a clock change."""
        return timedelta(microseconds=micros(self.closes) - micros(self.opens))


class WorkCalendar:
    """When work is done, and the sums over it.

    ``week`` maps Monday = 0 … Sunday = 6 to spells; ``days`` overrides single days (empty = closed). A spell that ends
    before it starts runs past midnight. Past ``last_day`` every question is answered with `BeyondCalendar`. All
    instants are aware datetimes, results are in ``tz``. Years are prepared when first asked for; a sum is then two
    binary searches. Safe to share between threads.
    """

    def __init__(
        self,
        tz: ZoneInfo,
        week: Mapping[int, Spells],
        days: Mapping[date, Spells] = {},  # noqa: B006 - never written to
        last_day: date | None = None,
    ) -> None:
        if not set(week) <= set(range(7)):
            raise ValueError("week days are 0 (Monday) to 6 (Sunday)")
        self.tz = tz
        self.last_day = last_day
        self._clock = ZoneClock(tz)
        self._week = tuple(pattern(week.get(weekday, ())) for weekday in range(7))
        self._days = {day.toordinal(): pattern(spells) for day, spells in days.items()}
        self._first_year, self._last_year = self._reach(days)
        self._table: Table | None = None
        self._horizon = self._end_of(last_day) if last_day else None

    # ── sums ────────────────────────────────────────────────────────────

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The instant by which ``duration`` of working time has passed since ``start``; negative goes back.

        A sum that ends exactly at closing time is due at closing (going back: at opening). Zero is ``start`` itself.
        Raises: BeyondCalendar.
        """
        at, amount = self._known(start), duration // timedelta.resolution
        if not amount:
            return start.astimezone(self.tz)
        table = self._table_at(at)
        while not 0 <= (target := table.worked(at) + amount) <= table.total:
            table = self._grow(table, forward=amount > 0)
        return self._clock.local(table.reached(target, forward=amount > 0))

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from ``a`` to ``b``, negative when ``b`` is before ``a``. Raises: BeyondCalendar."""
        first, second = self._known(a), self._known(b)
        table = self._table_at(first, second)
        return timedelta(microseconds=table.worked(second) - table.worked(first))

    def is_working(self, at: datetime) -> bool:
        """Whether ``at`` is working time; closing time is not. Raises: BeyondCalendar."""
        instant = self._known(at, open_end=True)
        return self._table_at(instant).is_open(instant)

    def next_working(self, at: datetime) -> datetime:
        """``at`` itself when it is working time, else the next opening. Raises: BeyondCalendar."""
        instant = self._known(at, open_end=True)
        table = self._table_at(instant)
        if table.is_open(instant):
            return at.astimezone(self.tz)
        while (i := bisect_right(table.opens, instant)) == len(table.opens):
            table = self._grow(table, forward=True)
        return self._clock.local(table.opens[i])

    # ── working days ────────────────────────────────────────────────────

    def add_days(self, start: datetime, days: int, count_start: bool = False) -> datetime:
        """``days`` working days on, clock time kept; a result outside working time moves to the next opening.

        The day of ``start`` is not counted unless ``count_start``; from a day off, day 1 is the next working day (going
        back: the one before). 0 is the next working instant. Raises: BeyondCalendar.
        """
        if not index(days):
            return self.next_working(start)
        self._known(start)
        local = start.astimezone(self.tz)
        day = self._day_after(local.date().toordinal(), days, count_start)
        if day == local.date().toordinal():
            return self.next_working(start)
        return self.next_working(self.instant(date.fromordinal(day), local.time().replace(fold=0)))

    def due_after_days(self, start: datetime, days: int, count_start: bool = False) -> datetime:
        """The close of work on the last of ``days`` working days: what “within n working days” means.

        The day of acceptance is not counted, and acceptance on a day off counts as accepted on the evening of the
        working day before, so day 1 is the next working day. With ``count_start`` the day of acceptance is day 1 while
        it still has work ahead. Raises: BeyondCalendar, ValueError when ``days`` is under 1.
        """
        if index(days) < 1:
            raise ValueError("a limit in working days is at least one day")
        at = self._known(start)
        today = start.astimezone(self.tz).date()
        counts = count_start and any(closes > at for _, closes in self._spells_on(today.toordinal()))
        return self.close_of(date.fromordinal(self._day_after(today.toordinal(), days, counts)))

    def close_of(self, day: date) -> datetime:
        """The end of that day's work, be it past midnight. Raises: BeyondCalendar, ValueError on a day off."""
        if self.last_day and day > self.last_day:
            raise BeyondCalendar(self.last_day)
        spells = self._spells_on(day.toordinal())
        if not spells:
            raise ValueError(f"no work is done on {day}")
        return self._clock.local(max(closes for _, closes in spells))

    def is_workday(self, day: date) -> bool:
        """Whether any work is done on that day. Raises: BeyondCalendar."""
        if self.last_day and day > self.last_day:
            raise BeyondCalendar(self.last_day)
        return bool(self._spells_on(day.toordinal()))

    def working_days_between(self, a: datetime | date, b: datetime | date) -> int:
        """Whole working days from ``a`` to ``b``, rounded towards zero: the figure in “2 working days left”.

        A date stands for the end of that day, so two dates count the working days after ``a`` up to and with ``b``.
        Parts of days are put together by their share of their own day. Raises: BeyondCalendar.
        """
        first, second = self._day_point(a), self._day_point(b)
        if second < first:
            return -self.working_days_between(b, a)
        table = self._table_at(first, second)
        day_a, part_a, whole_a = table.day_share(first)
        day_b, part_b, whole_b = table.day_share(second)
        return day_b - day_a - (part_b * whole_a < part_a * whole_b)

    # ── for people ──────────────────────────────────────────────────────

    def explain(self, start: datetime, due: datetime) -> list[Spell]:
        """The working time counted from ``start`` to ``due``, in order; its lengths add up to ``between(start, due)``.

        Empty when ``due`` is not after ``start``. Raises: BeyondCalendar.
        """
        first, last = self._known(start), self._known(due)
        pieces = self._table_at(first, last).pieces(first, last)
        return [Spell(self._clock.local(opens), self._clock.local(closes)) for opens, closes in pieces]

    def instant(self, day: date, clock: time) -> datetime:
        """The instant of a local clock time (`END_OF_DAY` is the midnight that ends the day)."""
        return self._clock.local(self._clock.at(day.toordinal(), of_day(clock)))

    # ── the prepared table ──────────────────────────────────────────────

    def _known(self, at: datetime, *, open_end: bool = False) -> int:
        """``at`` as microseconds, refused past the last day; ``open_end`` also refuses the very end."""
        instant = micros(at)
        if self._horizon is not None and (instant > self._horizon or (open_end and instant == self._horizon)):
            raise BeyondCalendar(self.last_day)
        return instant

    def _day_point(self, at: datetime | date) -> int:
        if isinstance(at, datetime):
            return self._known(at)
        if self.last_day and at > self.last_day:
            raise BeyondCalendar(self.last_day)
        return self._end_of(at)

    def _table_at(self, *instants: int) -> Table:
        """A table with the years of these instants in it (and of the day before: its last night may reach in)."""
        table = self._table
        low, high = min(instants), max(instants)
        if table is not None and table.covers_from <= low and high < table.covers_to:
            return table
        first = (self._clock.local(low).date() - timedelta(days=1)).year
        last = self._clock.local(high).year
        if table is not None:
            first, last = min(first, table.first_year), max(last, table.last_year)
        return self._prepare(first, last, table)

    def _grow(self, table: Table, *, forward: bool) -> Table:
        """A table of twice the years, forward or back. Raises: BeyondCalendar where there is nothing more to find."""
        span = table.last_year - table.first_year + 1
        if forward:
            if table.last_year >= self._last_year:
                raise BeyondCalendar(self.last_day)
            return self._prepare(table.first_year, min(table.last_year + span, self._last_year), table)
        if table.first_year <= self._first_year:
            raise BeyondCalendar(None)
        return self._prepare(max(table.first_year - span, self._first_year), table.last_year, table)

    def _prepare(self, first_year: int, last_year: int, old: Table | None) -> Table:
        kept = old.blocks if old else {}
        blocks = {
            year: kept[year] if year in kept else list(self._year(year)) for year in range(first_year, last_year + 1)
        }
        covers_from = self._clock.at(date(first_year, 1, 2).toordinal(), 0)
        covers_to = self._clock.at(date(last_year, 12, 31).toordinal(), DAY)
        self._table = table = build(blocks, covers_from, covers_to)
        return table

    def _year(self, year: int) -> Iterator[tuple[int, int, int]]:
        """(opens, closes, day) of every spell that opens in ``year``; where nights reach into mornings, the rest."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        if self.last_day:
            last = min(last, self.last_day.toordinal())
        free_from = max((closes for _, closes in self._spells_on(first - 1)), default=-(2**63))
        for day in range(first, last + 1):
            for opens, closes in self._spells_on(day):
                yield (opens if opens > free_from else free_from), closes, day
                free_from = max(free_from, closes)

    def _day_after(self, day: int, days: int, count_start: bool) -> int:
        """The working day ``days`` after (or before) ``day``; both as ordinals."""
        table = self._table_at(self._clock.at(day, 0))
        step = days - 1 if days > 0 else days
        while True:
            i = bisect_right(table.days, day) if days > 0 else bisect_left(table.days, day)
            if count_start and (j := bisect_left(table.days, day)) < len(table.days) and table.days[j] == day:
                i += -1 if days > 0 else 1
            if 0 <= i + step < len(table.days):
                return table.days[i + step]
            table = self._grow(table, forward=days > 0)

    # ── one day ─────────────────────────────────────────────────────────

    def _spells_on(self, day: int) -> list[tuple[int, int]]:
        spells = self._days.get(day)
        if spells is None:
            spells = self._week[(day + 6) % 7]
        pairs = ((self._clock.at(day, opens), self._clock.at(day, closes)) for opens, closes in spells)
        return [(opens, closes) for opens, closes in pairs if opens < closes]

    def _end_of(self, day: date) -> int:
        """The end of that day: midnight, or the end of its last spell when that is later."""
        ordinal = day.toordinal()
        return max([self._clock.at(ordinal, DAY), *(closes for _, closes in self._spells_on(ordinal))])

    def _reach(self, days: Mapping[date, Spells]) -> tuple[int, int]:
        """First and last year in which there can be work: any, going by the week; else only those of single days."""
        first, last = min((d.year for d in days), default=9999), max((d.year for d in days), default=0)
        if any(self._week):
            first, last = 2, 9998
        return first, min(last, self.last_day.year) if self.last_day else last

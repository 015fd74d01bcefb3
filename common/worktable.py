"""What `common.worktime` counts on: local clocks as instants, and the prepared table of openings and closings.

Instants are microseconds since 1970 (UTC), days are proleptic ordinals. A `Table` never changes once built, so threads
share it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

DAY = 86_400_000_000
SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()

Block = list[tuple[int, int, int]]  # (opens, closes, day) of one year


def micros(at: datetime) -> int:
    """An aware instant as microseconds since 1970. Raises: TypeError, ValueError when it has no zone."""
    if not isinstance(at, datetime):
        raise TypeError(f"an instant is needed, not {at!r}")
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return (at - EPOCH) // timedelta.resolution


def moment(instant: int) -> datetime:
    """The inverse of `micros`, in UTC."""
    return EPOCH + timedelta(microseconds=instant)


class Table(NamedTuple):
    """Spells of consecutive years, in order and without overlap, with what was worked before each."""

    opens: list[int]
    closes: list[int]
    before: list[int]  # working microseconds before the spell, since the table begins
    total: int
    days: list[int]  # working days
    day_before: list[int]  # working microseconds before the day's work
    blocks: dict[int, Block]
    covers_from: int  # instants the table can answer for
    covers_to: int

    @property
    def first_year(self) -> int:
        return next(iter(self.blocks))

    @property
    def last_year(self) -> int:
        return next(reversed(self.blocks))

    def worked(self, instant: int) -> int:
        """Working time from the beginning of the table to ``instant``."""
        i = bisect_right(self.opens, instant) - 1
        if i < 0:
            return 0
        return self.before[i] + min(instant, self.closes[i]) - self.opens[i]

    def reached(self, target: int, *, forward: bool) -> int:
        """When ``target`` is worked: the first such instant going forward, the last one going back."""
        i = (bisect_left(self.before, target) if forward else bisect_right(self.before, target)) - 1
        return self.opens[i] + target - self.before[i]

    def is_open(self, instant: int) -> bool:
        i = bisect_right(self.opens, instant) - 1
        return i >= 0 and instant < self.closes[i]

    def pieces(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The parts of spells inside ``[first, last)``."""
        for i in range(max(bisect_right(self.opens, first) - 1, 0), bisect_left(self.opens, last)):
            opens, closes = max(self.opens[i], first), min(self.closes[i], last)
            if opens < closes:
                yield opens, closes

    def day_share(self, instant: int) -> tuple[int, int, int]:
        """(number of working days done, work done of the day begun, whole work of that day)."""
        done = self.worked(instant)
        if done == self.total:
            return len(self.days), 0, 1
        i = bisect_right(self.day_before, done) - 1
        end = self.day_before[i + 1] if i + 1 < len(self.days) else self.total
        return i, done - self.day_before[i], end - self.day_before[i]


def build(blocks: Mapping[int, Block], covers_from: int, covers_to: int) -> Table:
    """Lay the years' spells end to end."""
    opens: list[int] = []
    closes: list[int] = []
    before: list[int] = []
    days: list[int] = []
    day_before: list[int] = []
    total = 0
    for block in blocks.values():
        for start, end, day in block:
            if not days or days[-1] != day:
                days.append(day)
                day_before.append(total)
            if start < end:
                opens.append(start)
                closes.append(end)
                before.append(total)
                total += end - start
    return Table(opens, closes, before, total, days, day_before, dict(blocks), covers_from, covers_to)


class ZoneClock:
    """Local clock times of one zone as instants, and back; remembers the offset of days without a clock change."""

    def __init__(self, tz: tzinfo) -> None:
        self.tz = tz
        self._offsets: dict[int, int | None] = {}

    def at(self, day: int, clock: int) -> int:
        """Instant of local ``clock`` (microseconds since midnight, may exceed 24 h) on ``day``."""
        day, clock = day + clock // DAY, clock % DAY
        if day not in self._offsets:
            here, there = (self._offset(datetime.fromordinal(d)) for d in (day, day + 1))
            self._offsets[day] = here if here == there else None  # None: the clocks change on this day
        offset = self._offsets[day]
        if offset is None:
            return self._changing(datetime.fromordinal(day) + timedelta(microseconds=clock))
        return (day - EPOCH_DAY) * DAY + clock - offset

    def local(self, instant: int) -> datetime:
        """The instant as an aware datetime in the zone."""
        return moment(instant).astimezone(self.tz)

    def _offset(self, naive: datetime) -> int:
        return naive.replace(tzinfo=self.tz).utcoffset() // timedelta.resolution  # type: ignore[operator]

    def _changing(self, naive: datetime) -> int:
        """When the clocks change that day: the first of two such times, or the change itself when it is skipped."""
        high = micros(naive.replace(tzinfo=self.tz))
        if self.local(high).replace(tzinfo=None, fold=0) == naive:
            return high
        low = micros(naive.replace(tzinfo=self.tz, fold=1)) // SECOND
        high //= SECOND
        before = self.local(low * SECOND).utcoffset()
        while low + 1 < high:  # low lies before the change, high does not
            middle = (low + high) // 2
            if self.local(middle * SECOND).utcoffset() == before:
                low = middle
            else:
                high = middle
        return high * SECOND


def pattern(spells: Iterable[tuple[time, time]]) -> tuple[tuple[int, int], ...]:
    """Spells in microseconds since midnight; one that ends before it starts ends on the next day."""
    pairs = []
    for opens, closes in spells:
        start, end = of_day(opens), of_day(closes)
        if start in (end, DAY):
            raise ValueError(f"a spell needs a length: {opens}–{closes}")
        pairs.append((start, end if end > start else end + DAY))
    return tuple(sorted(pairs))


def of_day(clock: time) -> int:
    """Microseconds since midnight; `time.max` is 24:00."""
    if clock.tzinfo is not None:
        raise ValueError("spells are local clock times without a zone")
    if clock == time.max:
        return DAY
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * SECOND + clock.microsecond

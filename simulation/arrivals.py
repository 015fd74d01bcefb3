"""When customers turn up, and with what. Pure: a seed and two instants give the same arrivals every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils.timezone import localtime

from workorders.choices import Kind

PER_DAY = 48  # of a city of 2,000 customers, so that a month is some fifteen hundred orders
BUSIEST_SMALL_CITY = 20
# Orders by hour of the day: faults never sleep, the rest comes with the offices.
FAULT_HOURS = (2, 2, 1, 1, 1, 3, 6, 9, 12, 11, 10, 10, 9, 9, 9, 9, 10, 13, 17, 17, 14, 10, 7, 4)
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 17, 20, 17, 13, 7, 8, 15, 17, 15, 11, 6, 5, 4, 3, 1, 0)
WEEKDAYS = (1.16, 1.08, 1.04, 1.02, 1.06, 0.86, 0.74)
MIX = {
    Kind.FAULT: 0.385,
    Kind.INQUIRY: 0.32,
    Kind.SERVICE: 0.15,
    Kind.COMPLAINT: 0.04,
    Kind.PRAISE: 0.035,
    Kind.OPINION: 0.03,
    Kind.SUGGESTION: 0.027,
    Kind.TIP_OFF: 0.013,
}
STORM_HOURS = (15, 21)
# The last two hours before somebody looks are a little busier, so that crews are seen at every stage of their work.
LAST_MINUTES = (112, 101, 92, 83, 76, 66, 59, 51, 44, 38, 33, 27, 22, 18, 14, 10, 7, 5.5, 4, 1.5, 0.9, 0.4)
ASTRAY = (10, 7)  # of these, the ones that a hurried desk sends to the wrong unit
STILL_WAITING = 3  # of these, the latest, which wait at the desk; there is always somebody


@dataclass(frozen=True, order=True)
class Arrival:
    """Somebody turns up. ``storm``: the weather did it; ``astray``: the desk will send it to the wrong unit first."""

    at: datetime
    kind: str
    storm: bool = False
    astray: bool = False


def per_day(customers: int) -> float:
    """How many orders an ordinary day brings; a tiny city still has something to do."""
    return min(PER_DAY, max(BUSIEST_SMALL_CITY, customers * PER_DAY / 2000))


def arrivals(rng: Random, start: datetime, end: datetime, rate: float) -> Iterator[Arrival]:
    """Arrivals in [start, end), ``rate`` an ordinary day, in order of time."""
    found = []
    for kind, share in MIX.items():
        hours = FAULT_HOURS if kind == Kind.FAULT else OFFICE_HOURS
        found += [Arrival(at, kind) for at in _by_hour(rng, start, end, hours, rate * share)]
    return iter(sorted(found))


def _by_hour(rng: Random, start: datetime, end: datetime, hours: tuple[int, ...], a_day: float) -> Iterator[datetime]:
    """A Poisson stream whose rate follows the hour of the day and the day of the week."""
    total, at = sum(hours), start
    while at < end:
        local = localtime(at)
        until = min(end, (local + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0))
        rate = a_day * hours[local.hour] / total * WEEKDAYS[local.weekday()]  # per hour
        while rate > 0:
            at += timedelta(hours=rng.expovariate(rate))
            if at >= until:
                break
            yield at.replace(microsecond=0)
        at = until


def storm(rng: Random, day: date, start: datetime, size: int) -> list[Arrival]:
    """Fault reports of a thunderstorm on ``day``: a steep rise, then a long tail."""
    began = localtime(start).replace(
        year=day.year, month=day.month, day=day.day, hour=STORM_HOURS[0], minute=0, second=0, microsecond=0
    )
    length = timedelta(hours=STORM_HOURS[1] - STORM_HOURS[0])
    moments = sorted(began + length * min(1.0, rng.betavariate(1.6, 4)) for _ in range(size))
    return [Arrival(at.replace(microsecond=0), Kind.FAULT, storm=True) for at in moments]


def last_hours(end: datetime, start: datetime, wanted: int) -> list[Arrival]:
    """The ``wanted`` latest faults of the two hours before ``end``, the last one seconds ago; none before ``start``."""
    found = []
    for minutes in LAST_MINUTES[-max(wanted, STILL_WAITING) :]:
        at = (end - timedelta(minutes=minutes)).replace(microsecond=0)
        if at > start:
            found.append(Arrival(at, Kind.FAULT, astray=minutes in ASTRAY))
    return found

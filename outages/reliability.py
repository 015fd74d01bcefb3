"""Reliability indices: how often and how long customers were without power. Pure.

    found = indices(steps, customers_served=13_420, start=january, end=february)
    found.saifi, found.saidi_min, found.cemi(3)

Formulas after IEEE 1366 (standards C1), names and variants after DL/T 836 (C4), major event days after Annex B (C2).

One `Step` is one interruption of one group of customers. A restoration in stages is one step a group, each from the
same start to its own end; those who lose power again have another step. An interruption is *sustained* when it lasts
longer than the threshold, else *momentary*: never both. One that is still going on counts as often as it happened
(SAIFI), and not in any duration before it has ended (SAIDI, CAIDI, CTAIDI, CELID).

An interruption belongs to the period in which it started, with its minutes to its own end, so that months add up to
their year. Sums are whole microseconds of instants in UTC: exact, also over a change of the clocks. What cannot be
known (nobody served, nobody interrupted, customers not named) is None, never an error and never a false nought.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

CauseClass = Literal["internal", "external", "shortage"]
Planned = Literal["exclude", "include", "only"]

SUSTAINED = timedelta(minutes=3)  # Chinese and British statistics; IEEE 1366 has five
MICROSECOND = timedelta(microseconds=1)
US_PER_MIN = timedelta(minutes=1) // MICROSECOND
US_PER_H = timedelta(hours=1) // MICROSECOND
BETAS = 2.5


@dataclass(frozen=True, slots=True)
class Step:
    """One interruption of ``customers`` from ``start`` to ``end`` (None: still out). Instants are aware.

    ``outage_id`` names the event it is part of. ``cause_class``: inside the grid, from outside of it, or power short.
    ``customer_ids``: who they were, where that is known; asked for by CAIFI, CTAIDI, CEMI and CELID.

    Raises: ValueError for a naive instant, an end before the start, or a negative number of customers.
    """

    outage_id: Hashable
    customers: int
    start: datetime
    end: datetime | None = None
    planned: bool = False
    cause: str = ""
    cause_class: CauseClass = "internal"
    customer_ids: Collection[Hashable] | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError(f"An instant of outage {self.outage_id} has no time zone")
        if self.customers < 0:
            raise ValueError(f"Outage {self.outage_id} has {self.customers} customers")
        if self.end is not None and _utc(self.end) < _utc(self.start):
            raise ValueError(f"Outage {self.outage_id} ends before it starts")


@dataclass(frozen=True, kw_only=True)
class Indices:
    """The figures of one period; None where a figure is not defined. Minutes are customer-weighted."""

    saifi: float | None  # sustained interruptions per customer served
    saidi_min: float | None  # minutes without power per customer served
    caidi_min: float | None  # minutes per sustained interruption that has ended
    caifi: float | None  # sustained interruptions per customer who had any
    ctaidi_min: float | None  # minutes per customer who had any
    asai: float | None  # share of the time that power was there, 0 to 1
    maifi: float | None  # momentary interruptions per customer served
    maifi_e: float | None  # momentary events per customer served: what an outage's reclosing did to one, once
    customer_interruptions: int
    customer_minutes: float
    ongoing: int  # steps without an end
    customers_served: int = field(repr=False)
    _times: Mapping[Hashable, int] | None = field(repr=False)  # sustained interruptions by customer
    _longest: Mapping[Hashable, int] | None = field(repr=False)  # the longest that ended, in microseconds

    def cemi(self, n: int) -> float | None:
        """CEMI-n: the share of customers served who had ``n`` or more sustained interruptions.

        Raises: ValueError for ``n`` below 1.
        """
        if n < 1:
            raise ValueError("CEMI counts customers with one interruption or more")
        return self._share(self._times, n)

    def celid(self, hours: float) -> float | None:
        """CELID-t: the share of customers served with a single sustained interruption of ``hours`` or longer."""
        return self._share(self._longest, hours * US_PER_H)

    def _share(self, by_customer: Mapping[Hashable, int] | None, least: float) -> float | None:
        if by_customer is None or not self.customers_served:
            return None
        return sum(value >= least for value in by_customer.values()) / self.customers_served


def indices(
    steps: Iterable[Step],
    *,
    customers_served: int,
    start: datetime,
    end: datetime,
    sustained: timedelta = SUSTAINED,
    planned: Planned = "exclude",
    distinct_customers: int | None = None,
) -> Indices:
    """The figures of the interruptions that started in [start, end).

    ``sustained``: an interruption is sustained when it is strictly longer. ``distinct_customers``: how many customers
    had any, for steps that do not name them.

    Raises: ValueError for a naive instant, an end before the start, a negative number, or an unknown ``planned``.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("The period has no time zone")
    start, end = _utc(start), _utc(end)
    if end < start:
        raise ValueError("The period ends before it starts")
    if customers_served < 0 or (distinct_customers is not None and distinct_customers < 0):
        raise ValueError("There cannot be fewer than no customers")
    sums = _Sums(sustained)
    for step in _wanted(steps, planned):
        began = _utc(step.start)
        if start <= began < end:
            sums.add(step, began)
    return _figures(sums, customers_served, (end - start) // MICROSECOND, distinct_customers)


def variants(
    steps: Iterable[Step],
    *,
    customers_served: int,
    start: datetime,
    end: datetime,
    sustained: timedelta = SUSTAINED,
    planned: Planned = "include",
) -> dict[int, Indices]:
    """The four Chinese variants (DL/T 836): 1 everything, 2 without causes from outside, 3 without shortage, 4 neither.

    Planned interruptions count, as Chinese statistics have it, unless asked otherwise. Raises: as `indices`.
    """
    steps = list(steps)
    left_out: Mapping[int, tuple[str, ...]] = {1: (), 2: ("external",), 3: ("shortage",), 4: ("external", "shortage")}
    return {
        number: indices(
            (step for step in steps if step.cause_class not in causes),
            customers_served=customers_served,
            start=start,
            end=end,
            sustained=sustained,
            planned=planned,
        )
        for number, causes in left_out.items()
    }


# ── major event days ────────────────────────────────────────────────────


def daily_saidi(
    steps: Iterable[Step],
    *,
    customers_served: int,
    zone: tzinfo,
    sustained: timedelta = SUSTAINED,
    planned: Planned = "exclude",
) -> dict[date, float]:
    """SAIDI in minutes by the local day on which interruptions started, whole to their end; quiet days are absent.

    Raises: ValueError when nobody is served.
    """
    if customers_served <= 0:
        raise ValueError("A daily SAIDI needs customers")
    days: defaultdict[date, int] = defaultdict(int)
    for step in _wanted(steps, planned):
        lasted = _utc(step.end) - _utc(step.start) if step.end else sustained
        if lasted > sustained:
            days[step.start.astimezone(zone).date()] += step.customers * (lasted // MICROSECOND)
    return {day: lasted / US_PER_MIN / customers_served for day, lasted in sorted(days.items())}


def major_event_threshold(daily_saidi_min: Iterable[float], *, min_days: int = 2) -> float | None:
    """T_MED of the 2.5 beta method, in minutes of daily SAIDI: exp(mean + 2.5 deviations) of the logarithms.

    Days of nought are left out; the deviation is the sample's. None with fewer than ``min_days`` days (and with fewer
    than two, of which there is no deviation). Raises: ValueError for a negative or unreal SAIDI.
    """
    days = list(daily_saidi_min)
    if any(day < 0 or not math.isfinite(day) for day in days):
        raise ValueError("A daily SAIDI is a number of minutes, nought or more")
    logs = [math.log(day) for day in days if day > 0]
    if len(logs) < max(2, min_days):
        return None
    alpha = math.fsum(logs) / len(logs)
    beta = math.sqrt(math.fsum((x - alpha) ** 2 for x in logs) / (len(logs) - 1))
    return math.exp(alpha + BETAS * beta)


def major_event_days(daily_saidi_min: Mapping[date, float], threshold: float | None) -> list[date]:
    """The days strictly above the threshold; none when there is no threshold."""
    return [] if threshold is None else [day for day, saidi in sorted(daily_saidi_min.items()) if saidi > threshold]


# ── how it is summed ────────────────────────────────────────────────────


@dataclass
class _Sums:
    """What goes into the figures, in whole customers and whole microseconds."""

    sustained: timedelta
    interrupted: int = 0
    ended: int = 0
    ended_us: int = 0
    momentary: int = 0
    ongoing: int = 0
    are_named: bool = True  # whether every sustained step says who they were
    lasting: list[Step] = field(default_factory=list)
    brief: dict[Hashable, list[Step]] = field(default_factory=dict)  # momentary ones, by outage
    times: Counter[Hashable] = field(default_factory=Counter)
    longest: dict[Hashable, int] = field(default_factory=dict)

    def add(self, step: Step, began: datetime) -> None:
        customers, lasted = step.customers, None
        if step.end is not None:
            span = _utc(step.end) - began
            if span <= self.sustained:
                self.momentary += customers
                self.brief.setdefault(step.outage_id, []).append(step)
                return
            lasted = span // MICROSECOND
            self.ended += customers
            self.ended_us += customers * lasted
        else:
            self.ongoing += 1
        self.interrupted += customers
        self.lasting.append(step)
        if step.customer_ids is not None:
            self._name(step.customer_ids, lasted)
        elif customers:
            self.are_named = False

    def _name(self, customers: Collection[Hashable], lasted: int | None) -> None:
        self.times.update(customers)
        if lasted is not None:
            for customer in customers:
                self.longest[customer] = max(lasted, self.longest.get(customer, 0))

    def momentary_events(self) -> int:
        """Customers by whom a momentary event was seen: an outage's reclosing once, and none before a lockout."""
        lasting: dict[Hashable, list[Step]] = {}
        for step in self.lasting if self.brief else ():
            if step.outage_id in self.brief:
                lasting.setdefault(step.outage_id, []).append(step)
        return sum(_seen(brief, lasting.get(outage, [])) for outage, brief in self.brief.items())


def _seen(brief: list[Step], lasting: list[Step]) -> int:
    """Of one outage: who saw it only flicker. Steps of one start are different people, later ones the same again."""
    if len(brief) == 1 and not lasting:
        return brief[0].customers
    if all(step.customer_ids is not None for step in (*brief, *lasting)):
        flickered = {customer for step in brief for customer in step.customer_ids or ()}
        return len(flickered.difference(*(step.customer_ids or () for step in lasting)))
    at_once: Counter[datetime] = Counter()
    for step in brief:
        at_once[_utc(step.start)] += step.customers
    locked_out = ((at, sum(s.customers for s in lasting if _utc(s.start) > at)) for at in at_once)
    return max(0, *(at_once[at] - customers for at, customers in locked_out))


def _figures(sums: _Sums, served: int, period_us: int, distinct: int | None) -> Indices:
    if distinct is None and sums.are_named:
        distinct = len(sums.times)
    minutes = sums.ended_us / US_PER_MIN
    available_us = served * period_us
    return Indices(
        saifi=_ratio(sums.interrupted, served),
        saidi_min=_ratio(minutes, served),
        caidi_min=_ratio(minutes, sums.ended),
        caifi=_ratio(sums.interrupted, distinct),
        ctaidi_min=_ratio(minutes, distinct),
        asai=_ratio(available_us - sums.ended_us, available_us),
        maifi=_ratio(sums.momentary, served),
        maifi_e=_ratio(sums.momentary_events(), served),
        customer_interruptions=sums.interrupted,
        customer_minutes=minutes,
        ongoing=sums.ongoing,
        customers_served=served,
        _times=sums.times if sums.are_named else None,
        _longest=sums.longest if sums.are_named else None,
    )


def _wanted(steps: Iterable[Step], planned: Planned) -> Iterable[Step]:
    if planned == "include":
        return steps
    if planned not in ("exclude", "only"):
        raise ValueError(f"planned is exclude, include or only, not {planned!r}")
    return (step for step in steps if step.planned == (planned == "only"))


def _ratio(part: float, whole: int | None) -> float | None:
    return part / whole if whole else None


def _utc(at: datetime) -> datetime:
    """Two instants of one zone are compared by the hands of its clocks, which is wrong when they change; in UTC not."""
    return at if at.tzinfo is UTC else at.astimezone(UTC)

"""Clock arithmetic, pure: what a clock does is a function of its rule and of what happened, when.

Nothing here reads the database or the time of day. `lives` says when a clock ran, `project` when it is due and which
rungs of its ladder fire at which instants. Regular acts, amendments and corrected times all go through the same two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.calendars import CompanyCalendar
from workorders.choices import ON_THE_WALL, Base, ClockKind, ClockState, Stage
from workorders.kinds import CLOCKS, VOIDING, ClockSpec


@dataclass(frozen=True)
class Stamp:
    """One thing that happened to an order."""

    verb: str
    at: datetime


@dataclass(frozen=True)
class Life:
    """One run of a clock. Waiting when ``started_at`` is None and it is not void."""

    started_at: datetime | None = None
    stopped_at: datetime | None = None
    is_void: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_void or self.stopped_at is not None

    @property
    def state(self) -> ClockState:
        if self.is_void:
            return ClockState.VOID
        if self.stopped_at:
            return ClockState.STOPPED
        return ClockState.RUNNING if self.started_at else ClockState.WAITING


def lives(kind: str, starts_on: str, stamps: Sequence[Stamp]) -> list[Life]:
    """Every run of a clock of ``kind`` that counts from ``starts_on``, given all that happened, in order.

    At least one: a clock that has not started is waiting. A clock whose end comes before its start is void, and so is
    every clock still open when the order is cancelled or closed.
    """
    spec = CLOCKS[ClockKind(kind)]
    starts = spec.also_starts_on | {starts_on}
    runs = [Life()]
    for stamp in stamps:
        runs[-1] = _step(runs[-1], stamp, spec, starts)
        if runs[-1].is_over and stamp.verb in spec.restarts_on:
            runs.append(Life(stamp.at))
    return runs


def _step(life: Life, stamp: Stamp, spec: ClockSpec, starts: frozenset[str]) -> Life:
    """What one more stamp makes of a run."""
    if life.is_over:
        return life
    if stamp.verb in VOIDING or stamp.verb in spec.voids_on:
        return Life(life.started_at, is_void=True)
    if life.started_at:
        return Life(life.started_at, stamp.at) if stamp.verb in spec.stops_on else life
    if stamp.verb in starts:
        return Life(stamp.at)
    return Life(is_void=True) if stamp.verb in spec.stops_on else life


@dataclass(frozen=True)
class Limit:
    """The frozen figures a clock is projected from; ``amount`` in minutes, or in days when counted in working days.

    ``moment``: by when, where that was set for the order itself.
    """

    base: str
    amount: int
    same_time_of_day: bool
    warn_percent: int
    ladder: Sequence[dict]
    moment: datetime | None = None


@dataclass(frozen=True)
class Aim:
    """Where a running clock points: due and warn instants, rungs as (stage, instant, roles), shaky calendar or not."""

    warn_at: datetime
    due_at: datetime
    stages: list[dict]
    is_provisional: bool


def project(limit: Limit, started_at: datetime, calendar: CompanyCalendar) -> Aim:
    """Project a limit from its start.

    Raises: `common.worktime.BeyondCalendar` when the due day lies past the last loaded day.
    Source: design §5 and §11 (working-day limits fall due at the close of their last day).
    """
    due_at = due(limit, started_at, calendar)
    length = _length(limit.base, started_at, due_at, calendar)
    warn_at = _after(limit.base, started_at, length * limit.warn_percent / 100, calendar)
    stages = []
    for rung in limit.ladder:
        if rung["stage"] == Stage.WARN:
            at = warn_at
        elif rung["stage"] == Stage.BREACH:
            at = due_at
        else:
            extra = max(length * rung["percent"] / 100, timedelta(minutes=rung.get("min_minutes", 0)))
            at = _after(limit.base, due_at, extra, calendar)
        stages.append({"stage": rung["stage"], "at": at.isoformat(), "roles": list(rung["roles"])})
    touches = limit.base not in ON_THE_WALL and calendar.is_provisional(started_at, due_at)
    return Aim(warn_at, due_at, stages, touches)


def due(limit: Limit, started_at: datetime, calendar: CompanyCalendar) -> datetime:
    """When a limit that started at ``started_at`` falls due; exact to the second."""
    if limit.base == Base.MOMENT:
        if limit.moment is None:
            raise ValueError("a limit until a set moment needs the moment")
        return limit.moment
    if limit.base == Base.WORKING_DAYS:
        if limit.same_time_of_day:
            return calendar.work.add_days(started_at, limit.amount)
        return calendar.work.due_after_days(started_at, limit.amount)
    return _after(limit.base, started_at, timedelta(minutes=limit.amount), calendar)


def _after(base: str, start: datetime, length: timedelta, calendar: CompanyCalendar) -> datetime:
    """``length`` later: on the wall clock, or counted in working time."""
    length = timedelta(seconds=round(length.total_seconds()))
    return start + length if base in ON_THE_WALL else calendar.work.add(start, length)


def _length(base: str, start: datetime, end: datetime, calendar: CompanyCalendar) -> timedelta:
    return end - start if base in ON_THE_WALL else calendar.work.between(start, end)

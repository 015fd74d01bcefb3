"""Interruptions added up by the database, and the indices that follow from the sums. Pure.

The same figures as `outages.reliability.indices`, from sums instead of steps: a million steps stay where they are. A
test holds the two together.
"""

from dataclasses import astuple, dataclass
from datetime import timedelta

from outages.reliability import MICROSECOND, US_PER_MIN


@dataclass(frozen=True)
class Tally:
    """Sums over steps, in whole customers and whole microseconds; ``ongoing`` and ``steps`` count steps."""

    interrupted: int = 0  # sustained, over or not
    ended: int = 0  # … of these, over
    ended_us: int = 0  # … their customers times how long
    momentary: int = 0
    ongoing: int = 0
    steps: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def of(self, customers: int) -> "Tally":
        """What was counted of one thing, a transformer, for each of the customers on it."""
        interrupted, ended, ended_us, momentary = (
            value * customers for value in (self.interrupted, self.ended, self.ended_us, self.momentary)
        )
        return Tally(interrupted, ended, ended_us, momentary, self.ongoing, self.steps)

    @property
    def minutes(self) -> float:
        """Customer-minutes."""
        return self.ended_us / US_PER_MIN


@dataclass(frozen=True)
class Rates:
    """The indices of a tally; None where one is not defined."""

    tally: Tally
    served: int
    span: timedelta

    @property
    def saifi(self) -> float | None:
        return _ratio(self.tally.interrupted, self.served)

    @property
    def saidi_min(self) -> float | None:
        return _ratio(self.tally.minutes, self.served)

    @property
    def caidi_min(self) -> float | None:
        return _ratio(self.tally.minutes, self.tally.ended)

    @property
    def maifi(self) -> float | None:
        return _ratio(self.tally.momentary, self.served)

    @property
    def asai(self) -> float | None:
        whole = self.served * (self.span // MICROSECOND)
        return _ratio(whole - self.tally.ended_us, whole)


@dataclass(frozen=True)
class Pair:
    """Unplanned and planned, always apart."""

    unplanned: Rates
    planned: Rates

    @property
    def ongoing(self) -> int:
        return self.unplanned.tally.ongoing + self.planned.tally.ongoing

    @property
    def steps(self) -> int:
        return self.unplanned.tally.steps + self.planned.tally.steps


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None

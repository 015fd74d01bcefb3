"""What a bench reports: one line per row of the budget table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchLine:
    """``figure`` in ``unit`` beside its ``budget``; ``ratio`` is figure over budget, or over what it is measured by."""

    name: str
    figure: float
    unit: str
    budget: float | str
    ratio: float
    ok: bool

    def __str__(self) -> str:
        budget = self.budget if isinstance(self.budget, str) else f"{self.budget:,g} {self.unit}"
        verdict = "ok  " if self.ok else "MISS"
        return f"{verdict}  {self.name:<64} {self.figure:>12,.4g} {self.unit:<11} {budget:<24} × {self.ratio:.2f}"


def at_least(name: str, figure: float, unit: str, least: float) -> BenchLine:
    """More is better: a ``ratio`` of 1 and above keeps the budget."""
    return BenchLine(name, figure, unit, f"≥ {least:,g} {unit}", figure / least, figure >= least)


def at_most(name: str, figure: float, unit: str, most: float) -> BenchLine:
    """Less is better: a ``ratio`` of 1 and below keeps the budget."""
    return BenchLine(name, figure, unit, f"≤ {most:,g} {unit}", figure / most, figure <= most)


def at_most_times(name: str, figure: float, unit: str, *, other: float, times: float) -> BenchLine:
    """Compared with something measured in the same run: ``ratio`` is figure over ``other``."""
    return BenchLine(name, figure, unit, f"≤ {times:g} × {other:,.4g} {unit}", figure / other, figure <= times * other)

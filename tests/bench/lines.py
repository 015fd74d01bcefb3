"""What a bench reports: one line per row of the budget table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchLine:
    """``figure`` in ``unit`` beside its ``budget``; ``ratio`` is figure over budget, or over what it is measured by.

    ``note`` says what else was seen, such as how much of the time was work and how much waiting for a busy machine.
    """

    name: str
    figure: float
    unit: str
    budget: float | str
    ratio: float
    ok: bool
    note: str = ""

    def __str__(self) -> str:
        budget = self.budget if isinstance(self.budget, str) else f"{self.budget:,g} {self.unit}"
        verdict = "ok    " if self.ok else "MISSED"
        line = f"{verdict}  {self.name:<62} {self.figure:>10,.4g} {self.unit:<10} {budget:<22} × {self.ratio:.2f}"
        return f"{line}  {self.note}".rstrip()


def at_least(name: str, figure: float, unit: str, least: float, note: str = "") -> BenchLine:
    """More is better: a ``ratio`` of 1 and above keeps the budget."""
    return BenchLine(name, figure, unit, f"≥ {least:,g} {unit}", figure / least, figure >= least, note)


def at_most(name: str, figure: float, unit: str, most: float, note: str = "") -> BenchLine:
    """Less is better: a ``ratio`` of 1 and below keeps the budget."""
    return BenchLine(name, figure, unit, f"≤ {most:,g} {unit}", figure / most, figure <= most, note)


def at_most_times(name: str, figure: float, unit: str, *, other: float, times: float, note: str = "") -> BenchLine:
    """Compared with something measured in the same run: ``ratio`` is figure over ``other``."""
    budget = f"≤ {times:g} × {other:,.4g} {unit}".rstrip()
    return BenchLine(name, figure, unit, budget, figure / other, figure <= times * other, note)


def none_of(name: str, figure: float) -> BenchLine:
    """What must not happen even once."""
    return BenchLine(name, figure, "", "0", figure, figure == 0)

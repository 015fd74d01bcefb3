"""Minutes without power as figures a template can draw: bars for the unplanned, a line for the planned. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

TOP, HEIGHT = 9, 76  # per cent of the drawing: room above the highest bar for its figure, below for the names
MOST_LINES = 5
FILLED = 0.62  # how much of its column a bar takes


@dataclass(frozen=True)
class Bar:
    """One column; every place in per cent of the drawing. ``is_peak``: carries its figure."""

    index: int
    value: float
    x: float
    width: float
    y: float
    height: float
    middle: float
    is_peak: bool


@dataclass(frozen=True)
class Chart:
    """All of it."""

    bars: list[Bar]
    grid: list[tuple[float, float]]  # (y, value)
    line: list[tuple[float, float, float, float]]  # x1, y1, x2, y2

    @property
    def peak(self) -> int | None:
        """The column of the highest bar; None when nothing is to be seen."""
        return next((bar.index for bar in self.bars if bar.is_peak), None)


def chart_of(values: Sequence[float | None], beside: Sequence[float | None]) -> Chart | None:
    """Bars from nought and the line beside them; None when there is nothing to draw."""
    known = [value for value in (*values, *beside) if value]
    if not known:
        return None
    step = step_for(max(known))
    ceiling = step * math.ceil(max(known) / step)
    column = 100 / len(values)

    def y(value: float) -> float:
        return round(TOP + HEIGHT * (1 - value / ceiling), 2)

    peak = max(range(len(values)), key=lambda at: values[at] or 0)
    bars = [
        Bar(
            at, value, round((at + (1 - FILLED) / 2) * column, 2), round(FILLED * column, 2), y(value),
            round(HEIGHT * value / ceiling, 2), round((at + 0.5) * column, 2), at == peak and value > 0,
        )
        for at, value in ((at, value or 0.0) for at, value in enumerate(values))
    ]  # fmt: skip
    heights = [y(value or 0) for value in beside] if any(beside) else []
    grid = [(y(step * line), round(step * line, 6)) for line in range(round(ceiling / step) + 1)]
    return Chart(bars, grid, _steps(heights, column))


def step_for(most: float) -> float:
    """The distance of the lines: 1, 2 or 5 times a power of ten, so that few of them do."""
    power = 10.0 ** math.floor(math.log10(most / MOST_LINES))
    return next(power * times for times in (1, 2, 5, 10) if most / (power * times) <= MOST_LINES)


def _steps(heights: Sequence[float], column: float) -> list[tuple[float, float, float, float]]:
    """Level within each column, upright between two."""
    level = [(round(at * column, 2), height, round((at + 1) * column, 2), height) for at, height in enumerate(heights)]
    upright = [(round(at * column, 2), one, round(at * column, 2), other)
               for at, (one, other) in enumerate(pairwise(heights), start=1)]  # fmt: skip
    return level + upright


def shares(values: Sequence[float | None]) -> list[float]:
    """How far bars side by side go, in per cent of the longest."""
    most = max((value or 0 for value in values), default=0)
    return [round(100 * (value or 0) / most, 1) if most else 0.0 for value in values]

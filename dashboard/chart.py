"""Intake by hour as figures a template can draw: bars in a box of 24 columns, the usual day as a stepped line."""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, HEIGHT = 9, 78  # per cent of the drawing: room above the highest bar for its figure, below for the hours
STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Bar:
    """One hour. ``is_now``: not over yet, drawn pale; ``is_peak``: carries its figure."""

    hour: int
    n: int
    x: float
    y: float
    height: float
    is_now: bool
    is_peak: bool


@dataclass(frozen=True)
class HourChart:
    """All of it; every place in per cent of the drawing, so that it fits the desk and the wall."""

    bars: list[Bar]
    grid: list[tuple[float, int]]  # (y, value)
    usual: list[tuple[float, float, float, float]]  # x1, y1, x2, y2
    base: float


def chart_of(hours: Sequence[int], usual: Sequence[float], *, hour_now: int) -> HourChart:
    """Bars for the hours so far, the line for the whole usual day."""
    most = max(*hours, *usual, 1)
    step = next(s for s in STEPS if most / s <= 4) if most <= 4 * STEPS[-1] else most / 4
    ceiling = step * -(-most // step)
    width = 100 / 24

    def y(n: float) -> float:
        return round(TOP + HEIGHT * (1 - n / ceiling), 1)

    peak = max(range(24), key=lambda h: hours[h])
    bars = [
        Bar(h, n, round(h * width + 0.6, 2), y(n), round(HEIGHT * n / ceiling, 1), h == hour_now, h == peak and n > 0)
        for h, n in enumerate(hours)
        if h <= hour_now
    ]
    lines: list[tuple[float, float, float, float]] = []
    for h, n in enumerate(usual):
        lines.append((round(h * width, 2), y(n), round((h + 1) * width, 2), y(n)))
        if h:
            lines.append((round(h * width, 2), y(usual[h - 1]), round(h * width, 2), y(n)))
    grid = [(y(value * step), int(value * step)) for value in range(int(ceiling // step) + 1)]
    return HourChart(bars, grid, lines, y(0))

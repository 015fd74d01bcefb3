"""Intake by hour as figures a template can draw: bars in a box of 24 columns, the usual day as a stepped line."""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, HEIGHT = 9, 78  # per cent of the drawing: room above the highest bar for its figure, below for the hours
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MOST_LINES = 5
NAMED = range(0, 24, 3)  # hours that are written below


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
    hours: list[tuple[float, int]]  # (x of the middle of its column, hour)
    table: list[tuple[int, int | None, float | None]]  # hour, today, usual; None: not yet, or nothing to compare with


def chart_of(hours: Sequence[int], usual: Sequence[float], *, hour_now: int) -> HourChart:
    """Bars for the hours so far, the line for the whole usual day (none when ``usual`` is empty)."""
    most = max(*hours, *usual, 1)
    step = next((s for s in STEPS if most / s <= MOST_LINES), -(-int(most) // MOST_LINES))
    lines = int(-(-most // step))
    ceiling = step * lines
    width = 100 / 24

    def y(n: float) -> float:
        return round(TOP + HEIGHT * (1 - n / ceiling), 1)

    peak = max(range(24), key=lambda h: hours[h])
    bars = [
        Bar(h, n, round(h * width + 0.6, 2), y(n), round(HEIGHT * n / ceiling, 1), h == hour_now, h == peak and n > 0)
        for h, n in enumerate(hours)
        if h <= hour_now
    ]
    return HourChart(
        bars=bars,
        grid=[(y(value * step), value * step) for value in range(lines + 1)],
        usual=_steps([y(n) for n in usual], width),
        hours=[(round((h + 0.5) * width, 2), h) for h in NAMED],
        table=[(h, n if h <= hour_now else None, round(usual[h], 1) if usual else None) for h, n in enumerate(hours)],
    )


def _steps(heights: Sequence[float], width: float) -> list[tuple[float, float, float, float]]:
    """A stepped line through the hours: level within each, upright between two."""
    lines: list[tuple[float, float, float, float]] = []
    for h, height in enumerate(heights):
        lines.append((round(h * width, 2), height, round((h + 1) * width, 2), height))
        if h:
            lines.append((round(h * width, 2), heights[h - 1], round(h * width, 2), height))
    return lines

"""The map on the dispatch board: areas, what is off and planned, orders by shape, crews at home (picture 04).

Nothing has a live position: an order stands in its area, a crew in the area it is at home in.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from customers.models import Area
from outages.mapping import Drawing, drawing
from outages.selectors.public import map_looks, outlined_areas
from staff.models import Member
from workorders.models import WorkOrder

STEP, A_ROW = 28, 4  # units of the drawing between marks, and how many stand side by side
BELOW = 28  # … the first row below the area's name


@dataclass(frozen=True)
class Mark:
    """An order on the map. ``shape``: give (to be given), work (under way), warn, over."""

    x: float
    y: float
    shape: str
    code: str
    title: str


@dataclass(frozen=True)
class CrewSign:
    """A crew where it is at home."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class BoardMap:
    """Everything the board's map shows."""

    drawing: Drawing
    marks: list[Mark]
    crews: list[CrewSign]


def board_map(board: Any, actor: Member, now: datetime) -> BoardMap | None:
    """The map of the board's orders and crews; None where no area has an outline."""
    areas = outlined_areas()
    drawn = drawing(areas, map_looks(now))
    if drawn is None:
        return None
    waiting = [row[0] for row in board.waiting]
    spots = {shape.area: (shape.x, shape.y) for shape in drawn.shapes}
    marks = _marks([*waiting, *board.running], {order.pk for order in waiting}, spots, now)
    return BoardMap(drawn, marks, _crews(board, areas, spots))


def _marks(
    orders: Iterable[WorkOrder], waiting: set[int], spots: dict[int, tuple[float, float]], now: datetime
) -> list[Mark]:
    """Orders of one area side by side below its name, in rows."""
    stood: dict[int, int] = defaultdict(int)
    marks = []
    for order in orders:
        area = order.supply_point.transformer.area_id if order.supply_point else None
        if area is None or area not in spots:
            continue
        row, column = divmod(stood[area], A_ROW)
        stood[area] += 1
        x, y = spots[area]
        x += (column - (A_ROW - 1) / 2) * STEP
        marks.append(Mark(x, y + BELOW + row * STEP, _shape(order, waiting, now), order.code, order.headline))
    return marks


def _shape(order: WorkOrder, waiting: set[int], now: datetime) -> str:
    clock = order.next_clock
    if order.next_due_at and order.next_due_at < now:
        return "over"
    if clock and clock.warn_at and clock.warn_at <= now:
        return "warn"
    return "give" if order.pk in waiting else "work"


def _crews(board: Any, areas: Iterable[Area], spots: dict[int, tuple[float, float]]) -> list[CrewSign]:
    """Each crew above the name of the first area it drives to."""
    home: dict[int, int] = {}
    for area in areas:
        if area.crew_id and area.pk in spots:
            home.setdefault(area.crew_id, area.pk)
    signs = []
    for load in board.crews:
        if load.people and load.unit.pk in home:
            x, y = spots[home[load.unit.pk]]
            signs.append(CrewSign(x, y - 26, load.unit.label))
    return signs

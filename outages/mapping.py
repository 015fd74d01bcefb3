"""The areas as a drawing: outlines on a plane, what is off and what is planned. Pure.

Drawn by the server as SVG: it works without script, prints, and is the same for everybody. Areas only, never the points
of houses.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.models import Area

WIDTH = 1000
MARGIN = 12


@dataclass(frozen=True)
class Shape:
    """An area as it is drawn; ``look`` is off, planned or calm, ``href`` leads to its outage. Streets by bare name."""

    area: int
    name: str
    points: str
    x: float
    y: float
    look: str
    href: str


@dataclass(frozen=True)
class Drawing:
    """The whole map."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def drawing(areas: Iterable[Area], looks: Mapping[int, tuple[str, str]]) -> Drawing | None:
    """The map of these areas; ``looks`` gives look and address by area id. None when no area has an outline."""
    rings = [(area, ring) for area in areas if (ring := _ring(area))]
    if not rings:
        return None
    corners = [point for _area, ring in rings for point in ring]
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    narrow = math.cos(math.radians((south + north) / 2))  # a degree of longitude is shorter than one of latitude
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, 1e-9)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        return round(MARGIN + (longitude - west) * narrow * scale, 1), round(MARGIN + (north - latitude) * scale, 1)

    shapes = []
    for area, ring in rings:
        x, y = place(*(area.label_point or _middle(ring)))
        look, href = looks.get(area.pk, ("calm", ""))
        outline = " ".join(f"{px},{py}" for px, py in (place(*point) for point in ring))
        shapes.append(Shape(area.pk, area.name.removesuffix("街道"), outline, x, y, look, href))
    height = math.ceil((north - south) * scale + 2 * MARGIN)
    return Drawing(WIDTH, height, tuple(sorted(shapes, key=lambda shape: shape.look != "calm")))


def _ring(area: Area) -> list[tuple[float, float]]:
    """The outer ring of the outline; of several parts the longest."""
    outline = area.boundary or {}
    parts = outline.get("coordinates", [])
    if outline.get("type") == "MultiPolygon":
        parts = max(parts, key=lambda part: len(part[0]), default=[])
    return [(point[0], point[1]) for point in parts[0]] if parts else []


def _middle(ring: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)

"""Outlines of the places as GeoJSON: edges waver like real ones, and neighbours share theirs exactly."""

from itertools import pairwise
from random import Random

from simulation.city.places import POINTS, Place

ORIGIN = (111.215, 30.625)  # where the plane's (0, 0) lies: degrees east, degrees north
SPAN = (0.170, 0.147)  # degrees of 1,000 steps: about 16.3 km both ways at this latitude
STEPS = 5
Point = tuple[float, float]


def degrees(x: float, y: float) -> list[float]:
    """A point of the plane as [longitude, latitude]."""
    return [round(ORIGIN[0] + x / 1000 * SPAN[0], 5), round(ORIGIN[1] + y / 1000 * SPAN[1], 5)]


def boundary(place: Place) -> dict:
    """The outline as a GeoJSON polygon, anticlockwise and closed (RFC 7946)."""
    corners = place.ring.split()
    ring: list[Point] = []
    for one, other in pairwise([*corners, corners[0]]):
        ring.extend(_edge(one, other))
    if _area(ring) < 0:
        ring.reverse()
    return {"type": "Polygon", "coordinates": [[degrees(*point) for point in [*ring, ring[0]]]]}


def label_point(place: Place) -> list[float]:
    """Where the name stands, clear of edges: [longitude, latitude]."""
    return degrees(*place.label)


def river() -> dict:
    """The water between the city's bank and the far one."""
    near = [f"n{i}" for i in range(1, 8)]
    far = [f"f{i}" for i in range(7, 0, -1)]
    ring = [point for one, other in pairwise([*near, *far, "n1"]) for point in _edge(one, other)]
    if _area(ring) < 0:
        ring.reverse()
    return {"type": "Polygon", "coordinates": [[degrees(*point) for point in [*ring, ring[0]]]]}


def _edge(one: str, other: str) -> list[Point]:
    """From ``one`` up to, not including, ``other``; the same waver whichever way it is walked."""
    first, last = sorted((one, other))
    rng = Random(f"{first}-{last}")
    (x0, y0), (x1, y1) = POINTS[first], POINTS[last]
    dx, dy = x1 - x0, y1 - y0
    inner = []
    for step in range(1, STEPS):
        bend = (rng.random() - 0.5) * 0.12
        inner.append((x0 + dx * step / STEPS - dy * bend, y0 + dy * step / STEPS + dx * bend))
    if one != first:
        inner.reverse()
    return [POINTS[one], *inner]


def _area(ring: list[Point]) -> float:
    """Twice the signed area; positive when anticlockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]))

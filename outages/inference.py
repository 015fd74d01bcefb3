"""From reports to the likely device: what clusters below a transformer, then below a feeder. Pure.

A report is one supply point without power that no known outage explains. Two places below one transformer suggest the
transformer; two transformers of one feeder that are suggested, or have a report each from three in all, suggest the
feeder. Evidence is kept, because a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

PLACES_OF_A_TRANSFORMER = 2
TRANSFORMERS_OF_A_FEEDER = 2
LONE_TRANSFORMERS_OF_A_FEEDER = 3


@dataclass(frozen=True)
class Sighting:
    """Somebody's place without power."""

    supply_point: int
    transformer: int
    feeder: int
    at: datetime
    order: str  # code of the order it came with


@dataclass(frozen=True)
class Suspicion:
    """A device that would explain several reports: a feeder, or one transformer of it."""

    feeder: int
    transformer: int | None
    sightings: tuple[Sighting, ...]

    @property
    def places(self) -> int:
        return len({s.supply_point for s in self.sightings})

    @property
    def transformers(self) -> int:
        return len({s.transformer for s in self.sightings})

    @property
    def since(self) -> datetime:
        return min(s.at for s in self.sightings)


def suspicions(sightings: Iterable[Sighting]) -> list[Suspicion]:
    """What would explain the reports, the most places first; a feeder takes in its transformers."""
    by_feeder: Mapping[int, dict[int, list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    for sighting in sightings:
        by_feeder[sighting.feeder][sighting.transformer].append(sighting)
    found = []
    for feeder, boxes in by_feeder.items():
        dark = {box: rows for box, rows in boxes.items() if _places(rows) >= PLACES_OF_A_TRANSFORMER}
        if len(dark) >= TRANSFORMERS_OF_A_FEEDER or len(boxes) >= LONE_TRANSFORMERS_OF_A_FEEDER:
            found.append(Suspicion(feeder, None, _in_order(s for rows in boxes.values() for s in rows)))
        else:
            found += [Suspicion(feeder, box, _in_order(rows)) for box, rows in dark.items()]
    return sorted(found, key=lambda s: (-s.places, s.since, s.feeder, s.transformer or 0))


def _places(rows: Iterable[Sighting]) -> int:
    return len({row.supply_point for row in rows})


def _in_order(rows: Iterable[Sighting]) -> tuple[Sighting, ...]:
    return tuple(sorted(rows, key=lambda row: (row.at, row.order)))

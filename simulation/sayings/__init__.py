"""What customers say, as data: every saying with its true cause, the work done and the answer given."""

from collections import defaultdict
from functools import cache

from simulation.sayings import (
    complaints,
    faults_danger,
    faults_part,
    faults_whole,
    inquiries,
    services,
    wishes,
)
from simulation.sayings.saying import Saying

ALL: tuple[Saying, ...] = (
    *faults_whole.SAYINGS,
    *faults_part.SAYINGS,
    *faults_danger.SAYINGS,
    *inquiries.SAYINGS,
    *complaints.SAYINGS,
    *wishes.SAYINGS,
    *services.SAYINGS,
)


@cache
def by_kind() -> dict[str, tuple[Saying, ...]]:
    """Sayings of each order kind."""
    found: dict[str, list[Saying]] = defaultdict(list)
    for saying in ALL:
        found[saying.kind].append(saying)
    return {kind: tuple(sayings) for kind, sayings in found.items()}

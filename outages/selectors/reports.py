"""Reports of no power that no known outage explains, and what they point at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.models import Feeder, Transformer
from outages.inference import Sighting, Suspicion, suspicions
from outages.selectors.places import touching
from staff.models import Member
from workorders.choices import Kind, Situation
from workorders.selectors.orders import visible_to

LOOK_BACK = timedelta(hours=2)
MOST = 2_000


@dataclass(frozen=True)
class Hint:
    """A suspicion with the things it names."""

    suspicion: Suspicion
    feeder: Feeder
    transformer: Transformer | None

    @property
    def device(self) -> str:
        return self.transformer.name if self.transformer else self.feeder.name

    @property
    def orders(self) -> list[str]:
        return list(dict.fromkeys(s.order for s in self.suspicion.sightings))


def hints(actor: Member, now: datetime) -> list[Hint]:
    """What the open reports of the last two hours point at, in the units this person sees; at most four queries."""
    rows = (
        visible_to(actor)
        .filter(
            kind=Kind.FAULT,
            situation=Situation.WHOLE,
            closed_at__isnull=True,
            received_at__gte=now - LOOK_BACK,
            supply_point__isnull=False,
        )
        .select_related("supply_point__transformer")
        .only("code", "received_at", "supply_point__transformer__feeder")
        .order_by("-received_at")[:MOST]
    )
    placed = [(order, order.supply_point) for order in rows if order.supply_point]
    explained = touching([point for _order, point in placed], now)
    dark = {pk for pk, outage in explained.items() if outage.is_off}
    found = suspicions(
        Sighting(point.pk, point.transformer_id, point.transformer.feeder_id, order.received_at, order.code)
        for order, point in placed
        if point.pk not in dark
    )
    return _named(found)


def _named(found: Iterable[Suspicion]) -> list[Hint]:
    found = list(found)
    feeders = Feeder.objects.in_bulk({s.feeder for s in found})
    boxes = Transformer.objects.in_bulk({s.transformer for s in found if s.transformer})
    return [Hint(s, feeders[s.feeder], boxes[s.transformer] if s.transformer else None) for s in found]

"""Could it be the same? What is known before an order is opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common import timewords
from customers.models import Customer, SupplyPoint
from staff.models import Member
from workorders.choices import Kind
from workorders.kinds import CONFIDENTIAL
from workorders.models import WorkOrder
from workorders.selectors.orders import visible_to

LOOK_BACK = timedelta(hours=24)
MOST = 2  # of each sort: a hint, not a list


@dataclass
class SimilarOrder:
    """An open order that may be about the same; ``promise`` is filled in by the page that draws it."""

    order: WorkOrder
    is_own: bool  # of this customer; else of a neighbour
    ago: timedelta
    promise: Any = None

    @property
    def ago_words(self) -> str:
        """How long ago it came in, rounded up: “34 min”."""
        return timewords.over(self.ago)


def similar_orders(
    *, actor: Member, kind: str, customer: Customer | None, supply_point: SupplyPoint | None, now: datetime
) -> list[SimilarOrder]:
    """Open orders that may be about the same thing, the likeliest first.

    The customer's own open orders of this kind; for a fault, other faults of the last day on the same transformer.
    Nothing for a tip-off: that this customer has told us something is itself nobody's business.
    """
    if kind in CONFIDENTIAL:
        return []
    rows = visible_to(actor).filter(closed_at__isnull=True, kind=kind).select_related("unit", "next_clock")
    own = list(rows.filter(customer=customer).order_by("-received_at")[:MOST]) if customer else []
    near: list[WorkOrder] = []
    if kind == Kind.FAULT and supply_point:
        near = list(
            rows.filter(supply_point__transformer=supply_point.transformer_id, received_at__gte=now - LOOK_BACK)
            .exclude(pk__in=[o.pk for o in own])
            .order_by("-received_at")[:MOST]
        )
    return [SimilarOrder(order, order in own, now - order.received_at) for order in [*own, *near]]

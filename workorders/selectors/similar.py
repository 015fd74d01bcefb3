"""Could it be the same? What is known before an order is opened."""

from datetime import datetime, timedelta

from customers.models import Customer, SupplyPoint
from staff.models import Member
from workorders.choices import Kind
from workorders.models import WorkOrder
from workorders.selectors.orders import visible_to

LOOK_BACK = timedelta(hours=24)


def similar_orders(
    *, actor: Member, kind: str, customer: Customer | None, supply_point: SupplyPoint | None, now: datetime
) -> list[WorkOrder]:
    """Open orders that may be about the same thing, the likeliest first.

    The customer's own open orders of this kind; for a fault, other faults of the last day on the same transformer.
    """
    rows = visible_to(actor).filter(closed_at__isnull=True, kind=kind).select_related("unit", "next_clock")
    own = []
    if customer and kind != Kind.TIP_OFF:  # nobody at a counter learns who tipped us off
        own = list(rows.filter(customer=customer).order_by("-received_at")[:2])
    near: list[WorkOrder] = []
    if kind == Kind.FAULT and supply_point:
        near = list(
            rows.filter(supply_point__transformer=supply_point.transformer_id, received_at__gte=now - LOOK_BACK)
            .exclude(pk__in=[o.pk for o in own])
            .order_by("-received_at")[:2]
        )
    return [*own, *near]

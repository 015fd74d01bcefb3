"""What else is open on the same transformer."""

from staff.models import Member
from workorders.models import WorkOrder
from workorders.selectors.orders import visible_to

NEARBY = 20


def nearby_orders(actor: Member, order: WorkOrder) -> list[WorkOrder]:
    """Other open orders on the transformer of this one, tightest first; at most so many as a page can carry."""
    if order.supply_point is None or not order.is_open:
        return []
    there = visible_to(actor).filter(
        supply_point__transformer=order.supply_point.transformer_id, closed_at__isnull=True
    )
    rows = there.exclude(pk=order.pk).select_related("next_clock").order_by("next_due_at", "id")
    return list(rows[:NEARBY])

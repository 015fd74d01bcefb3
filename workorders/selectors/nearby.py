"""What else is open on the same transformer."""

from staff.models import Member
from workorders.kinds import CONFIDENTIAL, goes_out
from workorders.models import WorkOrder
from workorders.selectors.orders import sees, with_promise

NEARBY = 20


def nearby_orders(actor: Member, order: WorkOrder) -> list[WorkOrder]:
    """Other open orders on the transformer of this one, tightest first; tip-offs are nobody's neighbours.

    Nothing for work that is done at a desk: there the place says nothing.
    """
    if order.supply_point is None or not order.is_open or not goes_out(order.kind, order.service_type):
        return []
    rows = (
        WorkOrder.objects.filter(supply_point__transformer=order.supply_point.transformer_id, closed_at__isnull=True)
        .exclude(kind__in=CONFIDENTIAL)
        .exclude(pk=order.pk)
        .order_by("next_due_at", "id")
    )
    return [near for near in with_promise(rows)[:NEARBY] if sees(actor, near)]

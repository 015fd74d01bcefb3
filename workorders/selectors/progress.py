"""How far orders are within their state: what the state alone does not say, for a whole list at a time."""

from collections.abc import Iterable

from workorders.callbacks import Try, is_called_back
from workorders.choices import State, Verb
from workorders.models import CallBack, Event, WorkOrder
from workorders.selectors.history import mark_doers

_WAY = (Verb.DISPATCH, Verb.TRANSFER, Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.RETURN)


def mark_progress(orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """The same orders, each knowing whether its crew is on the way and its customer was called back, and who may not.

    At most three queries, none for orders in other states.
    """
    orders = list(orders)
    on_way = _set_off([order.pk for order in orders if order.state == State.ACCEPTED])
    answered = [order for order in orders if order.state == State.ANSWERED]
    tries = _tries([order.pk for order in answered])
    for order in orders:
        order.is_on_way = order.pk in on_way
        order.is_called_back = is_called_back(tries.get((order.pk, order.generation), ()))
    if answered:
        mark_doers(answered)
    return orders


def _set_off(order_ids: list[int]) -> set[int]:
    """Those whose last step on the way was setting off: a transfer after it begins the way anew."""
    if not order_ids:
        return set()
    last = (
        Event.objects.filter(order__in=order_ids, verb__in=_WAY)
        .exclude(pk__in=Event.objects.filter(order__in=order_ids, verb=Verb.TAKE_BACK).values("supersedes"))
        .order_by("order_id", "-id")
        .distinct("order_id")
        .values_list("order_id", "verb")
    )
    return {order_id for order_id, verb in last if verb == Verb.SET_OFF}


def _tries(order_ids: list[int]) -> dict[tuple[int, int], list[Try]]:
    found: dict[tuple[int, int], list[Try]] = {}
    if order_ids:
        rows = CallBack.objects.filter(order__in=order_ids).values_list("order_id", "generation", "result", "called_at")
        for order_id, generation, result, called_at in rows:
            found.setdefault((order_id, generation), []).append((result, called_at))
    return found

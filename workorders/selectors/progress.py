"""How far orders are within their state: what the state alone does not say, for a whole list at a time."""

from collections.abc import Iterable
from datetime import datetime

from workorders.callbacks import is_called_back
from workorders.choices import State, Verb
from workorders.models import Event, WorkOrder
from workorders.selectors.history import DOING

WAY = (Verb.DISPATCH, Verb.TRANSFER, Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.RETURN)
CALLS = (Verb.CALL_BACK, Verb.CALL_TRIED)
LOOKED_AT = (State.ACCEPTED, State.ANSWERED)

Row = tuple[int, int, str, int | None, datetime, dict, int | None]  # id, generation, verb, actor, at, data, supersedes


def mark_progress(orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """The same orders, each knowing whether its crew is on the way and its customer was called back, and who may not.

    One query, none when no order is in a state that needs it.
    """
    orders = list(orders)
    rows = _rows([order for order in orders if order.state in LOOKED_AT])
    for order in orders:
        mine = [row for row in rows.get(order.pk, ()) if row[1] == order.generation]
        order.is_on_way = order.state == State.ACCEPTED and _last_step(mine) == Verb.SET_OFF
        order.is_called_back = is_called_back((row[5]["result"], row[4]) for row in mine if row[2] in CALLS)
        order.done_by_ids = frozenset(row[3] for row in mine if row[2] in DOING and row[3])
    return orders


def _rows(orders: list[WorkOrder]) -> dict[int, list[Row]]:
    if not orders:
        return {}
    verbs = {*WAY, *CALLS, *DOING, Verb.TAKE_BACK}
    found: dict[int, list[Row]] = {}
    events = Event.objects.filter(order__in=orders, verb__in=verbs).order_by("id")
    for order_id, *row in events.values_list(
        "order_id", "id", "generation", "verb", "actor_id", "at", "data", "supersedes_id"
    ):
        found.setdefault(order_id, []).append(tuple(row))
    return found


def _last_step(rows: list[Row]) -> str:
    """The last step on the way that was not taken back: a transfer after setting off begins the way anew."""
    undone = {row[6] for row in rows if row[2] == Verb.TAKE_BACK}
    return next((row[2] for row in reversed(rows) if row[2] in WAY and row[0] not in undone), "")

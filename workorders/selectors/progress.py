"""How far orders are within their state: what the state alone does not say, for a whole list at a time."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from workorders.callbacks import is_called_back
from workorders.choices import State, Verb
from workorders.models import Event, WorkOrder
from workorders.selectors.history import DOING

WAY = (Verb.DISPATCH, Verb.TRANSFER, Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.RETURN)
CALLS = (Verb.CALL_BACK, Verb.CALL_TRIED)
LOOKED_AT = (State.ACCEPTED, State.ANSWERED)

# id, generation, verb, actor, at, what came of a call, supersedes
Row = tuple[int, int, str, int | None, datetime, str | None, int | None]


def mark_progress(orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """The same orders, each knowing whether its crew is on the way and its customer was called back, and who may not.

    One query, none when no order is in a state that needs it or all were read with `PROGRESS`.
    """
    orders = list(orders)
    rows = _rows([order for order in orders if order.state in LOOKED_AT and not hasattr(order, "progress_rows")])
    rows |= {order.pk: _read(order.progress_rows) for order in orders if hasattr(order, "progress_rows")}
    for order in orders:
        mine = [row for row in rows.get(order.pk, ()) if row[1] == order.generation]
        order.is_on_way = order.state == State.ACCEPTED and _last_step(mine) == Verb.SET_OFF
        order.is_called_back = is_called_back((row[5], row[4]) for row in mine if row[2] in CALLS)
        order.done_by_ids = frozenset(row[3] for row in mine if row[2] in DOING and row[3])
    return orders


_TOLD_BY = {*WAY, *CALLS, *DOING, Verb.TAKE_BACK}

# Reads the same along with one order: ``annotate(progress_rows=PROGRESS)``.
PROGRESS = ArraySubquery(
    Event.objects.filter(order=OuterRef("pk"), verb__in=_TOLD_BY)
    .order_by("id")
    .values(
        row=JSONObject(
            id="pk",
            generation="generation",
            verb="verb",
            actor="actor_id",
            at="at",
            result="data__result",
            undoes="supersedes_id",
        )
    )
)


def _read(rows: list[dict]) -> list[Row]:
    return [
        (r["id"], r["generation"], r["verb"], r["actor"], datetime.fromisoformat(r["at"]), r["result"], r["undoes"])
        for r in rows
    ]


def _rows(orders: list[WorkOrder]) -> dict[int, list[Row]]:
    if not orders:
        return {}
    found: dict[int, list[Row]] = {}
    events = Event.objects.filter(order__in=orders, verb__in=_TOLD_BY).order_by("id")
    for order_id, *row in events.values_list(
        "order_id", "id", "generation", "verb", "actor_id", "at", "data__result", "supersedes_id"
    ):
        found.setdefault(order_id, []).append(tuple(row))
    return found


def _last_step(rows: list[Row]) -> str:
    """The last step on the way that was not taken back: a transfer after setting off begins the way anew."""
    undone = {row[6] for row in rows if row[2] == Verb.TAKE_BACK}
    return next((row[2] for row in reversed(rows) if row[2] in WAY and row[0] not in undone), "")

"""What happened to an order, as clocks and pages need it."""

from dataclasses import dataclass
from datetime import datetime

from workorders.choices import State, Verb
from workorders.clocks import Stamp
from workorders.models import Event, WorkOrder
from workorders.transitions import STAMPING

_DOING = (Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.FINISH, Verb.ANSWER)


@dataclass(frozen=True)
class Row:
    """One instant that counts: ``id`` is the timeline row that carries it, ``rank`` its place in the story."""

    id: int
    verb: str
    at: datetime
    rank: int


def story_of(order: WorkOrder) -> list[Row]:
    """The instants that count, in order: corrected ones in the place of those they supersede."""
    rows: dict[int, Row] = {}
    events = Event.objects.filter(
        order=order, generation=order.generation, verb__in=[*STAMPING, Verb.CORRECT]
    ).order_by("id")
    for event in events.values("id", "verb", "at", "data", "supersedes_id"):
        if event["verb"] == Verb.CORRECT:
            wrong = rows.pop(event["supersedes_id"])
            rows[event["id"]] = Row(event["id"], wrong.verb, event["at"], wrong.rank)
        else:
            rows[event["id"]] = Row(event["id"], event["verb"], event["at"], event["id"])
    return sorted(rows.values(), key=lambda row: (row.at, row.rank))


def stamps_of(order: WorkOrder) -> list[Stamp]:
    """What happened, as clocks look at it."""
    return [Stamp(row.verb, row.at) for row in story_of(order)]


def done_by_ids(order: WorkOrder) -> frozenset[int]:
    """Who handled or answered this order; they do not call back on it."""
    if order.state != State.ANSWERED:
        return frozenset()
    return frozenset(
        Event.objects.filter(
            order=order, generation=order.generation, verb__in=_DOING, actor__isnull=False
        ).values_list("actor_id", flat=True)
    )

"""What happened to an order, as clocks and pages need it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from staff.models import Member
from workorders.choices import State, Verb
from workorders.clocks import Stamp
from workorders.models import Event, WorkOrder
from workorders.transitions import STAMPING

DOING = (Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.FINISH, Verb.ANSWER)


@dataclass(frozen=True)
class Row:
    """One instant that counts: ``id`` is the timeline row that carries it, ``rank`` its place in the story."""

    id: int
    verb: str
    at: datetime
    rank: int


def story_of(order: WorkOrder) -> list[Row]:
    """The instants that count, in order: corrected ones in the place of those they supersede, slips left out."""
    rows: dict[int, Row] = {}
    events = Event.objects.filter(
        order=order, generation=order.generation, verb__in=[*STAMPING, Verb.CORRECT, Verb.TAKE_BACK]
    ).order_by("id")
    for event in events.values("id", "verb", "at", "data", "supersedes_id"):
        if event["verb"] == Verb.TAKE_BACK:
            rows.pop(event["supersedes_id"])
        elif event["verb"] == Verb.CORRECT:
            wrong = rows.pop(event["supersedes_id"])
            rows[event["id"]] = Row(event["id"], wrong.verb, event["at"], wrong.rank)
        else:
            rows[event["id"]] = Row(event["id"], event["verb"], event["at"], event["id"])
    return sorted(rows.values(), key=lambda row: (row.at, row.rank))


def stamps_of(order: WorkOrder) -> list[Stamp]:
    """What happened, as clocks look at it."""
    return [Stamp(row.verb, row.at) for row in story_of(order)]


def event_of(order: WorkOrder, pk: int) -> Event:
    """One row of this order's timeline."""
    return Event.objects.get(order=order, pk=pk)


def was_done(order: WorkOrder, request_id: UUID | None) -> bool:
    """Whether this very request has changed the order already: a double click, a reload."""
    return request_id is not None and Event.objects.filter(order=order, request_id=request_id).exists()


def done_by_ids(order: WorkOrder) -> frozenset[int]:
    """Who handled or answered this order; they do not call back on it."""
    if order.state != State.ANSWERED:
        return frozenset()
    return frozenset(
        Event.objects.filter(order=order, generation=order.generation, verb__in=DOING, actor__isnull=False).values_list(
            "actor_id", flat=True
        )
    )


TAKE_BACK_WITHIN = timedelta(seconds=30)  # ten on the screen, the rest for a slow network
SLIPS = frozenset({Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE})


def last_slip(order: WorkOrder, actor: Member | None, *, now: datetime) -> Event | None:
    """The press this person may still take back: the last thing that happened, their own, and fresh."""
    last = order.events.exclude(verb=Verb.ALARM).order_by("-id").first()
    mine = last is not None and last.verb in SLIPS and actor is not None and last.actor_id == actor.pk
    return last if mine and now - last.recorded_at <= TAKE_BACK_WITHIN else None

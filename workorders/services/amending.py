"""Putting things right: wrong customer, kind, phone or place; a second call; a note; a wrong time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Refusal
from workorders.choices import State, Verb
from workorders.kinds import INTERNAL, is_dangerous
from workorders.models import Event, WorkOrder
from workorders.selectors.history import last_slip, story_of
from workorders.services import telling
from workorders.services.change import Change, act, within_the_minute

AMENDABLE = (
    "kind", "service_type", "situation", "customer", "supply_point", "contact_name", "contact_phone", "address",
    "area_class", "channel", "subject", "description", "details",
)  # fmt: skip
WAITING = frozenset({State.RECEIVED, State.RETURNED})
IN_HAND = frozenset({State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS})
ON_THE_WAY = frozenset({"address", "contact_phone", "situation", "kind"})  # whoever has it in hand must hear of these
# Changing one of these may change which rules apply.
RULED = frozenset({"kind", "service_type", "customer", "supply_point", "area_class", "channel"})


@act(Verb.AMEND)
def amend(change: Change, *, reason: str = "", **values: Any) -> None:
    """Correct what was taken down. Clocks are recomputed from the same start; old values stay in the timeline.

    Raises: `Refusal` when nothing changes. The code keeps its letters: customers have it on paper.
    """
    unknown = set(values) - set(AMENDABLE)
    if unknown:
        raise TypeError(f"not amendable: {sorted(unknown)}")
    if change.order.kind in INTERNAL or values.get("kind") in INTERNAL:
        raise Refusal(_("A task is nothing a customer asked for; it cannot become one, nor the other way round."))
    changed = {name: value for name, value in values.items() if getattr(change.order, name) != value}
    changed |= _from_the_file(change.order, changed)
    if not changed:
        raise Refusal(_("Nothing was changed."))
    change.data["before"] = {name: _plain(getattr(change.order, name)) for name in changed}
    change.data["after"] = {name: _plain(value) for name, value in changed.items()}
    change.text = reason.strip()
    change.set(**changed)
    change.recompute = bool(RULED & set(changed))
    _weigh_danger(change)
    if ON_THE_WAY & set(changed) and change.order.state in IN_HAND:
        change.tell(telling.amended(change))


def _from_the_file(order: WorkOrder, changed: Mapping[str, Any]) -> dict[str, Any]:
    """What the order had from the file of the wrong customer or place comes from the right one; what was typed stays.

    Until somebody has it in hand, the order also moves to the station of the right place.
    """
    follows: dict[str, tuple[Any, Any]] = {}  # field: (as the wrong file has it, as the right one has it)
    was, now = order.customer, changed.get("customer")
    if was and now:
        follows |= {"contact_name": (was.name, now.name), "contact_phone": (was.phone_on_file, now.phone_on_file)}
    place = changed.get("supply_point")
    if place:
        area = place.transformer.area
        follows["address"] = (order.supply_point.address if order.supply_point else "", place.address)
        follows["area_class"] = (order.area_class, area.area_class)
        if order.state in WAITING and area.station:
            follows["unit"] = (order.unit, area.station)
    return {
        name: right
        for name, (wrong, right) in follows.items()
        if name not in changed and right and right != wrong and getattr(order, name) == wrong
    }


def _weigh_danger(change: Change) -> None:
    """What turns out to be dangerous pages the duty at once, as if it had been said at the first word."""
    order = change.order
    dangerous = is_dangerous(order.situation, order.customer.flags if order.customer else ())
    if dangerous and not order.is_safety:
        change.tell(telling.danger(change))
    change.set(is_safety=dangerous)


def _plain(value: Any) -> Any:
    """A value as the timeline keeps it."""
    return value if isinstance(value, str | int | dict | list | None) else str(value)


@act(Verb.ADD_CONTACT)
def add_contact(change: Change, *, note: str) -> None:
    """The customer asked again on an open order: written down, and the handler is told."""
    if not note.strip():
        raise Refusal(_("Write what the customer said."), field="note")
    change.text = note.strip()
    change.is_public = True
    change.tell(telling.asked_again(change))


@act(Verb.NOTE)
def add_note(change: Change, *, text: str, for_customer: bool = False) -> None:
    """A line in the timeline; the customer sees it only when ``for_customer``."""
    if not text.strip():
        raise Refusal(_("Write a line first."), field="text")
    change.text = text.strip()
    change.is_public = for_customer


@act(Verb.CORRECT)
def correct_stamp(change: Change, *, event: Event, at: datetime, reason: str) -> None:
    """Put a wrong time right: a new row supersedes the old one, clocks follow. The old row stays visible.

    Raises: `Refusal` when the row carries no time that counts, was corrected already, or the new time cannot be.
    """
    story = story_of(change.order)
    place = next((i for i, row in enumerate(story) if row.id == event.pk), None)
    if place is None:
        raise Refusal(_("This row has no time that counts, or it was corrected already."), field="event")
    if not reason.strip():
        raise Refusal(_("Write why in one sentence."), field="reason")
    before, after = story[:place][-1:], story[place + 1 :][:1]
    at = within_the_minute(at, before[0].at) if before else at
    if any(at < row.at for row in before) or any(at > row.at for row in after):
        raise Refusal(_("This would change the order in which things happened."), field="at")
    if at > change.now:
        raise Refusal(_("This time is still to come."), field="at")
    verb = story[place].verb
    change.at = at
    if verb == Verb.RECEIVE:
        change.set(received_at=at)
    change.supersedes = event
    change.text = reason.strip()
    change.data.update({"verb": verb, "was": event.at.isoformat()})
    change.recompute = verb == Verb.RECEIVE


@act(Verb.TAKE_BACK)
def take_back(change: Change, *, event: Event) -> None:
    """Undo one press, right away and by the same hand: the row stays, what it did does not count.

    Raises: `Refusal` when it is too late, somebody else's, or something else happened since.
    """
    if last_slip(change.order, change.actor, now=change.now) != event:
        raise Refusal(_("This can no longer be taken back. The dispatch desk can correct the time."))
    change.supersedes = event
    change.data |= {"verb": event.verb, "was": event.at.isoformat()}
    change.set(state=event.data["state"])

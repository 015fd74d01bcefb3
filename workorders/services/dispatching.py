"""Giving work to units and taking it back: dispatch, accept, transfer, return, cancel, hand over."""

from django.utils.translation import gettext as _

from common.errors import Refusal
from staff.models import Member, Unit
from workorders.choices import ReturnReason, Verb
from workorders.services import telling
from workorders.services.change import Change, act


@act(Verb.DISPATCH)
def dispatch_order(change: Change, *, unit: Unit, assignee: Member | None = None, note: str = "") -> None:
    """Give the order to a unit (one-click on the board). Raises: `Refusal` when the unit is not in use."""
    _give(change, unit, assignee, note)


@act(Verb.TRANSFER)
def transfer(change: Change, *, unit: Unit, reason: str, assignee: Member | None = None) -> None:
    """Move work under way to another unit; the customer does not move (req 24)."""
    if unit == change.order.unit and assignee == change.order.assignee:
        raise Refusal(_("The order is with this unit already."), field="unit")
    change.data |= _called("from", change.order.unit)
    change.set(bounces=change.order.bounces + 1)
    _give(change, unit, assignee, _written(reason, "reason"))


def _give(change: Change, unit: Unit, assignee: Member | None, note: str) -> None:
    if not unit.is_active:
        raise Refusal(_("This unit is no longer in use."), field="unit")
    change.set(unit=unit, assignee=assignee)
    change.unit = change.actor.home_unit if change.actor else None
    change.text = note
    change.data |= _called("to", unit)
    change.is_public = True
    change.tell(telling.assigned(change))


def _called(end: str, unit: Unit) -> dict[str, str]:
    """What the timeline keeps of a unit: its names as they are now, whatever it is renamed to."""
    return {end: unit.name} | ({f"{end}_en": unit.name_en} if unit.name_en else {})


@act(Verb.ACCEPT)
def accept(change: Change) -> None:
    """The handler takes it; from here on the handler answers for it (req 23)."""
    take_over(change)


@act(Verb.RETURN)
def return_order(change: Change, *, reason: ReturnReason, note: str = "") -> None:
    """Send it back to the dispatch desk with a reason of the catalogue (standards A8.4)."""
    change.text = note
    change.data["reason"] = ReturnReason(reason).value
    change.set(assignee=None, bounces=change.order.bounces + 1)
    change.tell(telling.returned(change))


@act(Verb.CANCEL)
def cancel(change: Change, *, reason: str) -> None:
    """The customer withdrew it, or it was opened by mistake; nothing is owed any more."""
    change.text = _written(reason, "reason")
    change.is_public = True


@act(Verb.HAND_OVER)
def hand_over(change: Change, *, to: Member) -> None:
    """Somebody else takes what a member who leaves still held."""
    fields = {name: to for name in ("assignee", "first_owner") if getattr(change.order, f"{name}_id") is not None}
    leaving = change.data["from"] = getattr(change.order.assignee or change.order.first_owner, "name", "")
    change.set(**fields)
    change.data["to"] = to.name
    change.text = f"{leaving} → {to.name}"


def take_over(change: Change) -> None:
    """Whoever acts in the unit becomes the assignee, unless somebody is named already."""
    if change.order.assignee_id is None and change.actor is not None:
        change.set(assignee=change.actor)


def _written(text: str, field: str) -> str:
    """The text, or a refusal: a reason is obligatory."""
    if not text.strip():
        raise Refusal(_("Write why in one sentence."), field=field)
    return text.strip()

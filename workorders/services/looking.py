"""Showing who to call on an order: for a purpose, for a short while, never without a trace."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.choices import Purpose, Secret
from customers.services.privacy import SHOWN_FOR, reveal
from staff.models import Member
from workorders.choices import Verb
from workorders.models import WorkOrder
from workorders.policies import can_look, can_see_person
from workorders.services.change import Change, act


@dataclass(frozen=True)
class Shown:
    """What is shown in full until ``until``: the number of this order first, then those on file; the door."""

    phones: list[tuple[str, str]]
    doors: list[tuple[str, str]]
    until: datetime


def look(*, order: WorkOrder, purpose: str, actor: Member, now: datetime) -> Shown:
    """Show the phones and the door behind an order that ``actor`` may see.

    The look is on record before anything is shown: in the view log of the customer's file or, when nobody is on file,
    in the order's own timeline. Raises: Denied; Refusal without a purpose from the catalogue.
    """
    require(can_see_person(actor, order))
    require(can_look(actor, order))
    if order.customer is None:
        _log_look(code=order.code, actor=actor, now=now, request_id=uuid4(), purpose=purpose)
        return Shown(_own_phone(order), [], now + SHOWN_FOR)
    seen = reveal(customer=order.customer, fields=Secret.values, purpose=purpose, actor=actor, now=now)
    own = _own_phone(order)
    known = {phone for _name, phone in own}
    return Shown([*own, *(row for row in seen.phones if row[1] not in known)], list(seen.doors), now + SHOWN_FOR)


def _own_phone(order: WorkOrder) -> list[tuple[str, str]]:
    return [(order.contact_name or _("Contact"), order.contact_phone)] if order.contact_phone else []


@act(Verb.NOTE)
def _log_look(change: Change, *, purpose: str) -> None:
    if purpose not in Purpose.values:
        raise Refusal(_("Say what you need it for."), field="purpose")
    change.data["looked_at"] = purpose

"""Tasks: what we owe somebody by a moment that was set, without having been asked. Rooms above open and end them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refusal
from customers.models import Customer, SupplyPoint
from staff.models import Member, Unit
from staff.selectors import ways_up
from workorders.choices import Channel, Kind, State, Verb
from workorders.models import WorkOrder
from workorders.selectors.history import stamps_of
from workorders.services.change import HANDED, Change, act
from workorders.services.dispatching import accept, cancel, dispatch_order, transfer
from workorders.services.field import finish
from workorders.services.intake import Intake, receive


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be done, by whom, by when; ``customer`` None: it is owed to many. ``member``: who of the unit."""

    subject: str
    description: str
    unit: Unit
    due_by: datetime
    member: Member | None = None
    customer: Customer | None = None
    supply_point: SupplyPoint | None = None


def open_task(*, task: Task, now: datetime, request_id: UUID) -> WorkOrder:
    """Open it as an order of its unit; its clock runs to the moment that was set.

    Raises: `Refusal` when that moment is past. Idempotent: by ``request_id``.
    """
    _must_come(task.due_by, now)
    unit = _in_use(task.unit)
    intake = Intake(
        kind=Kind.TASK,
        channel=Channel.INSIDE,
        subject=task.subject[:80],
        description=task.description,
        customer=task.customer,
        supply_point=task.supply_point,
        address=task.supply_point.address if task.supply_point else "",
        due_by=task.due_by,
        unit=unit,
    )
    with transaction.atomic():
        order = receive(intake=intake, actor=None, now=now, request_id=request_id)
        if order.state != State.RECEIVED:  # this request has opened it already
            return order
        by_itself = {"code": order.code, "actor": None, "now": now, "request_id": None}
        return dispatch_order(**by_itself, unit=unit, assignee=task.member)


@act(Verb.MOVE)
def move_task(change: Change, *, due_by: datetime, reason: str) -> None:
    """By another moment; the clock runs on from where it began, and is alarmed anew."""
    _must_come(due_by, change.now)
    change.text = reason
    change.data["was"] = change.order.due_by.isoformat()
    change.set(due_by=due_by)
    change.recompute = True


def give_task(*, code: str, unit: Unit, member: Member | None = None, reason: str, now: datetime) -> WorkOrder:
    """To another unit or person, wherever it stands. Idempotent: nothing is done where it is theirs, or over."""
    with transaction.atomic():
        order = WorkOrder.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        unit, by_itself = _in_use(unit), {"code": code, "actor": None, "now": now, "request_id": None}
        if not order.is_open:
            return order
        if order.state in (State.RECEIVED, State.RETURNED):
            return dispatch_order(**by_itself, unit=unit, assignee=member, note=reason)
        if order.unit_id == unit.pk and member in (None, order.assignee):
            return order
        return transfer(**by_itself, unit=unit, assignee=member, reason=reason)


def finish_task(*, code: str, now: datetime, text: str, at: datetime | None = None) -> WorkOrder:
    """What it asked for came about, at ``at`` or just now: done and filed. Idempotent.

    A moment before the task was given counts as the moment it was given.
    """
    with transaction.atomic():
        order = WorkOrder.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        if not order.is_open:
            return order
        by_itself = {"code": code, "actor": None, "now": now, "request_id": None}
        if order.state in (State.RECEIVED, State.RETURNED):
            dispatch_order(**by_itself, unit=order.unit)
        if order.state in (State.RECEIVED, State.RETURNED, State.DISPATCHED):
            accept(**by_itself)
        given = max(stamp.at for stamp in stamps_of(order) if stamp.verb in HANDED)
        return finish(**by_itself, result=text, at=min(max(at, given), now) if at else None)


def drop_task(*, code: str, now: datetime, reason: str) -> WorkOrder:
    """Nobody needs it any more. Idempotent."""
    with transaction.atomic():
        order = WorkOrder.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        if not order.is_open:
            return order
        return cancel(code=code, actor=None, now=now, request_id=None, reason=reason)


def _in_use(unit: Unit) -> Unit:
    """The unit, or the nearest above it that is still in use: nothing owed hangs on a unit that was closed."""
    if unit.is_active:
        return unit
    above = Unit.objects.filter(path__in=ways_up(unit.path), is_active=True).order_by("-depth")
    return above.first() or unit


def _must_come(moment: datetime, now: datetime) -> None:
    if moment <= now:
        raise Refusal(_("Choose a time that is still to come."), field="due_by")

"""Receiving what a customer asks: the order, its clocks, its first words to the customer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from common.access import require
from common.calendars import company_calendar
from customers.models import Customer, SupplyPoint
from notifications.services.outbox import enqueue
from staff.choices import AreaClass
from staff.models import Member, Unit
from workorders.choices import Channel, Kind, State, Verb
from workorders.clocks import Aim, Stamp, lives, project
from workorders.kinds import CLOCKS, KINDS, is_dangerous
from workorders.models import PolicyRule, WorkOrder
from workorders.policies import can_receive
from workorders.rules import Case, applicable, rulebook
from workorders.services import telling
from workorders.services.change import Change, record
from workorders.services.clocks import LEADERS, limit_of, sync_clocks
from workorders.services.codes import next_code
from workorders.signals import order_received


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What was taken down. ``customer`` None is an anonymous report: then ``area_class`` was chosen on the form."""

    kind: Kind
    channel: Channel
    description: str
    service_type: str = ""
    situation: str = ""
    subject: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    customer: Customer | None = None
    supply_point: SupplyPoint | None = None
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    area_class: str = AreaClass.URBAN
    received_at: datetime | None = None  # a letter or a call noted earlier
    due_by: datetime | None = None  # of a task: by when
    unit: Unit | None = None  # of a task: whose it is

    @property
    def is_safety(self) -> bool:
        """Fallen wire, shock, fire, or somebody on life support without power."""
        return is_dangerous(self.situation, self.customer.flags if self.customer else ())


def receive(*, intake: Intake, actor: Member | None, now: datetime, request_id: UUID | None) -> WorkOrder:
    """Open an order: row, clocks, timeline, the promise told to the customer, a page to the duty when it is dangerous.

    Raises: `Denied`; `Refusal` when the calendar cannot promise.
    Idempotent: the same ``request_id`` gives back the order it opened.
    """
    if actor is not None:
        require(can_receive(actor))
    with transaction.atomic(savepoint=False):  # what fails here fails whatever asked for it
        known = _opened_by(request_id) if request_id else None
        if known:
            return known
        order = _new_order(intake, actor, now)
        sync_clocks(order, now=now, first=Stamp(Verb.RECEIVE, order.received_at))
        order.save(update_fields=LEADERS)
        change = Change(order, Verb.RECEIVE, actor, now, request_id, at=order.received_at, is_public=True)
        change.unit = actor.home_unit if actor else order.unit
        change.text = intake.description[:200]
        change.event = record(change)
        change.tell(telling.received(change))
        order_received.send(WorkOrder, order=order, change=change)
        enqueue(change.notes, now=now)
    return order


def _opened_by(request_id: UUID) -> WorkOrder | None:
    """The order this request has opened already.

    Locks: the request until the end of the transaction, so that of two clicks the second waits and finds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(request_id)])
        cursor.execute("SELECT order_id FROM workorders_event WHERE request_id = %s", [request_id])
        known = cursor.fetchone()
    return WorkOrder.objects.select_related("unit").get(pk=known[0]) if known else None


def _new_order(intake: Intake, actor: Member | None, now: datetime) -> WorkOrder:
    received_at = intake.received_at or now
    area = intake.supply_point.transformer.area if intake.supply_point else None
    code = next_code(KINDS[intake.kind].letters, received_at)
    return WorkOrder.objects.create(
        code=code,
        tail=code.rsplit("-", 1)[1],
        kind=intake.kind,
        service_type=intake.service_type,
        situation=intake.situation,
        channel=intake.channel,
        is_safety=intake.is_safety,
        area_class=area.area_class if area else intake.area_class,
        customer=intake.customer,
        supply_point=intake.supply_point,
        contact_name=intake.contact_name,
        contact_phone=intake.contact_phone,
        address=intake.address,
        subject=intake.subject,
        description=intake.description,
        details=intake.details,
        state=State.RECEIVED,
        unit=intake.unit or responsible_unit(intake, actor),
        first_owner=actor,
        received_at=received_at,
        due_by=intake.due_by,
        ruled_on=localdate(received_at),
    )


def responsible_unit(intake: Intake, actor: Member | None) -> Unit:
    """The station of the place it is about; without a place, the unit of whoever was asked first."""
    area = intake.supply_point.transformer.area if intake.supply_point else None
    if area and area.station:
        return area.station
    return actor.home_unit if actor else Unit.get_root_nodes()[0]


@dataclass(frozen=True)
class Promised:
    """One line of the promise before it is saved; ``aim`` None: it starts later."""

    rule: PolicyRule
    aim: Aim | None

    @property
    def for_customer(self) -> bool:
        return self.rule.is_promise and CLOCKS[self.rule.clock].for_customer


def preview(*, case: Case, now: datetime) -> list[Promised]:
    """What saving now would promise: the same rules and the same arithmetic as `receive`, nothing written."""
    calendar = company_calendar()
    promised = []
    for rule in applicable(rulebook(), case=case, on=localdate(now)):
        (life,) = lives(rule.clock, rule.starts_on, [Stamp(Verb.RECEIVE, now)])
        aim = project(limit_of(rule), life.started_at, calendar) if life.started_at else None
        promised.append(Promised(rule, aim))
    return promised

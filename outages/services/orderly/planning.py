"""Writing a version of a plan: its figures, its batches, and who is never asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.access import deny, require
from common.errors import Refusal
from customers.models import Customer
from outages.exempt import ground_of
from outages.models import Batch, BatchUser, Exemption, OrderlyEvent, OrderlyPlan
from outages.orderly_choices import PLAN_LETTERS, Ground, Verb
from outages.orderly_policies import WRITERS, can_write
from outages.selectors.orderly.levels import level_on
from outages.services.orderly.change import Change, act, tell
from staff.models import Member
from staff.selectors import scope_of
from workorders.services.codes import next_code

FACTS = ("name", "unit", "peak_mw", "shortage_mw")
NAMED_WRONG = 5


@dataclass(frozen=True)
class BatchWriting:
    """A batch as somebody writes it: ``users`` are megawatts by customer id, in the order they were given."""

    name: str
    measure: str
    users: Mapping[int, Decimal]


def draft(*, facts: Mapping[str, Any], actor: Member, now: datetime, request_id: UUID | None) -> OrderlyPlan:
    """The first version of a new plan, without batches yet.

    Raises: `Denied`; `Refusal` for a shortage that is larger than the peak. Idempotent: by ``request_id``.
    """
    require(can_write(actor))
    with transaction.atomic():
        known = OrderlyEvent.objects.filter(request_id=request_id).first() if request_id else None
        if known:
            return known.plan
        plan = OrderlyPlan(written_by=actor, writers=[actor.pk], changed_at=now, **_facts(facts, now))
        if not scope_of(actor).reaches(plan.unit, *WRITERS):
            require(deny(_("This plan is with another unit."), by_role=False))
        plan.code = next_code(PLAN_LETTERS, now)
        plan.save(force_insert=True)
        tell(plan, Verb.DRAFT, actor, now, request_id=request_id)
    return plan


@act(Verb.EDIT)
def edit(change: Change, *, facts: Mapping[str, Any]) -> None:
    """Other figures; the level follows from them."""
    found = _facts(facts, change.now)
    changed = {name: value for name, value in found.items() if getattr(change.plan, name) != value}
    if not changed:
        raise Refusal(_("Nothing was changed."))
    change.data = {"changed": {name: [str(getattr(change.plan, name)), str(v)] for name, v in changed.items()}}
    change.set(**changed)
    change.wrote()


@act(Verb.BATCH)
def write_batch(change: Change, *, writing: BatchWriting, batch: int | None = None) -> None:
    """A batch with its users, in place of those it had; without ``batch`` a new one.

    Raises: Refusal on ``users`` for somebody exempt or in another batch, by name and reason.
    """
    plan = change.plan
    if not writing.users:
        raise Refusal(_("A batch has users: one line each, account number and megawatts."), field="users")
    _refuse_exempt(plan, writing.users)
    _refuse_elsewhere(plan, writing.users, batch)
    if batch is None:
        last = plan.batches.aggregate(last=Max("number"))["last"] or 0
        found = Batch.objects.create(plan=plan, number=last + 1, name=writing.name, measure=writing.measure)
    else:
        found = batch_of(plan, batch)
        found.name, found.measure = writing.name, writing.measure
        found.save(update_fields=["name", "measure"])
        found.users.all().delete()
    BatchUser.objects.bulk_create(
        BatchUser(plan=plan, batch=found, customer_id=pk, mw=mw) for pk, mw in writing.users.items()
    )
    change.text = found.name
    change.data = {"batch": found.number, "users": len(writing.users), "mw": str(sum(writing.users.values()))}
    change.wrote()


@act(Verb.BATCH_REMOVE)
def remove_batch(change: Change, *, batch: int) -> None:
    """A batch and its users are no part of the plan any more; the numbers of the others stay."""
    found = batch_of(change.plan, batch)
    change.text, change.data = found.name, {"batch": found.number, "users": found.users.count()}
    found.delete()
    change.wrote()


@act(Verb.EXEMPT)
def exempt(change: Change, *, customer: Customer, ground: str, reason: str) -> None:
    """Somebody is never asked, though their file does not say so.

    Raises: Refusal on ``account`` when they are exempt already, or stand in a batch.
    """
    plan = change.plan
    own = ground_of(customer)
    if own or plan.exemptions.filter(customer=customer).exists():
        word = str(own.label if own else _("already on the list"))
        raise Refusal(_("%(name)s is exempt: %(why)s.") % {"name": customer.name, "why": word}, field="account")
    place = plan.users.select_related("batch").filter(customer=customer).first()
    if place:
        said = {"name": customer.name, "batch": place.batch.name}
        raise Refusal(_("%(name)s stands in the batch “%(batch)s”. Take them out there first.") % said, field="account")
    Exemption.objects.create(plan=plan, customer=customer, ground=ground, reason=reason)
    change.text, change.data = reason, {"account": customer.account_no, "name": customer.name}
    change.wrote()


@act(Verb.UNEXEMPT)
def lift_exemption(change: Change, *, customer: Customer) -> None:
    """Somebody put on the list by hand may be asked again. Raises: Refusal when they are not on it."""
    gone, _per_table = change.plan.exemptions.filter(customer=customer).delete()
    if not gone:
        raise Refusal(_("%(name)s is not on the list by hand.") % {"name": customer.name})
    change.data = {"account": customer.account_no, "name": customer.name}
    change.wrote()


def batch_of(plan: OrderlyPlan, number: int) -> Batch:
    """A batch of the version. Raises: Refusal when somebody took it out meanwhile."""
    found = plan.batches.filter(number=number).first()
    if found is None:
        raise Refusal(_("Somebody took this batch out meanwhile."))
    return found


def exempt_in(plan: OrderlyPlan, customers: Iterable[Customer]) -> dict[int, Ground]:
    """Who of these is exempt now, by file or by hand, and why; one query."""
    by_hand = dict(plan.exemptions.values_list("customer_id", "ground"))
    found = {one.pk: ground_of(one) or (Ground(by_hand[one.pk]) if one.pk in by_hand else None) for one in customers}
    return {pk: ground for pk, ground in found.items() if ground}


def _facts(facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns, with the level that follows from them."""
    found = {name: facts[name] for name in FACTS}
    return found | {"level": level_for(found["shortage_mw"], found["peak_mw"], now)}


def level_for(shortage: Decimal, peak: Decimal, at: datetime) -> str:
    """The level of a shortage. Raises: Refusal on ``shortage_mw`` when it is above the peak, or no rule knows it."""
    if shortage > peak:
        raise Refusal(_("The shortage is larger than the peak."), field="shortage_mw")
    level = level_on(localdate(at), shortage, peak)
    if not level:
        raise Refusal(_("No rule says how grave this is."), field="shortage_mw")
    return level


def _refuse_exempt(plan: OrderlyPlan, users: Mapping[int, Decimal]) -> None:
    customers = Customer.objects.filter(pk__in=users).order_by("account_no")
    grounds = exempt_in(plan, customers)
    named = [f"{one.name} ({grounds[one.pk].label})" for one in customers if one.pk in grounds]
    if named:
        raise Refusal(_("Never asked, take them out: %(names)s") % {"names": _shown(named)}, field="users")


def _refuse_elsewhere(plan: OrderlyPlan, users: Mapping[int, Decimal], batch: int | None) -> None:
    rows = plan.users.filter(customer__in=list(users))
    if batch is not None:
        rows = rows.exclude(batch__number=batch)
    named = [f"{row.customer.name} ({row.batch.name})" for row in rows.select_related("customer", "batch")]
    if named:
        raise Refusal(_("In another batch already: %(names)s") % {"names": _shown(named)}, field="users")


def _shown(named: list[str]) -> str:
    return ", ".join(named[:NAMED_WRONG]) + (" …" if len(named) > NAMED_WRONG else "")

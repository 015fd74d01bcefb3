"""Putting a plan to use: activated for a window, called off, ended, closed; and telling the users of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import Refusal
from common.timewords import instant
from customers.models import Contact
from notifications.choices import Channel
from notifications.services.outbox import Note, enqueue
from notifications.services.quiet_hours import quiet_now
from outages.models import OrderlyRun, RunUser
from outages.orderly_choices import RUN_LETTERS, Measure, RunState, Verb
from outages.selectors.orderly.plans import BatchLoad, batch_loads
from outages.services.orderly.change import Change, act
from outages.services.orderly.planning import exempt_in, level_for
from outages.shortage import answering, too_soon
from workorders.services.codes import next_code

RECEIPT_AHEAD = timedelta(hours=2)  # receipts are asked for so long before it begins, unless somebody says otherwise
MOBILE = re.compile(r"1\d{10}\Z")


@dataclass(frozen=True)
class Demand:
    """What a day asks for: window, shortage, forecast peak, in which words users read why, and which batches.

    ``batches`` are numbers; empty: in their order until the shortage is covered.
    """

    starts_at: datetime
    ends_at: datetime
    shortage_mw: Decimal
    peak_mw: Decimal
    reason: str
    receipts_due_at: datetime | None = None
    batches: frozenset[int] = frozenset()


@act(Verb.ACTIVATE)
def activate(change: Change, *, demand: Demand) -> None:
    """Use the version in force for a window: its users are told at once, and sign for it.

    Who has become exempt since the approval is left out, by name. The batches are used in their order; a later measure
    only when the earlier ones do not cover the shortage (standards B5.2).
    Raises: Refusal at the field that is wrong.
    """
    plan, now = change.plan, change.now
    due = _check_window(demand, now)
    level = level_for(demand.shortage_mw, demand.peak_mw, demand.starts_at)
    rows = list(plan.users.select_related("customer", "batch").order_by("batch__number", "pk"))
    gone = exempt_in(plan, [row.customer for row in rows])
    chosen = {load.number for load in chosen_batches(batch_loads(plan, without=gone), demand)}
    rows = [row for row in rows if row.batch.number in chosen]
    _refuse_asked_already([row.customer_id for row in rows if row.customer_id not in gone], demand, now)
    change.run = run = OrderlyRun.objects.create(
        code=next_code(RUN_LETTERS, now), plan=plan, unit=plan.unit, starts_at=demand.starts_at,
        ends_at=demand.ends_at, shortage_mw=demand.shortage_mw, peak_mw=demand.peak_mw, level=level,
        reason=demand.reason, receipts_due_at=due,
    )  # fmt: skip
    phones = _phones(row.customer_id for row in rows)
    users = RunUser.objects.bulk_create(
        RunUser(run=run, batch=row.batch, customer=row.customer, mw=row.mw, left_out=gone.get(row.customer_id, ""),
                is_told=row.customer_id in phones and row.customer_id not in gone)
        for row in rows
    )  # fmt: skip
    urgent = _cannot_wait(run, now)
    told = [user for user in users if user.is_told]
    enqueue((_note(run, user, f"orderly_{user.batch.measure}", phones, urgent) for user in told), now=now)
    change.data = {"batches": sorted(chosen), "users": len(users) - sum(1 for user in users if user.left_out)}


def chosen_batches(loads: list[BatchLoad], demand: Demand) -> list[BatchLoad]:
    """The batches a demand uses. Raises: Refusal on ``batches`` when a measure would be used too soon."""
    if not demand.batches:
        return answering(loads, demand.shortage_mw)
    chosen = [load for load in loads if load.number in demand.batches]
    broken = too_soon(chosen, loads, demand.shortage_mw)
    if broken:
        late, early, left = broken
        said = {"late": Measure(late).label, "early": Measure(early).label, "mw": left}
        words = _("“%(late)s” may not be used yet: “%(early)s” still has %(mw).1f MW.")
        raise Refusal((words if left else _("“%(late)s” may not be used: up to “%(early)s” all is covered.")) % said,
                      field="batches")  # fmt: skip
    return chosen


@act(Verb.CANCEL)
def call_off(change: Change, *, reason: str) -> None:
    """It does not take place; exactly those who were told hear it. Raises: Refusal once it has begun."""
    run = change.of_run
    if run.starts_at <= change.now:
        raise Refusal(_("It has begun. End it instead."))
    if not reason.strip():
        raise Refusal(_("Say why. Everybody who was told will read it."), field="reason")
    change.text = reason.strip()
    _tell_all(run, "orderly_off", change.now, reason=change.text)


@act(Verb.END)
def end(change: Change) -> None:
    """Nothing is asked any more; before its time, users are told so. Raises: Refusal before it has begun."""
    run = change.of_run
    if change.now < run.starts_at:
        raise Refusal(_("It has not begun. Call it off instead."))
    change.set(ended_at=min(change.now, run.ends_at))
    if change.now < run.ends_at:
        _tell_all(run, "orderly_over", change.now)


@act(Verb.REVIEW)
def close(change: Change, *, learnt: str) -> None:
    """The figures are complete; nothing is written down afterwards. Raises: Refusal while it lasts."""
    run = change.of_run
    if change.now < run.over_at:
        raise Refusal(_("It is not over yet."))
    if not learnt.strip():
        raise Refusal(_("Say what is to be learnt from it."), field="learnt")
    change.text = learnt.strip()
    change.set(learnt=change.text, ended_at=run.over_at)


def _check_window(demand: Demand, now: datetime) -> datetime:
    """By when receipts are due; the window makes sense."""
    if demand.starts_at <= now:
        raise Refusal(_("Choose a time that is still to come."), field="starts_at")
    if demand.ends_at <= demand.starts_at:
        raise Refusal(_("It ends before it begins."), field="ends_at")
    due = demand.receipts_due_at or max(demand.starts_at - RECEIPT_AHEAD, now)
    if not now <= due <= demand.starts_at:
        raise Refusal(_("Receipts are due before it begins, and not before now."), field="receipts_due_at")
    return due


def _refuse_asked_already(customers: list[int], demand: Demand, now: datetime) -> None:
    """Nobody is asked twice at one time."""
    if not customers:
        raise Refusal(_("Nobody would be asked: the batches chosen have no users."), field="batches")
    other = (
        RunUser.objects.filter(customer__in=customers, left_out="", run__state=RunState.ACTIVE)
        .filter(run__starts_at__lt=demand.ends_at, run__ends_at__gt=demand.starts_at)
        .select_related("run", "customer")
        .first()
    )
    if other:
        said = {
            "name": other.customer.name,
            "run": other.run.code,
            "time": instant(other.run.starts_at, now),
        }
        raise Refusal(_("%(name)s is asked by %(run)s from %(time)s on already.") % said, field="starts_at")


def _phones(customers: Iterable[int]) -> dict[int, str]:
    """The mobile numbers of those who have one; one query."""
    rows = Contact.objects.filter(customer__in=list(customers), is_primary=True).values_list("customer_id", "phone")
    return {pk: phone for pk, phone in rows if MOBILE.match(phone)}


def _tell_all(run: OrderlyRun, kind: str, now: datetime, reason: str = "") -> None:
    """Everybody who was told that it would be."""
    users = list(run.users.filter(is_told=True).select_related("customer"))
    phones = _phones(user.customer_id for user in users)
    urgent = _cannot_wait(run, now)
    reached = [user for user in users if user.customer_id in phones]
    enqueue((_note(run, user, kind, phones, urgent, reason) for user in reached), now=now)


def _cannot_wait(run: OrderlyRun, now: datetime) -> bool:
    """It is night, and the run begins (or has begun) before people are written to again: who works at night is told."""
    morning = quiet_now(now=now)
    return morning is not None and run.starts_at <= morning


def _note(run: OrderlyRun, user: RunUser, kind: str, phones: dict[int, str], urgent: bool, reason: str = "") -> Note:
    """What one user is told: when, how much, why."""
    data = {"starts": run.starts_at, "ends": run.ends_at, "mw": f"{user.mw:.1f}", "reason": reason or run.reason}
    return Note(
        kind=kind, data=data, about=run.code, dedupe_key=f"orderly:{run.pk}:{kind}:{user.customer_id}",
        channel=Channel.SMS, address=phones[user.customer_id], language=user.customer.language, urgent=urgent,
    )  # fmt: skip

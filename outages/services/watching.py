"""Putting a feeder or transformer on a season's list, changing what is planned for it, and saying that it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from common.periods import midnight
from outages.models import WatchItem
from outages.policies import can_finish, can_plan
from outages.selectors.needs import Subject
from outages.selectors.watching import evidence_of, subject_of
from staff.models import Member, Unit
from workorders.models import WorkOrder
from workorders.services.codes import next_code

LETTERS = "GZ"  # 关注: what is watched is GZ-261120-0001


@dataclass(frozen=True)
class Plan:
    """Why it is watched and what will be done; who, in which unit, by when."""

    unit: Unit
    reason: str
    measure: str
    member: Member
    due_on: date


def watch(
    *, subject: Subject, season: str, year: int, plan: Plan, actor: Member, now: datetime, request_id: UUID
) -> WatchItem:
    """Put a thing on a season's list, with what the figures say of it now.

    Raises: `Denied`; `Refusal` when it stands there already, or is to be done by a day that is past.
    Idempotent: by ``request_id``.
    """
    require(can_plan(actor, [plan.unit.path]))
    known = WatchItem.objects.filter(request_id=request_id).first()
    if known:
        return known
    _check(plan, localdate(now))
    evidence = evidence_of(subject, actor, now)
    try:
        with transaction.atomic():
            return WatchItem.objects.create(
                code=next_code(LETTERS, now), season=season, year=year, **{subject.kind: subject.thing}, unit=plan.unit,
                reason=plan.reason, evidence=evidence.as_json(), measure=plan.measure, member=plan.member,
                due_on=plan.due_on, written_by=actor, written_at=now, request_id=request_id,
            )  # fmt: skip
    except IntegrityError as error:
        if "outages_watch_" not in str(error):
            raise
        raise Refusal(_("It stands on this season's list already."), field="device") from error


def plan_anew(
    *, code: str, plan: Plan, revision: int | None, actor: Member, now: datetime, request_id: UUID
) -> WatchItem:
    """Another reason, measure, person or day, while it is not done.

    Raises: `Denied`; `Refusal` when it is done, or somebody was quicker. Locks: the item. Idempotent.
    """
    with transaction.atomic():
        item = _locked(code)
        if item.request_id == request_id:
            return item
        require(can_plan(actor, [item.unit.path]))
        require(can_plan(actor, [plan.unit.path]))
        if item.done_on:
            raise Refusal(_("It is done already."))
        if revision is not None and revision != item.revision:
            raise Refusal(_("Somebody changed this meanwhile. Look again, then save."))
        if plan.due_on != item.due_on:
            _check(plan, localdate(now))
        for name in ("unit", "reason", "measure", "member", "due_on"):
            setattr(item, name, getattr(plan, name))
        return _saved(item, request_id)


def finish(*, code: str, outcome: str, done_on: date, actor: Member, now: datetime, request_id: UUID) -> WatchItem:
    """What was planned is done; said by whoever does it or leads there.

    Raises: `Denied`; `Refusal` without words, for a day to come, or when it was done before.
    Locks: the item. Idempotent: by ``request_id``.
    """
    with transaction.atomic():
        item = _locked(code)
        if item.request_id == request_id:
            return item
        require(can_finish(actor, item))
        if item.done_on:
            raise Refusal(_("It is done already."))
        if not outcome.strip():
            raise Refusal(_("Say what was done."), field="outcome")
        if done_on > localdate(now):
            raise Refusal(_("This day is still to come."), field="done_on")
        item.outcome, item.done_on = outcome.strip(), done_on
        return _saved(item, request_id)


@dataclass(frozen=True)
class Task:
    """An item as the work order it becomes: what, where, who, until when."""

    subject: str
    words: str
    unit: Unit
    member: Member
    due_at: datetime


def open_task_for(item: WatchItem, *, opener: Callable[[Task], WorkOrder]) -> WorkOrder:
    """The work order of an item; the first time ``opener``, a service of the orders' room, is asked to open it.

    Locks: the item, so that it becomes one order and never two.
    """
    with transaction.atomic():
        held = _locked(item.code)
        if held.order is None:
            due_at = midnight(held.due_on + timedelta(days=1))
            held.order = opener(Task(subject_of(held).label, held.measure, held.unit, held.member, due_at))
            held.save(update_fields=["order"])
        return held.order


def _locked(code: str) -> WatchItem:
    rows = WatchItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit", "member", "order", "feeder", "transformer").get(code=code)


def _saved(item: WatchItem, request_id: UUID) -> WatchItem:
    item.request_id = request_id
    item.revision += 1
    item.save()
    return item


def _check(plan: Plan, today: date) -> None:
    if plan.due_on < today:
        raise Refusal(_("Choose a day that is still to come."), field="due_on")

"""Putting a feeder or transformer on a season's list, changing what is planned for it, and saying that it is done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

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
from outages.services.owing import OURS
from staff.models import Member, Unit
from workorders.models import WorkOrder
from workorders.services.codes import next_code
from workorders.services.tasking import Task, finish_task, give_task, move_task, open_task

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
            item = WatchItem.objects.create(
                code=next_code(LETTERS, now), season=season, year=year, **{subject.kind: subject.thing}, unit=plan.unit,
                reason=plan.reason, evidence=evidence.as_json(), measure=plan.measure, member=plan.member,
                due_on=plan.due_on, written_by=actor, written_at=now, request_id=request_id,
            )  # fmt: skip
            item.order = _open(item, now)
            item.save(update_fields=["order"])
            return item
    except IntegrityError as error:
        known = WatchItem.objects.filter(request_id=request_id).first()
        if known:  # the same press, twice at once
            return known
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
        moved = (plan.unit, plan.member) != (item.unit, item.member)
        for name in ("unit", "reason", "measure", "member", "due_on"):
            setattr(item, name, getattr(plan, name))
        _follow(item, now, moved=moved)
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
        if item.order:
            finish_task(code=item.order.code, now=now, text=item.outcome, at=min(_end_of(done_on), now))
        return _saved(item, request_id)


def _open(item: WatchItem, now: datetime) -> WorkOrder:
    """The order by which it gets done: due at the end of its day, with whoever is to do it."""
    task = Task(
        subject=subject_of(item).label,
        description=item.measure,
        unit=item.unit,
        member=item.member,
        due_by=_end_of(item.due_on),
    )
    return open_task(task=task, now=now, request_id=uuid5(OURS, f"watch/{item.pk}/{item.revision}"))


def _follow(item: WatchItem, now: datetime, *, moved: bool) -> None:
    """The order goes where and until when its item says; one that was filed by hand is opened anew."""
    order = item.order
    if order is None or not order.is_open:
        item.order = _open(item, now)
        return
    due_by = _end_of(item.due_on)
    if order.due_by != due_by:
        move_task(code=order.code, actor=None, now=now, request_id=None, due_by=due_by, reason=item.reason)
    if moved:
        give_task(code=order.code, unit=item.unit, member=item.member, reason=item.reason, now=now)


def _end_of(day: date) -> datetime:
    return midnight(day + timedelta(days=1))


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

"""What we owe by a moment while an outage lasts, as tasks: their clocks warn, break and escalate like any other."""

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from outages.choices import State
from outages.models import Outage
from workorders.models import WorkOrder
from workorders.services.tasking import Task, finish_task, give_task, move_task, open_task

OURS = UUID("6f1d3c52-0c2f-4b7e-9b56-6a0a4c1f7d10")  # names the requests of this room


def keep_news_clock(outage: Outage, *, now: datetime, reason: str = "") -> WorkOrder | None:
    """The task that goes with what people are told of the return: opened, moved or ended as that changes.

    While the power is off somebody owes either the power or the news by the moment people were told. A task that was
    filed by hand before its time is opened anew. Returns the order when it is another than before.
    """
    task = outage.news_order
    due = (outage.expected_at or outage.next_news_at) if outage.is_off else None
    if due is None:
        if task:
            with translation.override(settings.LANGUAGE_CODE):
                finish_task(code=task.code, now=now, text=_("The power is back"), at=outage.restored_at)
        return None
    if task is None or not task.is_open:
        return _open(outage, due, now)
    if task.due_by != due:
        move_task(code=task.code, actor=None, now=now, request_id=None, due_by=due, reason=reason)
    return None


def task_of(outage: Outage) -> str:
    """The task it has had until now, by its code; empty without one."""
    return outage.news_order.code if outage.news_order else ""


def _open(outage: Outage, due: datetime, now: datetime) -> WorkOrder:
    with translation.override(settings.LANGUAGE_CODE):
        task = Task(
            subject=_("Power back or news: %(place)s") % {"place": outage.place},
            description=_("People were told this time. By then the power is back, or they are told another and why."),
            unit=outage.unit,
            due_by=due,
        )
    return open_task(
        task=task, now=now, request_id=uuid5(OURS, f"{outage.code}/news/{outage.revision}/{task_of(outage)}")
    )


def hand_on(outage: Outage, *, now: datetime, reason: str) -> None:
    """The outage is another unit's: so is what is owed by it."""
    with translation.override(settings.LANGUAGE_CODE):
        why = reason or _("The outage is with another unit now")
    for order in filter(None, (outage.news_order, outage.written_order)):
        give_task(code=order.code, unit=outage.unit, reason=why, now=now)


def renew_news(*, now: datetime) -> int:
    """Open again what was filed by hand while the power is still off and its moment to come; returns how many.

    Idempotent. Locks: the outage, one at a time.
    """
    dropped = Outage.objects.filter(state=State.UNDER_WAY, news_order__closed_at__isnull=False)
    due = dropped.filter(Q(expected_at__gt=now) | Q(next_news_at__gt=now))
    return sum(_renew(pk, now) for pk in list(due.values_list("pk", flat=True)))


def _renew(pk: int, now: datetime) -> int:
    with transaction.atomic():
        rows = Outage.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "news_order")
        outage = rows.get(pk=pk)
        order = keep_news_clock(outage, now=now)
        if order is None:
            return 0
        outage.news_order = order
        outage.save(update_fields=["news_order"])
    return 1

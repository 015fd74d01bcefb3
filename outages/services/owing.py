"""What we owe by a moment while an outage lasts, as tasks: their clocks warn, break and escalate like any other."""

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from outages.models import Outage
from workorders.models import WorkOrder
from workorders.services.tasking import Task, finish_task, move_task, open_task

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


def _open(outage: Outage, due: datetime, now: datetime) -> WorkOrder:
    with translation.override(settings.LANGUAGE_CODE):
        task = Task(
            subject=_("Power back or news: %(place)s") % {"place": outage.place},
            description=_("People were told this time. By then the power is back, or they are told another and why."),
            unit=outage.unit,
            due_by=due,
        )
    return open_task(task=task, now=now, request_id=uuid5(OURS, f"{outage.code}/news/{outage.revision}"))

"""What the staff room hears from below."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from common.exports import ExportNote, exported
from common.services.calendar import CalendarChange
from common.signals import calendar_changed
from common.workdays import DayPlan, write_spells
from staff.choices import AuditAct
from staff.models import Member, Unit
from staff.services import audit


@receiver(exported)
def keep_export(sender: Any, note: ExportNote, row_count: int, **_more: Any) -> None:
    """Every list that leaves the house stands in the audit: which, how much of it, what for."""
    after = {"list": note.list_name, "purpose": note.purpose, "rows": row_count, "filters": note.filters}
    audit.record(act=AuditAct.EXPORTED, subject=note.actor, actor=note.actor, now=note.now, after=after)


@receiver(calendar_changed)
def keep_calendar_change(
    sender: Any, change: CalendarChange, actor: Member | None, now: datetime, **_more: Any
) -> None:
    """Who changed the company's calendar, from what to what; a year with the number of its days that changed."""
    company = Unit.objects.filter(depth=1).first()
    if company is None:  # a fresh house has a calendar before it has a company
        return
    was: dict[str, Any]
    now_is: dict[str, Any]
    if change.is_load:
        was = {"year": "", "status": change.old_status or "", "days": 0}
        now_is = {"year": change.year, "status": change.status, "days": len(change.days)}
    else:
        was, now_is = ({str(day): told(plan) for day, plan in plans.items()} for plans in (change.before, change.after))
    act = AuditAct.CALENDAR_LOADED if change.is_load else AuditAct.CALENDAR_EDITED
    audit.record(act=act, subject=company, actor=actor, now=now, before=was, after=now_is)


def told(plan: DayPlan) -> str:
    """A day in one line of the audit."""
    return " ".join(part for part in (plan.kind, write_spells(plan.spells), plan.note) if part)

"""What the staff room hears from below."""

from typing import Any

from django.dispatch import receiver

from common.exports import ExportNote, exported
from staff.choices import AuditAct
from staff.services import audit


@receiver(exported)
def keep_export(sender: Any, note: ExportNote, row_count: int, **_more: Any) -> None:
    """Every list that leaves the house stands in the audit: which, how much of it, what for."""
    after = {"list": note.list_name, "purpose": note.purpose, "rows": row_count, "filters": note.filters}
    audit.record(act=AuditAct.EXPORTED, subject=note.actor, actor=note.actor, now=note.now, after=after)

"""Reading one's own messages."""

from datetime import datetime

from notifications.models import Message
from notifications.selectors import inbox, unread
from staff.models import Member


def mark_read(*, message: Message, actor: Member, now: datetime) -> None:
    """Opened now, unless it was before. Idempotent."""
    inbox(actor).filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(*, actor: Member, upto: int, now: datetime) -> int:
    """Everything up to message number ``upto``: what came in meanwhile stays unread. Returns how many. Idempotent."""
    return unread(actor).filter(pk__lte=upto).update(read_at=now)

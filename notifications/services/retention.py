"""Keeping and deleting messages."""

from datetime import datetime, timedelta

from django.conf import settings

from common.errors import Refusal
from notifications.choices import FINISHED
from notifications.models import Message

AT_LEAST_DAYS = 180  # standards H1: logs are kept at least six months


def purge(*, now: datetime, batch: int = 5000) -> int:
    """Delete finished messages written more than RETENTION_DAYS ago; return how many.

    One short transaction a batch. Raises: Refusal under 180 days. Idempotent.
    """
    if settings.RETENTION_DAYS < AT_LEAST_DAYS:
        raise Refusal(f"RETENTION_DAYS is {settings.RETENTION_DAYS}; messages are kept at least {AT_LEAST_DAYS} days.")
    old = Message.objects.filter(created_at__lt=now - timedelta(days=settings.RETENTION_DAYS), state__in=FINISHED)
    total = 0
    while True:
        gone, _by_model = Message.objects.filter(pk__in=old.values("pk")[:batch]).delete()
        total += gone
        if gone < batch:
            return total

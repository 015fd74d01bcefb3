"""Celery's way in. Queue: messages."""

from celery import shared_task
from django.utils import timezone

from notifications.services import retention, sender


@shared_task
def send_messages() -> int:
    """Send what is due, until nothing is."""
    return sender.drain()


@shared_task
def purge_messages() -> int:
    """Delete what has been kept long enough."""
    return retention.purge(now=timezone.now())

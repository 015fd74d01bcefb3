"""What the portal does by itself, once a night."""

from celery import shared_task
from django.utils import timezone

from portal.lookup import forget_tries


@shared_task
def forget_lookups() -> int:
    """Let go of tries at looking up an order that no longer count."""
    return forget_tries(now=timezone.now())

"""What the staff room does by itself, once a night."""

from celery import shared_task
from django.utils import timezone

from staff.services import retention


@shared_task
def purge_visits() -> int:
    """Let go of old sessions and records of logins."""
    return retention.purge_visits(now=timezone.now())

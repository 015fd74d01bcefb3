"""Celery's entries to this room."""

from celery import shared_task
from django.utils import timezone

from outages.services.restraint import forget_askings
from outages.services.subscribing import forget_unconfirmed
from outages.services.telling import spread, spread_waiting


@shared_task
def spread_notice(notice_id: int) -> int:
    """Tell everybody of one change."""
    return spread(notice_id=notice_id, now=timezone.now())


@shared_task
def spread_notices() -> int:
    """Tell what nobody was woken for."""
    return spread_waiting(now=timezone.now())


@shared_task
def forget_unanswered() -> int:
    """Let go of askings that no longer count and of subscriptions that nobody confirmed."""
    return forget_askings(now=timezone.now()) + forget_unconfirmed(now=timezone.now())

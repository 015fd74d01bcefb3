"""Celery's entries to this room."""

from celery import shared_task
from django.utils import timezone

from outages.services.chasing import chase
from outages.services.history import apply_run, purge_history, read_run
from outages.services.owing import renew_news
from outages.services.restraint import forget_askings
from outages.services.storming import send_digests
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
def chase_receipts() -> int:
    """Have those gone to who have not signed for their notice in time; news filed too early is owed again."""
    now = timezone.now()
    return chase(now=now) + renew_news(now=now)


@shared_task
def sum_up_storms() -> int:
    """What fired while alarms were held back."""
    return send_digests(now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True)
def read_history(code: str) -> None:
    """Read and check a file of past outages."""
    read_run(code=code, now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True)
def apply_history(code: str) -> None:
    """Write what a file of past outages brings."""
    apply_run(code=code, now=timezone.now())


@shared_task
def purge_history_rows() -> int:
    """Let go of old reports on files, and of files nobody came back to."""
    return purge_history(now=timezone.now())


@shared_task
def forget_unanswered() -> int:
    """Let go of askings that no longer count and of subscriptions that nobody confirmed."""
    return forget_askings(now=timezone.now()) + forget_unconfirmed(now=timezone.now())

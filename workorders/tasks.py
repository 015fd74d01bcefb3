"""Celery's entries to this room; for the sweep, `manage.py run_clocks` is the other one."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from workorders.services.recalculation import recalculate_moved
from workorders.services.retention import purge_events
from workorders.services.sweep import sweep


@shared_task
def sweep_clocks() -> int:
    """Fire what is due."""
    return sweep(now=timezone.now())


@shared_task
def recalculate_for_calendar(run_id: str) -> int:
    """Put open orders under a changed work calendar."""
    return recalculate_moved(actor=None, now=timezone.now(), run_id=UUID(run_id), rules=False)


@shared_task
def purge_old_events() -> int:
    """Let go of timelines past their retention."""
    return purge_events(now=timezone.now())

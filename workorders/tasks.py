"""Celery's entry to the sweep; `manage.py run_clocks` is the other one."""

from celery import shared_task
from django.utils import timezone

from workorders.services.sweep import sweep


@shared_task
def sweep_clocks() -> int:
    """Fire what is due."""
    return sweep(now=timezone.now())

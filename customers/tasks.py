"""Celery's way in. Queue: bulk. A worker that dies gives its task back; every one of them can begin again."""

from celery import shared_task
from django.utils import timezone

from customers.services.imports import apply_import, read_import
from customers.services.privacy import purge_views


@shared_task(acks_late=True, reject_on_worker_lost=True)
def read_import_file(code: str) -> None:
    """Stage and check a file."""
    read_import(code=code, now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True)
def apply_import_rows(code: str) -> None:
    """Write what is staged."""
    apply_import(code=code)


@shared_task
def purge_old_views() -> int:
    """Take out looks past their retention."""
    return purge_views(now=timezone.now())

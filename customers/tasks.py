"""Celery's way in. Queue: bulk. A worker that dies gives its task back; every one of them can begin again."""

from celery import shared_task
from django.utils import timezone

from customers.services.imports import apply_import, purge_rows, read_import
from customers.services.network import refresh_below_unit
from customers.services.privacy import purge_views


@shared_task(acks_late=True, reject_on_worker_lost=True)
def read_import_file(code: str) -> None:
    """Stage and check a file."""
    read_import(code=code, now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True)
def apply_import_rows(code: str) -> None:
    """Write what is staged."""
    apply_import(code=code)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def refresh_below(unit_id: int) -> int:
    """File the customers of a unit anew."""
    return refresh_below_unit(unit_id=unit_id)


@shared_task
def purge_old() -> int:
    """Take out looks past their retention, and rows of old imports that nobody mended."""
    now = timezone.now()
    return purge_views(now=now) + purge_rows(now=now)

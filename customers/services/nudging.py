"""Waking a worker for long work. Only a hint: what nobody took up is continued from its page or by a command."""

import logging

from django.db import transaction

log = logging.getLogger(__name__)


def nudge_reading(code: str) -> None:
    """Read this file soon."""
    transaction.on_commit(lambda: send("read_import_file", code))


def nudge_applying(code: str) -> None:
    """Write the rows of this run soon."""
    transaction.on_commit(lambda: send("apply_import_rows", code))


def nudge_refreshing(unit_id: int) -> None:
    """File the customers of this unit anew soon; ``manage.py refresh_search`` does it too."""
    transaction.on_commit(lambda: send("refresh_below", unit_id))


def send(task: str, argument: str | int) -> None:
    """Hand a task to the bulk queue; a broker that is down is logged, never shown as a failed save."""
    from customers import tasks  # the tasks import the services that call this

    try:
        getattr(tasks, task).delay(argument)
    except Exception:
        log.warning("customers.nudge_failed: no answer from the broker (%s)", task, exc_info=True)

"""Waking a worker for a file. Only a hint: what nobody took up is woken again from its page."""

import logging

from django.db import transaction

log = logging.getLogger(__name__)


def nudge_reading(code: str) -> None:
    """Read this file soon."""
    transaction.on_commit(lambda: send("read_history", code))


def nudge_applying(code: str) -> None:
    """Write this file soon."""
    transaction.on_commit(lambda: send("apply_history", code))


def send(task: str, code: str) -> None:
    """Hand a task to the bulk queue; a broker that is down is logged, never shown as a failed save."""
    from outages import tasks  # the tasks import the services that call this

    try:
        getattr(tasks, task).delay(code)
    except Exception:
        log.warning("outages.nudge_failed: no answer from the broker (%s)", task, exc_info=True)

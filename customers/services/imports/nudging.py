"""Waking a worker for an import. Only a hint: a run nobody took up is continued from its page or by the command."""

import logging

from django.db import transaction

log = logging.getLogger(__name__)


def nudge_reading(code: str) -> None:
    """Read this file soon."""
    transaction.on_commit(lambda: _send("read_import_file", code))


def nudge_applying(code: str) -> None:
    """Write the rows of this run soon."""
    transaction.on_commit(lambda: _send("apply_import_rows", code))


def _send(task: str, code: str) -> None:
    from customers import tasks  # the tasks import these services

    try:
        getattr(tasks, task).delay(code)
    except Exception:
        log.warning("import.nudge_failed: no answer from the broker; continue the run from its page", exc_info=True)

"""One pass of everything that has to happen by itself, when no broker is there to ask for it."""

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, close_old_connections

from notifications.services.sender import drain
from workorders.models import WorkOrder
from workorders.services.sweep import sweep
from workorders.signals import pass_made

log = logging.getLogger(__name__)


def one_pass(*, now: datetime) -> tuple[int, int]:
    """Sweep, then send; returns (clocks fired, messages sent). A database that is away ends the pass, not the loop."""
    fired = sent = 0
    close_old_connections()
    try:
        fired = sweep(now=now)
        for receiver, answer in pass_made.send_robust(WorkOrder, now=now):
            if isinstance(answer, Exception):
                log.error("pass_failed_in_part", extra={"of": str(receiver)}, exc_info=answer)
        sent = drain()
    except (DatabaseError, InterfaceError):
        log.exception("pass_failed")
        close_old_connections()
    return fired, sent

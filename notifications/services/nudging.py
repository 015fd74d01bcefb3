"""Waking a sender. Only ever a hint: beat, run_sender and run_clocks send what nobody was woken for."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

log = logging.getLogger(__name__)

BROKER_REST_S = 5.0  # after a failed nudge the broker is left alone this long: no page waits for it again and again
_broker_rests_until = 0.0
_is_hushed = ContextVar("_is_hushed", default=False)


@contextmanager
def hushed() -> Iterator[None]:
    """Nobody is woken inside: for long work that runs the sender by itself (the simulation)."""
    token = _is_hushed.set(True)
    try:
        yield
    finally:
        _is_hushed.reset(token)


def nudge_on_commit() -> None:
    """Wake a sender after this transaction, once however many notes it wrote."""
    if not _is_hushed.get() and not any(entry[1] is nudge for entry in connection.run_on_commit):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Ask a worker to send now. A broker that is down costs nothing: beat, run_sender and run_clocks send as well."""
    global _broker_rests_until
    if time.monotonic() < _broker_rests_until:
        return
    from notifications.tasks import send_messages  # the task imports the sender, which may itself nudge

    try:
        send_messages.apply_async(expires=60)
    except Exception:
        _broker_rests_until = time.monotonic() + BROKER_REST_S
        log.warning("outbox.nudge_failed: no answer from the broker; the next round sends", exc_info=True)

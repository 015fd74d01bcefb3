"""The sender: claim in a short transaction, send outside of any, record. At least once, with the dedupe key handed on.

Any number of senders may run at once. A sender that dies leaves leases; `return_expired` puts those messages back, and
the provider, which knows their keys, drops what it has already.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from common.access import require
from common.errors import Refusal
from notifications.choices import Channel, MessageState, Reason
from notifications.models import Message
from notifications.policies import can_act_on_outgoing, can_send_again, can_withhold
from notifications.services import queue
from notifications.services.envelopes import Envelope, make_envelopes
from notifications.services.nudging import nudge_on_commit
from notifications.services.quiet_hours import quiet_now
from notifications.transports import TRANSPORTS
from notifications.transports.base import Outcome, Unreachable, later
from staff.models import Member

log = logging.getLogger(__name__)


def send_due(*, now: datetime, batch: int = 500, resting: set[str] | None = None) -> int:
    """One round: at most one batch of each channel, quick channels first; return how many messages were handled.

    A channel whose service does not answer joins ``resting`` and is left out while it is in there, so a backlog does
    not spend an attempt of every message on a dead gateway. Errors that may pass back off with jitter up to
    MESSAGE_MAX_ATTEMPTS; others fail at once.

    Raises: RuntimeError inside a transaction. Idempotent. Locks: what it claims (SKIP LOCKED), never while sending.
    """
    queue.beat(now=now)
    return_expired(now=now)
    until = quiet_now(now=now)
    if until:
        queue.postpone_customers(until=until, now=now)
    resting = set() if resting is None else resting
    return sum(_send_channel(channel, batch, resting, now) for channel in TRANSPORTS if channel not in resting)


def drain(
    *, clock: Callable[[], datetime] = timezone.now, batch: int = 500, is_stopped: Callable[[], bool] = bool
) -> int:
    """Rounds until nothing is due, each with its own instant; return how many messages were handled."""
    resting: set[str] = set()
    total = 0
    while not is_stopped():
        handled = send_due(now=clock(), batch=batch, resting=resting)
        if not handled:
            break
        total += handled
    return total


def run_until(stop: Event, *, every_s: float) -> None:
    """Drain until ``stop`` is set, or once when ``every_s`` is 0. A round that fails is logged and repeated."""
    while not stop.is_set():
        try:
            drain(is_stopped=stop.is_set)
        except (DatabaseError, InterfaceError):
            log.exception("sender.round_failed")
            connection.close()  # a restarted PostgreSQL: the next round opens a new connection
            if not every_s:
                raise
        if not every_s:
            return
        stop.wait(every_s)


def return_expired(*, now: datetime) -> int:
    """Put back what senders that died had taken; return how many. Idempotent. Locks: those rows (SKIP LOCKED)."""
    return queue.put_back_expired(most_attempts=settings.MESSAGE_MAX_ATTEMPTS, now=now)


def _send_channel(channel: str, batch: int, resting: set[str], now: datetime) -> int:
    transport = TRANSPORTS[Channel(channel)]
    lease_until = now + timedelta(seconds=transport.LEASE_S)
    taken = queue.claim(channel=channel, limit=min(batch, transport.LIMIT), lease_until=lease_until, now=now)
    if not taken:
        return 0
    envelopes = make_envelopes(taken, now=now)
    outgoing = [envelope.outgoing for envelope in envelopes if envelope.outgoing]
    try:
        outcomes = transport.send(outgoing) if outgoing else {}
        silence = later("", reason=Reason.NO_ANSWER)
    except Unreachable as error:
        outcomes, silence = {}, later(str(error), reason=Reason.NO_ANSWER)
    except Exception as error:  # a bug in one transport must not stop the others, nor lose what it was given
        log.exception("sender.transport_failed channel=%s", channel)
        outcomes, silence = {}, later(type(error).__name__, reason=Reason.NO_ANSWER)
    if outgoing and not outcomes:
        resting.add(channel)
    rows = [_row(e, e.outcome or outcomes.get(e.message.dedupe_key, silence), now) for e in envelopes]
    queue.record(rows, lease_until=lease_until)
    return len(taken)


def _row(envelope: Envelope, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What `queue.record` writes: a temporary error waits longer each time, and fails when it came too often."""
    message, state, not_before = envelope.message, outcome.state, None
    if state == MessageState.RETRY:
        if message.attempts >= settings.MESSAGE_MAX_ATTEMPTS:
            state = MessageState.FAILED
        else:
            not_before = now + backoff(message.attempts)
    return {
        "id": message.id,
        "state": state.value,
        "subject": envelope.text.subject,
        "body": envelope.text.body,
        "reason": outcome.reason,
        "error": outcome.error,
        "provider_id": outcome.provider_id,
        "sent_at": now if state == MessageState.SENT else None,
        "not_before": not_before,
    }


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling up to a cap, half of it by chance so that retries spread."""
    full = min(settings.MESSAGE_BACKOFF_CAP_S, settings.MESSAGE_BACKOFF_S * 2 ** min(attempts - 1, 20))
    return timedelta(seconds=full * random.uniform(0.5, 1))  # noqa: S311  (no secret)


def send_again(*, message: Message, actor: Member, now: datetime) -> Message:
    """A person sends again what did not go out, in the words in force now and with the same dedupe key.

    Raises: Denied; Refusal when it is no longer unsent. Locks: the row.
    """
    require(can_act_on_outgoing(actor))
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
        decision = can_send_again(actor, row)
        if not decision:
            raise Refusal(decision.reason)
        row.state, row.attempts, row.not_before = MessageState.QUEUED, 0, now
        row.subject = row.body = row.reason = row.error = ""
        row.acted_by = actor
        row.save(update_fields=["state", "attempts", "not_before", "subject", "body", "reason", "error", "acted_by"])
        nudge_on_commit()
    log.info("messages.sent_again message=%d actor=%s", row.pk, actor.staff_no)
    return row


def withhold(*, message: Message, actor: Member, now: datetime) -> Message:
    """A person holds back what still waits; it can be sent again later.

    Raises: Denied; Refusal when it is on its way or gone. Locks: the row.
    """
    require(can_act_on_outgoing(actor))
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
        decision = can_withhold(actor, row)
        if not decision:
            raise Refusal(decision.reason)
        row.state, row.reason, row.error, row.acted_by = MessageState.WITHHELD, Reason.BY_HAND, "", actor
        row.save(update_fields=["state", "reason", "error", "acted_by"])
    log.info("messages.withheld message=%d actor=%s", row.pk, actor.staff_no)
    return row

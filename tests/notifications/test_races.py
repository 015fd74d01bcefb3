"""Two senders at once, and senders killed at every step. Real commits, real threads, real processes."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest
from django.db import connection, connections, transaction

from notifications.models import Message
from notifications.services import queue, sender
from notifications.services.outbox import enqueue
from notifications.services.sender import drain, send_due
from notifications.transports import sms
from tests.notifications.factories import NOON, note, put

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(seconds=sms.LEASE_S)


def claimed_by_two(monkeypatch: pytest.MonkeyPatch, lock: str) -> list[set[int]]:
    """What two claims take when the second begins before the first has committed."""
    monkeypatch.setattr(queue, "LOCK", lock)
    enqueue([note() for _ in range(20)], now=NOON)
    taken: list[set[int]] = []

    def second() -> None:
        rows = queue.claim(channel="sms", limit=10, lease_until=NOON + 2 * LEASE, now=NOON)
        taken.append({row.id for row in rows})
        connections.close_all()

    other = threading.Thread(target=second)
    with transaction.atomic():
        params = {"channel": "sms", "now": NOON, "limit": 10, "lease": NOON + LEASE}
        taken.append({row.id for row in Message.objects.raw(queue.CLAIM.format(lock=lock), params)})
        other.start()
        wait_until_blocked_or_done(other)
    other.join()
    return taken


def wait_until_blocked_or_done(other: threading.Thread) -> None:
    """Return when the other thread has finished, or waits for a lock of ours."""
    waits_for_us = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    while other.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(waits_for_us)
            if cursor.fetchone():
                return
        other.join(0.02)


def test_with_the_lock_two_senders_share_the_work(monkeypatch):
    first, second = claimed_by_two(monkeypatch, "FOR UPDATE SKIP LOCKED")
    assert (len(first), len(second), first & second) == (10, 10, set())


def test_without_the_lock_two_senders_take_the_same_messages(monkeypatch):
    first, second = claimed_by_two(monkeypatch, "")
    assert first & second


def test_many_senders_at_once_send_everything_once(gateway):
    enqueue([note() for _ in range(600)], now=NOON)

    def work() -> None:
        drain(clock=lambda: NOON, batch=20)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(gateway.received), gateway.duplicates) == (600, 0)
    assert Message.objects.filter(state="sent", attempts=1).count() == 600


def test_two_saves_with_the_same_keys_in_opposite_order_do_not_deadlock():
    notes = [note() for _ in range(200)]
    counts: list[int] = []

    def save(some: list) -> None:
        counts.append(enqueue(some, now=NOON))
        connections.close_all()

    threads = [threading.Thread(target=save, args=(order,)) for order in (notes, notes[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == Message.objects.count() == 200


def test_a_success_reported_after_the_lease_ran_out_is_a_fact():
    row = put()
    queue.claim(channel="sms", limit=1, lease_until=NOON + LEASE, now=NOON)
    queue.put_back_expired(most_attempts=9, now=NOON + LEASE)
    queue.claim(channel="sms", limit=1, lease_until=NOON + 2 * LEASE, now=NOON + LEASE)
    said = {
        "id": row.id,
        "subject": "",
        "body": "x",
        "reason": "",
        "error": "",
        "provider_id": "gw-1",
        "not_before": None,
    }
    assert queue.record([said | {"state": "failed", "sent_at": None}], lease_until=NOON + LEASE) == 0
    assert Message.objects.get().state == "in_flight"
    assert queue.record([said | {"state": "sent", "sent_at": NOON}], lease_until=NOON + LEASE) == 1
    assert queue.record([said | {"state": "retry", "sent_at": None}], lease_until=NOON + 2 * LEASE) == 0
    assert Message.objects.get().state == "sent"


def test_claiming_inside_a_transaction_is_refused(gateway):
    put()
    with transaction.atomic(), pytest.raises(RuntimeError):
        send_due(now=NOON)
    assert not gateway.received


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(step: Callable) -> Callable:
    """The step, and death once it has done something."""

    def both(*args, **kwargs):
        done = step(*args, **kwargs)
        if done == []:  # an empty claim is not the moment
            return done
        return die()

    return both


def die_inside_the_record(sql: str, params: dict) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.replace("{lock}", queue.LOCK), params)
        if sql is queue.RECORD:
            die()
        return cursor.rowcount


# step: (where the fault goes, the fault, does the gateway have the batch by then)
FAULTS = {
    "before the claim": (queue, "claim", die, False),
    "after the claim": (queue, "claim", then_die(queue.claim), False),
    "before the request": (sender, "make_envelopes", then_die(sender.make_envelopes), False),
    "between the gateway's reply and the record": (sms, "send", then_die(sms.send), True),
    "inside the record": (queue, "_run", die_inside_the_record, True),
    "after the record": (queue, "record", then_die(queue.record), True),
}


@pytest.mark.parametrize("step", FAULTS)
def test_a_sender_killed_loses_nothing_and_the_gateway_drops_what_it_has(gateway, step: str):
    rows = [put(), put(), put()]
    module, name, fault, arrived = FAULTS[step]
    kill_a_sender(module, name, fault)
    assert len(gateway.received) == 3 * arrived
    assert send_due(now=NOON + timedelta(seconds=1)) == (3 if step == "before the claim" else 0)
    drain(clock=lambda: NOON + LEASE)
    assert {Message.objects.get(pk=row.pk).state for row in rows} == {"sent"}
    assert sorted(item["key"] for item in gateway.received) == sorted(row.dedupe_key for row in rows)
    assert gateway.duplicates == (3 if arrived and step != "after the record" else 0)


def kill_a_sender(module: ModuleType, name: str, fault: Callable) -> None:
    """One round in a process of its own, which kills itself with SIGKILL at the fault."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        return
    try:
        connection.connection = None  # the parent's; closing it here would close it there
        setattr(module, name, fault)
        send_due(now=NOON)
    finally:
        os._exit(0)  # not killed: the parent's assertion says so

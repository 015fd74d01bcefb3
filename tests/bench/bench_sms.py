"""Sending by the SMS gateway on loopback: design §10, at least 1,000 messages a second from one process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from django.test import override_settings
from django.utils import timezone

from notifications.models import Message
from notifications.services.outbox import Note, enqueue
from notifications.services.sender import drain
from tests.bench.lines import BenchLine, at_least, at_most_times
from tests.notifications.factories import TO_CUSTOMER, declare_kinds, kinds_put_back

ROOT = Path(__file__).resolve().parents[2]
PORT, KEY = 18_093, "a-bench-key"
LEAST_PER_S = 1000


def run(quick: bool) -> list[BenchLine]:
    """Write messages into the outbox, then send them from this process to a gateway in another one."""
    number = 3_000 if quick else 30_000
    with kinds_put_back(), gateway_beside() as url, override_settings(SMS_GATEWAY_URL=url, SMS_GATEWAY_KEY=KEY):
        declare_kinds()
        try:
            send(0, 500)  # warm
            taken_s = send(500, number)
            arrived = len(
                {
                    item["key"]
                    for item in requests.get(url.replace("/batch", "/received"), timeout=30).json()["received"]
                }
            )
            ours_ms, rows_ms = writing(number)
        finally:
            Message.objects.filter(dedupe_key__startswith="bench-sms:").delete()
    lines = [at_least("SMS by gateway on loopback, one process", number / taken_s, "messages/s", LEAST_PER_S)]
    lines.append(at_least("… all of them arrived", arrived, "messages", number + 500))
    lines.append(
        at_most_times("notes into the outbox, beside bulk_create", ours_ms, "ms/1,000", other=rows_ms, times=0.5)
    )
    return lines


def send(first: int, number: int) -> float:
    """Seconds to send ``number`` messages that were written before."""
    enqueue([_note(n) for n in range(first, first + number)], now=timezone.now())
    started = time.perf_counter()
    drain()
    return time.perf_counter() - started


def writing(number: int) -> tuple[float, float]:
    """Milliseconds per 1,000 notes: by `enqueue`, and by the ORM's bulk_create of the same rows."""
    now = timezone.now()
    notes = [_note(n) for n in range(number + 500, 2 * number + 500)]
    started = time.perf_counter()
    enqueue(notes, now=now)
    ours_s = time.perf_counter() - started
    rows = [
        Message(
            kind=one.kind,
            channel=one.channel,
            language="zh-hans",
            data={"name": "陈淑兰", "by": now.isoformat()},
            about=one.about,
            dedupe_key=f"{one.dedupe_key}:orm",
            address=one.address,
            not_before=now,
            created_at=now,
        )
        for one in notes
    ]
    started = time.perf_counter()
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    return ours_s * 1e6 / number, (time.perf_counter() - started) * 1e6 / number


def _note(number: int) -> Note:
    return Note(
        kind=TO_CUSTOMER,
        data={"name": "陈淑兰", "by": timezone.now()},
        about="BX-261120-0147",
        dedupe_key=f"bench-sms:{number}",
        channel="sms",
        address=f"139{number:08d}",
        urgent=True,  # the bench may run at night
    )


@contextmanager
def gateway_beside() -> Iterator[str]:
    """A gateway in a process of its own, so that its work is not counted as ours."""
    command = [sys.executable, "manage.py", "run_sms_gateway", "--port", str(PORT), "--key", KEY]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{PORT}"
    try:
        for _ in range(300):
            try:
                requests.get(f"{url}/healthz", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"{url}/batch"
    finally:
        server.terminate()
        server.wait(timeout=10)

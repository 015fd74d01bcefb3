"""Two sweeps at once, and one killed in the middle: nothing twice, nothing lost (design §10: 0 and 0)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from tests.bench.lines import BenchLine, none_of
from tests.bench.towns import Town, make_due, town

ROOT = Path(__file__).resolve().parents[2]

# What fired since a mark: alarms, timeline rows and messages, as far as each stands for something of its own.
FIRED = """
SELECT (SELECT count(*) FROM workorders_alarm WHERE id > %(alarm)s),
    (SELECT count(*) FROM workorders_event WHERE id > %(event)s AND verb = 'alarm'),
    (SELECT count(DISTINCT (order_id, data->>'clock', data->>'due_at', data->>'stage')) FROM workorders_event
     WHERE id > %(event)s AND verb = 'alarm'),
    (SELECT count(*) FROM notifications_message WHERE id > %(message)s AND kind LIKE 'clock_%%'),
    (SELECT count(DISTINCT dedupe_key) FROM notifications_message WHERE id > %(message)s AND kind LIKE 'clock_%%')"""
MARK = """
SELECT (SELECT max(id) FROM workorders_alarm), (SELECT max(id) FROM workorders_event),
    (SELECT max(id) FROM notifications_message)"""
LEFT = "SELECT count(*) FROM workorders_clock WHERE fire_at <= %(at)s"


def run(quick: bool) -> list[BenchLine]:
    """Processes of their own, as in life; the second half of each figure is what one sweep afterwards still found."""
    size, number = (10_000, 1_000) if quick else (1_000_000, 5_000)
    lines = []
    with town(size) as there:
        for name, trouble in (
            ("two sweeps at once", _two_at_once),
            ("sweep killed in the middle, then again", _killed),
        ):
            assert _start(there).wait(300) == 0  # nothing is left from before
            mark = dict(zip(("alarm", "event", "message"), _rows(MARK, {}), strict=True))
            make_due(number, at=there.built_at)
            trouble(there, mark)
            alarms, events, own_events, messages, own_messages = _rows(FIRED, mark)
            missing = number - alarms if alarms < number else abs(alarms - own_events)
            title = f"{name}, {number:,} due among {size:,}"
            lines.append(none_of(f"{title}: doubled", (events - own_events) + (messages - own_messages)))
            lines.append(none_of(f"{title}: lost", missing + _rows(LEFT, {"at": there.built_at})[0]))
    return lines


def _two_at_once(there: Town, _mark: dict) -> None:
    both = [_start(there), _start(there)]
    assert [one.wait(300) for one in both] == [0, 0]


def _killed(there: Town, mark: dict) -> None:
    """Killed as soon as a first batch is there for others to see, which is in the middle of the second."""
    victim = _start(there)
    while victim.poll() is None and _rows("SELECT max(id) FROM workorders_alarm", {})[0] == mark["alarm"]:
        time.sleep(0.002)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(60) == -signal.SIGKILL, "it was done before it could be killed"
    assert _start(there).wait(300) == 0


def _start(there: Town) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "run_clocks", "--once"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": there.url}, stdout=subprocess.DEVNULL)


def _rows(sql: str, values: dict) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()

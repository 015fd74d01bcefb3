"""A `run_clocks` killed with SIGKILL at any step, among many due clocks: the next one loses and doubles nothing."""

import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Message, QuietHours
from simulation.invariants import broken
from tests.baddays.programs import environment, running, wait_for, wait_until_blocked
from tests.workorders.world import World, fault
from workorders.models import Alarm, Clock, Event

BATCH = 500  # of `sweep`: with more clocks than that a run has more than one transaction
LONG_AGO, LATER = timedelta(minutes=300), timedelta(minutes=290)
RUN = ["manage.py", "run_clocks", "--every", "0.2"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Rung = tuple[int, str]


@pytest.fixture
def crowded(town, gateway) -> World:
    """A town with more due clocks than fit into one batch; those of the last order come last."""
    QuietHours.objects.update_or_create(defaults={"is_on": False, "starts": "22:00", "ends": "07:00"})
    now = timezone.now()
    while Clock.objects.filter(fire_at__lte=now).count() <= BATCH:
        for _ in range(20):
            fault(town, now=now - LONG_AGO)
    fault(town, now=now - LATER)
    return town


def due_rungs(clocks) -> list[tuple[Clock, str]]:
    """What a sweep must fire now."""
    now = timezone.now()
    return [
        (clock, stage["stage"])
        for clock in clocks
        for stage in clock.stages[clock.next_stage :]
        if datetime.fromisoformat(stage["at"]) <= now
    ]


# ── where the process is held until it is killed ────────────────────────


def lock(table: str) -> Callable[[World], None]:
    """Nobody else writes into this table before our transaction ends."""

    def hold(_town: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"lock table {table} in exclusive mode")

    return hold


def hold_the_last_messages(town: World) -> None:
    """Keys of the very last clock's messages, taken and not committed: the second batch waits in the middle."""
    last = Clock.objects.filter(fire_at__lte=timezone.now()).order_by("-fire_at")[:1]
    Message.objects.bulk_create(
        Message(
            dedupe_key=f"{clock.pk}:{clock.generation}:{stage}:{member.pk}",
            member=member,
            channel="inapp",
            kind="clock_warn",
            not_before=timezone.now(),
            created_at=timezone.now(),
        )
        for clock, stage in due_rungs(last)
        for member in town.people.values()
    )


# step: (where it is held, whether the first batch is done by then, whether all is)
STEPS = {
    "before the first alarm": (lock("workorders_alarm"), False, False),
    "between alarms and messages": (lock("notifications_message"), False, False),
    "in the middle of the second batch": (hold_the_last_messages, True, False),
    "before its sign of life": (lock("workorders_heartbeat"), True, True),
    "before it sends": (lock("notifications_senderheartbeat"), True, True),
}


def kill_while_held(town: World, hold: Callable[[World], None], log: Path) -> None:
    """A real run_clocks, killed where it waits for us."""
    with transaction.atomic():
        hold(town)
        with running(RUN, environment(), log) as program:
            wait_until_blocked()
            program.kill()
            assert program.wait() == -signal.SIGKILL
        transaction.set_rollback(True)


def test_run_clocks_killed_at_every_step_and_started_again_does_everything_once(crowded, gateway, tmp_path):
    due = {(clock.pk, stage) for clock, stage in due_rungs(Clock.objects.exclude(fire_at=None))}
    clocks = len({pk for pk, _stage in due})
    for step, (hold, first_batch, everything) in STEPS.items():
        kill_while_held(crowded, hold, tmp_path / "killed.log")
        done = Alarm.objects.values("clock").distinct().count()
        assert done == (clocks if everything else BATCH if first_batch else 0), step
    assert not gateway.received
    with running(RUN, environment(), tmp_path / "again.log"):
        wait_for(lambda: not left(), tmp_path / "again.log")
    assert_once(due, gateway)


def left() -> bool:
    """Whether anything is due or waits to be sent."""
    due = Clock.objects.filter(fire_at__lte=timezone.now())
    return due.exists() or Message.objects.exclude(state="sent").exists()


def assert_once(due: set[Rung], gateway) -> None:
    """Every rung has one alarm and one row of the timeline; everybody it names has one message; each went out once."""
    fired = list(Alarm.objects.values_list("clock_id", "stage"))
    assert due <= set(fired)
    assert len(fired) == len(set(fired))
    rows = Event.objects.filter(verb="alarm").values_list("data", flat=True)
    assert len(rows) == len(fired)
    assert Message.objects.filter(kind__startswith="clock_").count() == sum(len(row["told"]) for row in rows)
    assert set(Counter(item["key"] for item in gateway.received).values()) == {1}
    assert broken(now=timezone.now()) == []

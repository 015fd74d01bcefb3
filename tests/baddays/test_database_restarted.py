"""PostgreSQL goes down under load and comes back: clean errors, nothing half-written, and all goes on by itself.

On a PostgreSQL of its own: the one of the other tests stays up.
"""

import itertools
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from django.core.management import call_command
from django.db import InterfaceError, connection, connections
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from notifications.gateway import GatewayServer
from notifications.models import Message, QuietHours
from notifications.services.sender import drain
from notifications.transports import TRANSPORTS
from script.lib import processes
from script.lib.owner import find_owner
from script.lib.postgres import Postgres
from simulation.invariants import broken
from tests.baddays.programs import CODE, Window, environment, home_for_anybody, running, wait_for, web
from tests.workorders.test_intake_page import typed
from tests.workorders.world import World, build, fault
from workorders.models import Alarm, Event, WorkOrder
from workorders.services.running import one_pass

PEOPLE = 4  # who send forms all the time
ENOUGH = 12  # answers of a kind before the day goes on
LEASE = timedelta(seconds=max(transport.LEASE_S for transport in TRANSPORTS.values()))
RUN = ["manage.py", "run_clocks", "--every", "0.3"]
INTAKE = reverse("workorders:intake_kind", args=["fault"])
pytestmark = pytest.mark.slow


@dataclass
class Answer:
    """What one form got back; 0 when there was no answer at all."""

    path: str
    data: dict[str, Any]
    status: int
    text: str

    @property
    def is_saved(self) -> bool:
        return self.status == 302


@dataclass
class Load:
    """People who send one form after the other, until told to stop."""

    town: World
    root: str
    note_on: list[WorkOrder]  # everybody has an order of their own: together at one order is another bad day
    log: Path  # of the web server, for when it goes wrong
    answers: list[Answer] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        windows = [Window(self.root, self.town.clerk) for _ in range(PEOPLE)]
        connections.close_all()
        self.threads = [threading.Thread(target=self.work, args=one) for one in zip(windows, self.note_on, strict=True)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def work(self, window: Window, order: WorkOrder) -> None:
        note = reverse("workorders:act", args=[order.code, "note"])
        for path in itertools.cycle([INTAKE, note]):
            if self.stopped.is_set():
                return
            data = typed(self.town)
            data |= {"text": f"请求 {data['request_id']}"} if path == note else {}
            self.answers.append(send(window, path, data))

    def wait(self, *, saved: bool) -> None:
        """Until there were some more answers of this kind."""
        known = len(self.answers)
        wait_for(lambda: sum(answer.is_saved is saved for answer in self.answers[known:]) >= ENOUGH, self.log)


def send(window: Window, path: str, data: dict[str, Any]) -> Answer:
    try:
        answer = window.post(path, data)
    except requests.RequestException as error:
        return Answer(path, data, 0, str(error))
    return Answer(path, data, answer.status_code, answer.text)


@dataclass
class Day:
    """What is left of it: the answers, the forms sent once more afterwards, what run_clocks wrote."""

    answers: list[Answer]
    again: list[Answer]
    overdue: WorkOrder
    clocks_log: str
    clocks_ended: int | None


# ── the day ─────────────────────────────────────────────────────────────


@pytest.fixture
def postgres(tmp_path_factory) -> Iterator[Postgres]:
    server = Postgres(home_for_anybody(tmp_path_factory.mktemp("restarted")), find_owner(), "a-password", durable=False)
    server.start()
    yield server
    server.stop()
    server.end_leftover()


@contextmanager
def connected_to(postgres: Postgres) -> Iterator[None]:
    """This process and its threads work with that server; what they worked with before is back afterwards."""
    ours = dict(connection.settings_dict)
    connection.close()
    place = {"HOST": "127.0.0.1", "PORT": postgres.port, "PASSWORD": postgres.password}
    connection.settings_dict.update(place, NAME="denghuo", USER="denghuo")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(ours)


def go_down(postgres: Postgres) -> None:
    """At once, as after a kill of the server: sessions are cut, recovery follows at the next start."""
    processes.end(postgres.child, first=signal.SIGQUIT)
    postgres.stop()


def come_back(postgres: Postgres) -> None:
    """On the port it had, which some connection of these very tests may be using for a moment."""
    wait_for(lambda: (postgres.launch(), postgres.answers())[-1], postgres.log)


def settle() -> World:
    """The small town in an empty database, where what was answered as saved is on disk."""
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("alter database denghuo set synchronous_commit = on")
    QuietHours.objects.create(is_on=False, starts="22:00", ends="07:00")
    return build()


@pytest.fixture
def day(postgres, tmp_path, django_db_blocker) -> Iterator[Day]:
    with (
        django_db_blocker.unblock(),
        connected_to(postgres),
        GatewayServer(0, "a-test-key") as gateway,
        override_settings(SMS_GATEWAY_URL=gateway.url, SMS_GATEWAY_KEY="a-test-key"),
    ):
        yield live_through(settle(), postgres, environment(), tmp_path)


def live_through(town: World, postgres: Postgres, around: dict[str, str], log: Path) -> Day:
    first, *others = [fault(town, now=timezone.now() - timedelta(minutes=200)) for _ in range(PEOPLE)]
    with web(around, log / "web") as root, running(RUN, around, log / "clocks") as clocks:
        wait_for(lambda: Alarm.objects.filter(clock__order=first).exists(), log / "clocks")
        with Load(town, root, [first, *others], log / "web") as load:
            load.wait(saved=True)
            go_down(postgres)
            load.wait(saved=False)
            wait_for(lambda: "pass_failed" in (log / "clocks").read_text(), log / "clocks")
            come_back(postgres)
            load.wait(saved=True)
        overdue = fault(town, now=timezone.now() - timedelta(minutes=200))
        wait_for(lambda: Alarm.objects.filter(clock__order=overdue).exists(), log / "clocks")
        window = Window(root, town.clerk)
        again = [send(window, answer.path, answer.data) for answer in load.answers if not answer.is_saved]
        waiting = Message.objects.filter(state__in=["queued", "retry"])
        wait_for(lambda: not waiting.exists(), log / "clocks")
        ended = clocks.poll()
    drain(clock=lambda: timezone.now() + LEASE)  # what was on its way when the database went is sent after its lease
    return Day(load.answers, again, overdue, (log / "clocks").read_text(), ended)


# ── the evening ─────────────────────────────────────────────────────────


def ids(answers: list[Answer]) -> set[UUID]:
    return {UUID(answer.data["request_id"]) for answer in answers}


def assert_requests_in_the_gap_got_the_error_page_with_a_code(day: Day) -> None:
    failed = [answer for answer in day.answers if not answer.is_saved]
    codes = [CODE.search(answer.text) for answer in failed]
    assert {answer.status for answer in failed} == {500}
    assert all(codes)
    assert len({found[1] for found in codes if found}) == len(failed)
    assert not any("Traceback" in answer.text or "OperationalError" in answer.text for answer in failed)


def assert_what_was_answered_as_saved_is_there_once(day: Day) -> None:
    saved = ids([answer for answer in day.answers if answer.is_saved])
    kept = list(Event.objects.filter(request_id__in=saved).values_list("request_id", flat=True))
    assert len(kept) == len(saved) >= 2 * ENOUGH
    assert set(kept) == saved


def assert_forms_that_failed_were_saved_when_sent_again(day: Day) -> None:
    assert {answer.status for answer in day.again} == {302}
    failed = ids(day.again)
    assert Event.objects.filter(request_id__in=failed).count() == len(failed) >= ENOUGH


def assert_no_order_is_half_written() -> None:
    for order in WorkOrder.objects.prefetch_related("events", "clocks"):
        verbs = [event.verb for event in order.events.all() if event.verb != "alarm"]
        assert verbs.count("receive") == 1, order.code
        assert len(verbs) == order.version, order.code
        assert order.next_clock_id in {clock.pk for clock in order.clocks.all()}, order.code
        assert Message.objects.filter(about=order.code, kind="order_received").count() == 1, order.code
    assert broken(now=timezone.now()) == []


def assert_run_clocks_went_on_by_itself(day: Day) -> None:
    assert "pass_failed" in day.clocks_log
    assert day.clocks_ended is None
    rungs = list(Alarm.objects.filter(clock__order=day.overdue).values_list("clock", "generation", "stage"))
    assert len(rungs) == len(set(rungs)) == Event.objects.filter(order=day.overdue, verb="alarm").count() > 0


def test_database_restarted_under_load_costs_clean_errors_and_nothing_else(day):
    assert_requests_in_the_gap_got_the_error_page_with_a_code(day)
    assert_what_was_answered_as_saved_is_there_once(day)
    assert_forms_that_failed_were_saved_when_sent_again(day)
    assert_no_order_is_half_written()
    assert_run_clocks_went_on_by_itself(day)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_pass_that_finds_its_connection_closed_ends_and_the_loop_goes_on(monkeypatch):
    def closed(**_: object) -> int:
        raise InterfaceError("connection already closed")

    monkeypatch.setattr("workorders.services.running.sweep", closed)
    assert one_pass(now=timezone.now()) == (0, 0)

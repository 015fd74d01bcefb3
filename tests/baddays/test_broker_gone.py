"""Redis is only a hint: flushed, gone or back again, what people do is saved and every message goes out once."""

import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import redis
import requests
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message, QuietHours
from notifications.services.nudging import BROKER_REST_S
from script.lib.broker import Broker
from script.lib.owner import find_owner
from simulation.invariants import broken
from tests.baddays.programs import WORKER, Window, environment, home_for_anybody, run_clocks, running, wait_for, web
from tests.workorders.test_intake_page import typed
from tests.workorders.world import fault
from workorders.choices import State
from workorders.models import Alarm, Event, Heartbeat, WorkOrder

MIN = timedelta(minutes=1)
VITAL = ("database", "broker")
QUICK_S = 3.0  # no page waits longer for a broker that is away
INTAKE = reverse("workorders:intake_kind", args=["fault"])
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def broker(tmp_path_factory):
    """A Redis of this test alone, to be flushed, ended and started again."""
    server = Broker(home_for_anybody(tmp_path_factory.mktemp("broker")), find_owner(), "a-password")
    server.start()
    yield server
    server.stop()


def start_again(broker: Broker) -> None:
    """On the port it had, everybody still knows that one; a connection of these very tests may be using it just now."""
    wait_for(lambda: (broker.launch(), broker.answers())[-1], broker.log)


@pytest.fixture
def around(broker, town, gateway):
    """What programs of this test find in their environment."""
    QuietHours.objects.update_or_create(defaults={"is_on": False, "starts": "22:00", "ends": "07:00"})
    return environment(REDIS_URL=broker.url())


@pytest.fixture
def log(tmp_path):
    return tmp_path / "programs.log"


def waiting(broker: Broker) -> int:
    """Tasks that wait in Redis for a worker."""
    client = redis.Redis.from_url(broker.url())
    return sum(client.llen(queue) for queue in ("clocks", "messages", "bulk"))


def take_in(town, root: str) -> requests.Response:
    return Window(root, town.clerk).post(INTAKE, typed(town))


def work_through(town, root: str) -> tuple[WorkOrder, list[requests.Response]]:
    """A fault report from the counter to the crew's arrival, every step a form over HTTP."""
    answers = [take_in(town, root)]
    order = WorkOrder.objects.latest("id")
    for who, name, word, fields in (
        (town.dispatcher, "act", "dispatch", {"unit": town.crew.code}),
        (town.handler, "crew_press", "accept", {}),
        (town.handler, "crew_press", "arrive", {}),
        (town.agent, "act", "note", {"text": "问师傅到哪了"}),
    ):
        url = reverse(f"workorders:{name}", args=[order.code, word])
        answers.append(Window(root, who).post(url, fields | {"request_id": str(uuid4())}))
    answers.append(Window(root, town.clerk).get(reverse("workorders:detail", args=[order.code])))
    order.refresh_from_db()
    return order, answers


def overdue(town) -> WorkOrder:
    """A fault report whose clocks should have fired long ago."""
    return fault(town, now=timezone.now() - 200 * MIN)


def unsent() -> list[tuple[str, str, str]]:
    return list(Message.objects.exclude(state="sent").values_list("kind", "state", "error"))


def assert_everything_once(gateway) -> None:
    """Every clock fired, every alarm one row, every message sent in one attempt and known to the gateway once."""
    assert broken(now=timezone.now()) == []
    assert unsent() == []
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}
    sms = Message.objects.filter(channel="sms").values_list("dedupe_key", flat=True)
    assert Counter(item["key"] for item in gateway.received) == Counter(sms)
    assert gateway.duplicates == 0
    assert Alarm.objects.count() == Event.objects.filter(verb="alarm").count() > 0


def test_redis_flushed_while_work_waits_loses_and_doubles_nothing(town, broker, around, gateway, log):
    late = overdue(town)
    with web(around, log) as root:
        order, _answers = work_through(town, root)
        assert waiting(broker) > 0
        redis.Redis.from_url(broker.url()).flushall()
        assert waiting(broker) == 0
        assert Message.objects.filter(about=order.code, state="queued").exists()
        run_clocks(around)
        assert Alarm.objects.filter(clock__order=late).exists()
        assert_everything_once(gateway)
        before = waiting(broker)
        assert take_in(town, root).status_code == 302
    assert waiting(broker) == before + 1  # the broker is asked again as if nothing had been


def test_redis_down_every_act_is_saved_quickly_and_no_page_shows_an_error(town, broker, around, log):
    broker.stop()
    with web(around, log) as root:
        order, answers = work_through(town, root)
        alive, ready = (requests.get(f"{root}/{page}", timeout=10) for page in ("healthz", "readyz"))
    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 302, 200]
    assert (order.state, order.version) == (State.IN_PROGRESS, 5)
    assert list(Event.objects.filter(order=order).order_by("id").values_list("verb", flat=True)) == [
        "receive", "dispatch", "accept", "arrive", "note"
    ]  # fmt: skip
    assert max(answer.elapsed.total_seconds() for answer in answers) < QUICK_S
    assert "nudge_failed" in log.read_text()
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert [name for name, check in ready.json()["checks"].items() if name in VITAL and not check["ok"]] == ["broker"]


def test_redis_down_run_clocks_fires_and_sends_and_nothing_is_doubled_when_it_is_back(
    town, broker, around, gateway, log
):
    late = overdue(town)
    broker.stop()
    with web(around, log) as root:
        work_through(town, root)
        run_clocks(around)
        assert Alarm.objects.filter(clock__order=late).exists()
        assert Heartbeat.objects.filter(name="sweep").exists()
        assert_everything_once(gateway)
        start_again(broker)
        time.sleep(BROKER_REST_S)
        assert take_in(town, root).status_code == 302
    assert waiting(broker) == 1
    assert unsent()
    with running(WORKER, around, log):
        wait_for(lambda: not unsent(), log)
        wait_for(lambda: waiting(broker) == 0, log)
    assert_everything_once(gateway)

"""The sweep: what is due fires, once, whoever runs it and however late."""

import contextlib
import threading
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from common.errors import Refusal
from notifications.models import Message
from tests.workorders.world import NOON, build, fault
from workorders.choices import Stage
from workorders.models import Alarm, Clock, Event, Heartbeat
from workorders.services import due as due_clocks
from workorders.services import sweep as sweeping
from workorders.services.dispatching import cancel, dispatch_order
from workorders.services.due import claim
from workorders.services.field import arrive
from workorders.services.rulebook import load_shipped_rules
from workorders.services.sweep import sweep

MIN, SEC = timedelta(minutes=1), timedelta(seconds=1)


def stages(order, kind="arrive", family="ten_promises"):
    rows = Alarm.objects.filter(clock__order=order, clock__kind=kind, clock__rule__family=family)
    return list(rows.order_by("id").values_list("stage", flat=True))


@pytest.fixture
def dispatched(world):
    order = fault(world)
    dispatch_order(code=order.code, actor=world.dispatcher, now=NOON + MIN, request_id=uuid4(), unit=world.crew)
    return order


@pytest.mark.parametrize(
    ("after", "fired"),
    [
        (27 * MIN - SEC, []),
        (27 * MIN, [Stage.WARN]),  # 60 % of 45 minutes
        (45 * MIN - SEC, [Stage.WARN]),
        (45 * MIN, [Stage.WARN, Stage.BREACH]),
        (60 * MIN - SEC, [Stage.WARN, Stage.BREACH]),
        (60 * MIN, [Stage.WARN, Stage.BREACH, Stage.ESCALATE_1]),  # 25 % is under 15 minutes, so 15
        (75 * MIN, [Stage.WARN, Stage.BREACH, Stage.ESCALATE_1, Stage.ESCALATE_2]),
    ],
)
def test_stages_fire_at_their_second(dispatched, after, fired):
    sweep(now=NOON + after)
    assert stages(dispatched) == fired


def test_warning_goes_to_the_crew_breach_to_lead_and_desk_escalation_up(world, dispatched):
    sweep(now=NOON + 80 * MIN)
    arrive_word = sweeping.clock_word("arrive", "zh-hans")
    told = {
        (m.kind, m.member.name)
        for m in Message.objects.filter(about=dispatched.code, kind__startswith="clock_", data__clock=arrive_word)
    }
    assert {
        ("clock_warn", "向军"), ("clock_breach", "谭勇"), ("clock_breach", "覃国栋"),
        ("clock_escalate", "黄志远"), ("clock_escalate", "何亮"),
    } <= told  # fmt: skip


def test_arriving_at_the_due_second_is_in_time_and_stops_the_alarms(world, dispatched):
    arrive(code=dispatched.code, actor=world.handler, now=NOON + 45 * MIN, request_id=uuid4())
    sweep(now=NOON + 46 * MIN)
    assert stages(dispatched) == []
    clock = Clock.objects.get(order=dispatched, kind="arrive", rule__family="ten_promises")
    assert clock.stopped_at == clock.due_at


def test_running_twice_fires_once(dispatched):
    assert sweep(now=NOON + 50 * MIN) > 0
    assert sweep(now=NOON + 50 * MIN) == 0
    assert len(stages(dispatched)) == len(set(stages(dispatched)))


def test_late_run_fires_each_missed_rung_once_in_order(dispatched):
    sweep(now=NOON + timedelta(days=2))
    assert stages(dispatched) == [Stage.WARN, Stage.BREACH, Stage.ESCALATE_1, Stage.ESCALATE_2]


def test_row_that_raises_is_put_back_and_stops_nobody(world, dispatched):
    healthy = fault(world)
    bad = Clock.objects.get(order=dispatched, kind="arrive", rule__family="ten_promises")
    bad.stages[0]["roles"] = None
    bad.save(update_fields=["stages"])
    sweep(now=NOON + 50 * MIN)
    bad.refresh_from_db()
    assert bad.fire_at == NOON + 55 * MIN
    assert "TypeError" in bad.sweep_error
    assert Stage.BREACH in stages(healthy)
    assert Heartbeat.objects.get(name="sweep").failed == 1


def test_row_the_database_refuses_is_put_back_and_stops_nobody(world, dispatched):
    healthy = fault(world)
    bad = Clock.objects.get(order=dispatched, kind="arrive", rule__family="ten_promises")
    bad.stages[0]["stage"] = "a stage whose name is far too long"
    bad.save(update_fields=["stages"])
    sweep(now=NOON + 50 * MIN)
    bad.refresh_from_db()
    assert (bad.fire_at, bool(bad.sweep_error)) == (NOON + 55 * MIN, True)
    assert Stage.BREACH in stages(healthy)


def test_statements_of_a_batch_do_not_grow_with_its_rows(world, django_assert_max_num_queries):
    for _ in range(12):
        fault(world)
    with django_assert_max_num_queries(24):
        assert sweep(now=NOON + 200 * MIN) > 30


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """With real commits and threads, in pairs: the lock off shows the race, the lock on stops it."""

    @pytest.fixture
    def due(self):
        load_shipped_rules()
        world = build()
        for _ in range(20):
            fault(world)
        return world

    def _two_at_once(self):
        gate, errors = threading.Barrier(2), []

        def run():
            try:
                gate.wait()
                sweep(now=NOON + 200 * MIN, batch=7)
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors

    def _doubled(self):
        events = Event.objects.filter(verb="alarm")
        keys = [(e.order_id, e.data["clock"], e.data["due_at"], e.data["stage"]) for e in events]
        return len(keys) - len(set(keys))

    def test_two_sweeps_at_once_fire_everything_once(self, due):
        assert self._two_at_once() == []
        assert self._doubled() == 0
        assert not Clock.objects.filter(fire_at__lte=NOON + 200 * MIN).exists()

    def test_without_the_lock_two_sweeps_double(self, due):
        def unlocked(now, batch):
            found = claim(now, batch)
            seen.wait(timeout=2)  # both have read the same rows before either writes
            return found

        seen = threading.Barrier(2)
        with mock.patch.object(due_clocks, "LOCK", ""), mock.patch.object(sweeping, "claim", unlocked):
            self._two_at_once()
        assert self._doubled() > 0

    @pytest.mark.parametrize("step", ["claim", "_fire_all", "enqueue", "write", "beat"])
    def test_killed_at_any_step_loses_and_doubles_nothing(self, due, step):
        real = getattr(sweeping, step)

        def dies(*args, **kwargs):
            result = real(*args, **kwargs)
            raise KeyboardInterrupt
            return result

        with mock.patch.object(sweeping, step, dies), pytest.raises(KeyboardInterrupt):
            sweep(now=NOON + 200 * MIN, batch=7)
        connection.close()
        sweep(now=NOON + 200 * MIN, batch=7)
        assert self._doubled() == 0
        assert not Clock.objects.filter(fire_at__lte=NOON + 200 * MIN).exists()
        assert Alarm.objects.count() == Event.objects.filter(verb="alarm").count()

    def test_order_under_change_is_waited_for_by_nobody(self, due):
        clock = Clock.objects.filter(fire_at__isnull=False).order_by("fire_at").first()
        with transaction.atomic():
            Clock.objects.select_for_update().get(pk=clock.pk)
            held = threading.Thread(target=lambda: (sweep(now=NOON + 200 * MIN), connections.close_all()))
            held.start()
            held.join(timeout=20)
            assert not held.is_alive()
        clock.refresh_from_db()
        assert clock.next_stage == 0

    def test_act_waits_for_the_sweep_and_sets_no_rung_back(self, due):
        order = Clock.objects.filter(fire_at__isnull=False).order_by("pk").first().order
        now, fired, acting = NOON + 200 * MIN, threading.Event(), []

        def slow(firing, at):
            real(firing, at)
            act = threading.Thread(target=lambda: (_cancel(due, order), connections.close_all()))
            act.start()
            acting.append(act)
            fired.wait(timeout=0.5)  # long enough for the act to ask for the same rows

        real = sweeping.write
        with mock.patch.object(sweeping, "write", slow):
            sweep(now=now)
        for act in acting:
            act.join()
        before = Event.objects.filter(order=order, verb="alarm").count()
        sweep(now=now + timedelta(days=3))
        assert Event.objects.filter(order=order, verb="alarm").count() == before
        assert self._doubled() == 0


def _cancel(world, order) -> None:
    """Some act that touches every clock of the order; the second one is refused."""
    with contextlib.suppress(Refusal):
        cancel(code=order.code, actor=world.clerk, now=NOON + 199 * MIN, request_id=uuid4(), reason="误报")

"""Each invariant can fail: the city is spoiled in one way, and that way is named."""

from datetime import timedelta

import pytest

from notifications.choices import MessageState
from notifications.models import Message
from simulation.invariants import broken
from tests.simulation.conftest import UNTIL
from workorders.choices import ClockState, Stage, State, Verb
from workorders.models import Alarm, Clock, Event, WorkOrder

pytestmark = pytest.mark.django_db


def lose_a_clock():
    order = WorkOrder.objects.filter(state=State.ACCEPTED, next_due_at__isnull=False).first()
    order.clocks.filter(state__in=[ClockState.RUNNING, ClockState.WAITING]).update(state=ClockState.VOID, fire_at=None)


def lose_every_clock():
    WorkOrder.objects.filter(state=State.ACCEPTED).first().clocks.all().delete()


def leave_a_clock_running():
    clock = Clock.objects.filter(order__state=State.CLOSED, state=ClockState.STOPPED).first()
    Clock.objects.filter(pk=clock.pk).update(state=ClockState.RUNNING, stopped_at=None)


def forget_to_fire():
    clock = Clock.objects.filter(state=ClockState.RUNNING, fire_at__isnull=False).first()
    Clock.objects.filter(pk=clock.pk).update(fire_at=UNTIL - timedelta(hours=1))


def lose_an_alarm():
    Alarm.objects.filter(stage=Stage.BREACH).first().delete()


def fire_too_early():
    alarm = Alarm.objects.first()
    Alarm.objects.filter(pk=alarm.pk).update(fired_at=alarm.planned_at - timedelta(seconds=1))


def lose_a_warning_message():
    Message.objects.filter(kind="clock_warn").first().delete()


def lose_a_receipt():
    Message.objects.filter(kind__startswith="order_received", about__startswith="BX").first().delete()


def lose_a_message_on_its_way():
    message = Message.objects.filter(state=MessageState.SENT).first()
    lease = {"lease_until": UNTIL - timedelta(hours=1), "sent_at": None}
    Message.objects.filter(pk=message.pk).update(state=MessageState.IN_FLIGHT, **lease)


def point_at_another_clock():
    order = WorkOrder.objects.filter(next_due_at__isnull=False).first()
    WorkOrder.objects.filter(pk=order.pk).update(next_due_at=order.next_due_at + timedelta(minutes=1))


def move_a_promise():
    clock = Clock.objects.filter(state=ClockState.RUNNING).first()
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(minutes=1))


def arrive_twice():
    order = WorkOrder.objects.filter(state=State.CLOSED).first()
    Event.objects.create(order=order, verb=Verb.ARRIVE, at=UNTIL, recorded_at=UNTIL, unit=order.unit)


def go_back_in_time():
    order = WorkOrder.objects.filter(state=State.ACCEPTED).first()
    early = order.received_at - timedelta(hours=1)
    Event.objects.create(order=order, verb=Verb.NOTE, at=early, recorded_at=early, unit=order.unit, text="…")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lose_a_clock, "running_promise"),
        (lose_every_clock, "running_promise"),
        (leave_a_clock_running, "ended_is_quiet"),
        (forget_to_fire, "nothing_unfired"),
        (lose_an_alarm, "breach_alarmed_once"),
        (lose_an_alarm, "alarm_has_event"),
        (fire_too_early, "alarms_planned"),
        (lose_a_warning_message, "alarm_told"),
        (lose_a_receipt, "customer_told"),
        (lose_a_message_on_its_way, "message_accounted"),
        (point_at_another_clock, "leaders_right"),
        (move_a_promise, "due_recomputes"),
        (arrive_twice, "timeline_reachable"),
        (go_back_in_time, "timeline_reachable"),
    ],
)
def test_spoiling_the_city_is_noticed(town, spoil, named):
    spoil()
    assert any(line.startswith(named) for line in broken(now=UNTIL))


def test_unspoiled_city_is_in_order(town):
    assert broken(now=UNTIL) == []

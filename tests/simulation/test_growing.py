"""A city grows and lives on."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from common.errors import Refusal
from notifications.models import Message
from simulation.cast import load
from simulation.growing import counted, forward, grow
from simulation.invariants import broken
from simulation.models import Simulation
from staff.models import AuditEntry, Duty, Member
from tests.simulation.conftest import UNTIL
from workorders.choices import Channel, Kind, State, Verb
from workorders.models import Alarm, Event, Heartbeat, WorkOrder
from workorders.services.intake import Intake, receive

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def quietly(line: str) -> None:
    """Says nothing."""


def test_every_invariant_holds_at_the_end(town):
    assert broken(now=UNTIL) == []


def test_orders_are_at_every_stage(town):
    stages = set(WorkOrder.objects.values_list("state", flat=True))
    assert stages >= set(State) - {State.MERGED, State.RETURNED, State.CANCELLED}


def test_different_kinds_came_in_and_some_were_closed(town):
    assert len(set(WorkOrder.objects.values_list("kind", flat=True))) >= 4
    assert WorkOrder.objects.filter(state=State.CLOSED).exists()


def test_some_open_orders_are_late_and_most_are_not(town):
    open_, late = counted(UNTIL)
    assert 0.02 <= late / open_ <= 0.2


def test_alarms_fired_close_to_their_planned_instants(town):
    for planned_at, fired_at in Alarm.objects.values_list("planned_at", "fired_at"):
        assert timedelta() <= fired_at - planned_at <= timedelta(seconds=30)


def test_nothing_happened_after_the_end(town):
    assert not Event.objects.filter(recorded_at__gt=UNTIL).exists()
    assert not Message.objects.filter(created_at__gt=UNTIL).exists()
    assert Heartbeat.objects.get(name="sweep").at == UNTIL


def test_call_backs_are_made_by_somebody_else(town):
    did = {Verb.ACCEPT, Verb.SET_OFF, Verb.ARRIVE, Verb.FINISH, Verb.ANSWER}
    for order in WorkOrder.objects.filter(call_backs__isnull=False).distinct():
        doers = set(order.events.filter(verb__in=did).values_list("actor_id", flat=True))
        assert not doers & set(order.call_backs.values_list("caller_id", flat=True))


def test_people_were_taken_on_and_put_on_duty_by_the_services(town):
    assert AuditEntry.objects.filter(act="member_created").count() == Member.objects.count()
    assert Duty.objects.filter(ends_at__gt=UNTIL + timedelta(days=6)).exists()


def test_city_that_is_up_to_date_is_left_alone(town):
    before = Event.objects.count()
    forward(until=UNTIL + timedelta(minutes=2), say=quietly)
    forward(until=UNTIL + timedelta(minutes=2), say=quietly)
    assert Event.objects.count() == before


def test_city_lives_on_and_every_invariant_still_holds(town):
    until = UNTIL + 5 * HOUR
    before = WorkOrder.objects.count()
    assert forward(until=until, say=quietly).simulated_until == until
    assert WorkOrder.objects.count() > before
    assert broken(now=until) == []


def test_order_that_a_visitor_opened_meanwhile_is_taken_up(town):
    """It was opened after the simulated time: nothing may happen to it before it was there."""
    home = load().households[0]
    intake = Intake(
        kind=Kind.FAULT, channel=Channel.HOTLINE, description="一个访客自己打的字", situation="whole",
        customer=home.customer, supply_point=home.point, address=home.point.address,
    )  # fmt: skip
    opened = receive(intake=intake, actor=Member.objects.get(staff_no="XL0102"), now=UNTIL + 2 * HOUR, request_id=None)
    forward(until=UNTIL + 6 * HOUR, say=quietly)
    opened.refresh_from_db()
    assert opened.state != State.RECEIVED
    assert broken(now=UNTIL + 6 * HOUR) == []


def test_a_long_standstill_is_skipped_quickly(town, monkeypatch):
    monkeypatch.setattr("simulation.growing.DENSE", 5 * HOUR)
    until = UNTIL + timedelta(days=4)
    before = WorkOrder.objects.count()
    forward(until=until, say=quietly)
    assert WorkOrder.objects.count() - before < 45  # as usual it would have been eighty
    assert broken(now=until) == []


def test_second_city_in_one_database_is_refused(town):
    with pytest.raises(Refusal):
        grow(days=1, customers=50, seed=1, until=UNTIL, say=quietly)


def test_command_says_that_every_invariant_holds(town, capsys):
    call_command("simulate", "--check", "--until", UNTIL.isoformat())
    assert "every invariant holds" in capsys.readouterr().out


def test_command_fails_and_names_what_is_broken(town, capsys):
    WorkOrder.objects.filter(closed_at__isnull=True, next_due_at__isnull=False).update(next_due_at=UNTIL)
    with pytest.raises(CommandError):
        call_command("simulate", "--check", "--until", UNTIL.isoformat())
    assert "leaders_right" in capsys.readouterr().err


def test_texts_of_the_story_never_reach_the_gateway_of_the_house(town, gateway):
    before = Message.objects.filter(channel="sms", state="sent").count()
    forward(until=UNTIL + 3 * HOUR, say=quietly)
    assert Message.objects.filter(channel="sms", state="sent").count() > before
    assert not Message.objects.filter(state="failed").exists()
    assert not gateway.received


def test_first_run_that_was_cut_off_is_taken_up_as_usual(town, monkeypatch):
    monkeypatch.setattr("simulation.growing.DENSE", HOUR)
    monkeypatch.setattr("simulation.growing.QUIET_RATE", 0.01)
    Simulation.objects.update(grown_at=None)
    before = WorkOrder.objects.count()
    forward(until=UNTIL + 8 * HOUR, say=quietly)
    assert WorkOrder.objects.count() - before > 5
    assert Simulation.objects.get().grown_at == UNTIL + 8 * HOUR

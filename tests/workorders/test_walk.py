"""One fault report through every act, from the counter to the file."""

from datetime import timedelta
from uuid import uuid4

import pytest

from common.access import Denied
from common.errors import Refusal
from notifications.models import Message
from tests.workorders.world import NOON, World, fault
from workorders.choices import CallBackResult, ClockKind, ClockState, State
from workorders.models import Clock, Event, WorkOrder
from workorders.services.amending import add_contact, amend, correct_stamp, take_back
from workorders.services.change import Conflict
from workorders.services.closing import answer, call_back, close
from workorders.services.dispatching import accept, cancel, dispatch_order, return_order, transfer
from workorders.services.field import arrive, finish, set_off
from workorders.services.intake import receive
from workorders.services.lateness import tell_late

MIN = timedelta(minutes=1)


def act(function, order, actor, after, **own):
    return function(code=order.code, actor=actor, now=NOON + after, request_id=uuid4(), **own)


def clock(order: WorkOrder, kind: str, family: str) -> Clock:
    return Clock.objects.get(order=order, kind=kind, rule__family=family)


def through_answer(world: World) -> WorkOrder:
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(accept, order, world.handler, 3 * MIN)
    act(set_off, order, world.handler, 8 * MIN)
    act(arrive, order, world.handler, 36 * MIN)
    act(finish, order, world.handler, 60 * MIN, result="换了表前空开")
    return act(answer, order, world.agent, 65 * MIN, text="已经来电，客户试过")


def test_fault_report_walks_from_counter_to_file(world):
    order = through_answer(world)
    act(call_back, order, world.agent2, 90 * MIN, result=CallBackResult.SATISFIED)
    order = act(close, order, world.agent2, 91 * MIN)
    assert order.state == State.CLOSED
    assert order.code == "BX-261120-0001"
    arrive_clock = clock(order, ClockKind.ARRIVE, "ten_promises")
    assert (arrive_clock.due_at - NOON, arrive_clock.stopped_at - NOON) == (45 * MIN, 36 * MIN)
    restore = clock(order, ClockKind.RESTORE, "ten_promises")
    assert (restore.started_at - NOON, restore.due_at - NOON) == (36 * MIN, 216 * MIN)
    assert not Clock.objects.filter(order=order, state__in=[ClockState.RUNNING, ClockState.WAITING]).exists()
    verbs = list(Event.objects.filter(order=order).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "receive", "dispatch", "accept", "set_off", "arrive", "finish", "answer", "call_back", "close"
    ]  # fmt: skip
    kinds = set(Message.objects.filter(about=order.code).values_list("kind", flat=True))
    assert kinds == {"order_received", "order_assigned", "order_finished"}


def test_promise_to_customer_is_the_tightest_published_one(world):
    order = fault(world)
    assert order.promise_clock.rule.family == "ten_promises"
    assert order.next_clock.kind == ClockKind.DISPATCH
    assert order.next_due_at == NOON + 3 * MIN


def test_same_request_twice_opens_one_order(world):
    request_id = uuid4()
    first = fault(world)
    again = [receive(intake=_intake(world), actor=world.clerk, now=NOON, request_id=request_id).code for _ in range(2)]
    assert again[0] == again[1] != first.code
    assert WorkOrder.objects.count() == 2


def _intake(world):
    from workorders.choices import Channel, Kind, Situation
    from workorders.services.intake import Intake

    return Intake(
        kind=Kind.FAULT, channel=Channel.COUNTER, situation=Situation.WHOLE, description="没电",
        customer=world.customer, supply_point=world.supply_point,
    )  # fmt: skip


def test_same_request_twice_dispatches_once(world):
    order, request_id = fault(world), uuid4()
    for _ in range(2):
        dispatch_order(code=order.code, actor=world.dispatcher, now=NOON, request_id=request_id, unit=world.crew)
    assert Event.objects.filter(order=order, verb="dispatch").count() == 1


def test_act_that_cannot_follow_is_refused(world):
    with pytest.raises(Refusal):
        act(finish, fault(world), world.supervisor, MIN, result="好了")


def test_handler_of_another_unit_is_denied(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    with pytest.raises(Denied):
        act(accept, order, world.stranger, 2 * MIN)


def test_stale_version_is_a_conflict_that_names_the_change(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    with pytest.raises(Conflict) as caught:
        act(amend, order, world.clerk, 2 * MIN, version=1, address="别处")
    assert caught.value.event.actor == world.dispatcher


def test_finish_before_arrival_is_refused(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(accept, order, world.handler, 2 * MIN)
    with pytest.raises(Refusal, match="arrived|到"):
        act(finish, order, world.handler, 9 * MIN, result="好了")


def test_call_back_by_whoever_answered_is_denied(world):
    order = through_answer(world)
    with pytest.raises(Denied):
        act(call_back, order, world.agent, 90 * MIN, result=CallBackResult.SATISFIED)


def test_close_without_call_back_is_refused(world):
    order = through_answer(world)
    with pytest.raises(Refusal):
        act(close, order, world.agent2, 91 * MIN)


def test_not_reached_three_times_may_close(world):
    order = through_answer(world)
    for hours in (2, 4, 6):
        act(call_back, order, world.agent2, hours * 60 * MIN, result=CallBackResult.NOT_REACHED)
    assert act(close, order, world.agent2, 7 * 60 * MIN).state == State.CLOSED


def test_three_tries_within_the_hour_do_not_count_as_three(world):
    order = through_answer(world)
    for minutes in (120, 130, 140):
        act(call_back, order, world.agent2, minutes * MIN, result=CallBackResult.NOT_REACHED)
    with pytest.raises(Refusal):
        act(close, order, world.agent2, 150 * MIN)


def test_answered_at_first_contact_voids_what_is_no_longer_owed(world):
    order = act(answer, fault(world), world.clerk, 4 * MIN, text="合上总开关就来电了")
    assert order.is_first_contact
    states = dict(Clock.objects.filter(order=order, kind=ClockKind.ARRIVE).values_list("rule__family", "state"))
    assert set(states.values()) == {ClockState.VOID}
    assert Clock.objects.get(order=order, kind=ClockKind.CALL_BACK).state == ClockState.RUNNING


def test_returned_order_is_clocked_again_for_dispatch(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(return_order, order, world.handler, 4 * MIN, reason="wrong_unit")
    rows = Clock.objects.filter(order=order, kind=ClockKind.DISPATCH).order_by("ordinal")
    assert [(c.state, c.started_at - NOON) for c in rows] == [("stopped", 0 * MIN), ("running", 4 * MIN)]
    order = act(dispatch_order, order, world.dispatcher, 5 * MIN, unit=world.crew2)
    assert (order.state, order.unit, order.bounces) == (State.DISPATCHED, world.crew2, 1)


def test_transfer_restarts_only_the_accept_clock(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(transfer, order, world.dispatcher, 10 * MIN, unit=world.crew2, reason="手上单多")
    accepts = Clock.objects.filter(order=order, kind=ClockKind.ACCEPT).order_by("ordinal")
    assert [c.started_at - NOON for c in accepts] == [1 * MIN, 10 * MIN]
    assert clock(order, ClockKind.ARRIVE, "ten_promises").due_at == NOON + 45 * MIN


def test_cancel_voids_every_open_clock(world):
    order = act(cancel, fault(world), world.clerk, 5 * MIN, reason="客户说来电了")
    assert (order.state, order.next_due_at) == (State.CANCELLED, None)
    assert set(Clock.objects.filter(order=order).values_list("state", flat=True)) == {ClockState.VOID}


def test_amended_area_class_recomputes_from_the_same_start(world):
    order = fault(world, supply_point=None, customer=None, area_class="urban")
    act(amend, order, world.clerk, 10 * MIN, area_class="rural", reason="在乡下")
    arrive_clock = clock(order, ClockKind.ARRIVE, "ten_promises")
    assert (arrive_clock.state, arrive_clock.due_at - NOON, arrive_clock.generation) == ("running", 90 * MIN, 2)
    assert Event.objects.get(order=order, verb="amend").data["before"] == {"area_class": "urban"}


def test_amended_kind_voids_what_no_longer_applies(world):
    order = fault(world)
    act(amend, order, world.clerk, 10 * MIN, kind="complaint", situation="")
    assert clock(order, ClockKind.ARRIVE, "ten_promises").state == ClockState.VOID
    assert clock(order, ClockKind.CONTACT, "ten_promises").due_at == NOON + timedelta(hours=24)


def test_second_call_tells_the_handler(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(accept, order, world.handler, 2 * MIN)
    act(add_contact, order, world.agent, 20 * MIN, note="问师傅到哪了")
    assert Message.objects.get(kind="asked_again").member == world.handler


def test_corrected_arrival_moves_both_clocks_and_keeps_the_old_row(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(arrive, order, world.handler, 50 * MIN)
    wrong = Event.objects.get(order=order, verb="arrive")
    act(correct_stamp, order, world.dispatcher, 55 * MIN, event=wrong, at=NOON + 44 * MIN, reason="忘了按")
    arrive_clock, restore = clock(order, "arrive", "ten_promises"), clock(order, "restore", "ten_promises")
    assert arrive_clock.stopped_at == NOON + 44 * MIN
    assert restore.due_at == NOON + 224 * MIN
    wrong.refresh_from_db()
    assert wrong.at == NOON + 50 * MIN


def test_correction_out_of_order_is_refused(world):
    order = through_answer(world)
    arrived = Event.objects.get(order=order, verb="arrive")
    with pytest.raises(Refusal):
        act(correct_stamp, order, world.dispatcher, 99 * MIN, event=arrived, at=NOON + 61 * MIN, reason="记错")


def test_telling_late_reaches_the_customer_before_the_promise_passes(world):
    order = fault(world)
    order = act(tell_late, order, world.dispatcher, 30 * MIN, reason="job_before", new_time=NOON + 70 * MIN)
    message = Message.objects.get(kind="told_late_time")
    assert message.address == "13912342716"
    assert (order.expected_at, order.late_told_at) == (NOON + 70 * MIN, NOON + 30 * MIN)


@pytest.mark.parametrize("times", [{}, {"new_time": 70, "next_news": 60}, {"new_time": 29}])
def test_telling_late_wants_exactly_one_time_to_come(world, times):
    times = {name: NOON + minutes * MIN for name, minutes in times.items()}
    with pytest.raises(Refusal):
        act(tell_late, fault(world), world.dispatcher, 30 * MIN, reason="traffic", **times)


def test_danger_pages_dispatcher_and_supervisor_at_once_by_sms_too(world):
    fault(world, situation="danger", description="电线掉在路上")
    rows = Message.objects.filter(kind="safety")
    assert {(m.member.name, m.channel, m.urgent) for m in rows} == {
        ("覃国栋", "inapp", True), ("覃国栋", "sms", True), ("黄志远", "inapp", True), ("黄志远", "sms", True)
    }  # fmt: skip


def test_slip_taken_back_at_once_leaves_no_stamp(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(set_off, order, world.handler, 2 * MIN)
    act(arrive, order, world.handler, 3 * MIN)
    slip = Event.objects.get(order=order, verb="arrive")
    order = act(take_back, order, world.handler, 3 * MIN + timedelta(seconds=10), event=slip)
    assert order.state == State.ACCEPTED
    assert clock(order, "arrive", "ten_promises").state == ClockState.RUNNING
    assert clock(order, "restore", "ten_promises").state == ClockState.WAITING
    assert act(arrive, order, world.handler, 9 * MIN).state == State.IN_PROGRESS


@pytest.mark.parametrize(("after", "who"), [(timedelta(seconds=31), "handler"), (timedelta(seconds=5), "dispatcher")])
def test_slip_is_not_taken_back_late_or_by_another(world, after, who):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    act(arrive, order, world.handler, 3 * MIN)
    slip = Event.objects.get(order=order, verb="arrive")
    with pytest.raises(Refusal):
        act(take_back, order, getattr(world, who), 3 * MIN + after, event=slip)


def test_danger_that_is_found_out_later_pages_the_duty_then(world):
    order = fault(world)
    assert not Message.objects.filter(kind="safety").exists()
    order = act(amend, order, world.clerk, 5 * MIN, situation="danger", reason="电线断了")
    assert order.is_safety
    assert Message.objects.filter(kind="safety", member=world.dispatcher, channel="sms").exists()
    assert not act(amend, order, world.clerk, 6 * MIN, situation="whole").is_safety


def test_time_typed_in_the_minute_of_the_step_before_is_taken(world):
    order = fault(world)
    act(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    order = act(arrive, order, world.handler, 5 * MIN, at=NOON.replace(minute=33, second=0))
    assert clock(order, ClockKind.ARRIVE, "ten_promises").stopped_at == NOON + MIN

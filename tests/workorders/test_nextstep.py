"""The next step of an order: one for each person, derived from the state table and the policy."""

from datetime import timedelta

import pytest

from tests.workorders import pages
from tests.workorders.pages import MIN, do
from tests.workorders.world import NOON
from workorders.callbacks import TRY_GAP, is_called_back
from workorders.choices import CallBackResult, State, Verb
from workorders.models import WorkOrder
from workorders.nextstep import (
    BUTTON,
    DAILY,
    OTHERS,
    Step,
    next_step,
    other_steps,
    owes_a_word,
    state_words,
    waits_for,
    way,
)
from workorders.policies import DOERS
from workorders.selectors.progress import PROGRESS, mark_progress
from workorders.services.amending import amend
from workorders.services.dispatching import accept, cancel, dispatch_order, transfer
from workorders.services.field import contact_customer
from workorders.services.lateness import tell_late
from workorders.transitions import ACTS, next_acts

pytestmark = pytest.mark.django_db
SOON = NOON + 20 * MIN


def looked_at(order: WorkOrder) -> WorkOrder:
    fresh = WorkOrder.objects.select_related("unit", "next_clock", "promise_clock").get(pk=order.pk)
    return mark_progress([fresh])[0]


def step(order: WorkOrder, actor, now=SOON) -> str | None:
    found = next_step(actor, looked_at(order), now=now)
    return found and found.verb.value


WAY = [
    (pages.received, "dispatcher", "dispatch"),
    (pages.received, "supervisor", "dispatch"),
    (pages.received, "clerk", None),
    (pages.dispatched, "handler", "accept"),
    (pages.dispatched, "supervisor", None),
    (pages.accepted, "handler", "set_off"),
    (pages.on_the_way, "handler", "arrive"),
    (pages.on_the_way, "dispatcher", "arrive"),
    (pages.on_site, "handler", "finish"),
    (pages.on_site, "dispatcher", None),
    (pages.finished, "agent", "answer"),
    (pages.finished, "handler", None),
    (pages.answered, "agent2", "call_back"),
    (pages.answered, "agent", None),
    (pages.called_back, "agent2", "close"),
    (pages.called_back, "agent", "close"),
    (pages.returned, "dispatcher", "dispatch"),
    (pages.received, "auditor", None),
    (pages.dispatched, "stranger", None),
]


@pytest.mark.parametrize(("stage", "who", "verb"), WAY, ids=[f"{s.__name__}-{w}" for s, w, _ in WAY])
def test_each_stage_has_one_next_step_for_whoever_does_it(world, stage, who, verb):
    assert step(stage(world), getattr(world, who)) == verb


def test_inquiry_is_answered_by_whoever_was_asked_and_dispatched_by_the_desk(world):
    order = pages.received(world, kind="inquiry", situation="")
    assert (step(order, world.agent), step(order, world.dispatcher)) == ("answer", "dispatch")


def test_praise_is_filed_at_once(world):
    assert step(pages.received(world, kind="praise", situation=""), world.clerk) == "close"


def test_work_at_a_desk_has_no_way_to_go(world):
    order = pages.received(world, kind="inquiry", situation="")
    do(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    do(accept, order, world.handler, 2 * MIN)
    assert step(order, world.handler) == "finish"
    offered = [s.verb for s in other_steps(world.handler, looked_at(order), None)]
    assert not {Verb.SET_OFF, Verb.ARRIVE} & set(offered)


def test_complaint_is_spoken_to_before_it_is_worked_on(world):
    order = pages.received(world, kind="complaint", situation="")
    do(dispatch_order, order, world.dispatcher, MIN, unit=world.crew)
    do(accept, order, world.handler, 2 * MIN)
    assert step(order, world.handler) == "contact"
    do(contact_customer, order, world.handler, 3 * MIN, note="道歉")
    assert step(order, world.handler) == "finish"


def test_transfer_after_setting_off_begins_the_way_anew(world):
    order = pages.on_the_way(world)
    do(transfer, order, world.dispatcher, 8 * MIN, unit=world.crew2, reason="车坏了")
    do(accept, order, world.handler2, 9 * MIN)
    assert step(order, world.handler2) == "set_off"
    assert not looked_at(order).is_on_way


def test_ended_order_has_no_step(world):
    order = do(cancel, pages.received(world), world.clerk, MIN, reason="来电了")
    assert step(order, world.dispatcher) is None


# ── a broken promise without a word to the customer comes first ─────────

LATE = NOON + timedelta(minutes=45, seconds=1)


def test_promise_is_owed_a_word_only_after_its_very_moment(world):
    order = looked_at(pages.on_the_way(world))
    assert not owes_a_word(order, NOON + 45 * MIN)
    assert owes_a_word(order, LATE)


@pytest.mark.parametrize(
    ("stage", "who", "verb"),
    [
        (pages.on_the_way, "dispatcher", "tell_late"),
        (pages.on_the_way, "agent", "tell_late"),
        (pages.dispatched, "handler", "tell_late"),
        (pages.on_the_way, "handler", "arrive"),  # arriving keeps what can still be kept
        (pages.on_the_way, "auditor", None),
    ],
)
def test_whoever_cannot_keep_the_broken_promise_explains_it_first(world, stage, who, verb):
    assert step(stage(world), getattr(world, who), LATE) == verb


def test_told_late_in_time_the_next_step_is_the_work_again_until_that_time_is_past_too(world):
    order = pages.on_the_way(world)
    do(tell_late, order, world.dispatcher, 30 * MIN, reason="traffic", new_time=NOON + 70 * MIN)
    assert step(order, world.dispatcher, LATE) == "arrive"
    assert step(order, world.dispatcher, NOON + 71 * MIN) == "tell_late"


def test_next_news_that_did_not_come_is_owed_again(world):
    order = pages.on_the_way(world)
    do(tell_late, order, world.dispatcher, 46 * MIN, reason="traffic", next_news=NOON + 60 * MIN)
    assert step(order, world.agent, NOON + 59 * MIN) is None
    assert step(order, world.agent, NOON + 61 * MIN) == "tell_late"


# ── the other acts ──────────────────────────────────────────────────────


def offered(order, actor, now=SOON) -> dict[str, bool]:
    order = looked_at(order)
    return {s.verb.value: bool(s.decision) for s in other_steps(actor, order, next_step(actor, order, now=now))}


def test_main_step_is_not_offered_a_second_time(world):
    assert "dispatch" not in offered(pages.received(world), world.dispatcher)


def test_others_are_what_state_and_role_allow(world):
    assert set(offered(pages.dispatched(world), world.handler)) == {
        "set_off", "arrive", "return", "contact", "add_contact", "tell_late"
    }  # fmt: skip


def test_filing_before_the_call_back_is_shown_with_its_reason(world):
    assert offered(pages.answered(world), world.agent2)["close"] is False
    order = looked_at(pages.answered(world))
    close = next(s for s in other_steps(world.agent2, order, None) if s.verb == Verb.CLOSE)
    assert str(close.decision.reason)


def test_call_back_by_whoever_answered_is_shown_with_its_reason(world):
    assert offered(pages.answered(world), world.agent)["call_back"] is False


def test_reader_without_a_part_in_it_is_offered_nothing(world):
    assert offered(pages.dispatched(world), world.auditor) == {}


def test_telling_late_without_a_promise_is_not_offered(world):
    assert "tell_late" not in offered(pages.received(world, kind="praise", situation=""), world.clerk)


# ── words and tables ────────────────────────────────────────────────────


def test_state_is_told_by_what_happens_within_it(world):
    order = looked_at(pages.on_the_way(world))
    assert state_words(order) != str(State.ACCEPTED.label)
    assert waits_for(order)


@pytest.mark.parametrize("stage", [s for s, _w, _v in WAY], ids=[s.__name__ for s, _w, _v in WAY])
def test_every_act_on_the_way_is_one_that_the_state_allows(world, stage):
    order = looked_at(stage(world))
    assert set(way(order)) <= set(next_acts(order.state))


def test_daily_work_is_within_what_the_policy_allows():
    assert {verb: roles - DOERS[verb] for verb, roles in DAILY.items() if roles - DOERS[verb]} == {}


def test_every_act_offered_has_its_words():
    assert set(OTHERS) <= set(BUTTON)
    assert set(OTHERS) <= set(ACTS)


def test_step_leads_to_the_page_of_its_act():
    assert Step(Verb.CALL_BACK, "BX-261120-0001").url == "/orders/BX-261120-0001/call-back/"


STAGES = [
    pages.received, pages.dispatched, pages.accepted, pages.on_the_way, pages.on_site, pages.finished, pages.answered,
    pages.called_back,
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES, ids=[s.__name__ for s in STAGES])
def test_progress_read_along_with_one_order_is_the_progress_of_a_list(world, stage):
    order = stage(world)
    alone = mark_progress([WorkOrder.objects.annotate(progress_rows=PROGRESS).get(pk=order.pk)])[0]
    listed = mark_progress([WorkOrder.objects.get(pk=order.pk)])[0]
    same = ("is_on_way", "is_called_back")
    assert [getattr(alone, name) for name in same] == [getattr(listed, name) for name in same]
    if order.state == State.ANSWERED:
        assert alone.done_by_ids == listed.done_by_ids != frozenset()


def test_amending_says_nothing_about_the_next_step(world):
    order = do(amend, pages.dispatched(world), world.clerk, 2 * MIN, address="桔城路 20 号")
    assert step(order, world.handler) == "accept"


# ── counting calls ──────────────────────────────────────────────────────

MISSED, REACHED = CallBackResult.NOT_REACHED, CallBackResult.FAIR


@pytest.mark.parametrize(
    ("tries", "settled"),
    [
        ([], False),
        ([(REACHED, 0)], True),
        ([(MISSED, 0), (MISSED, 60), (MISSED, 120)], True),
        ([(MISSED, 0), (MISSED, 59), (MISSED, 118)], False),
        ([(MISSED, 120), (MISSED, 0), (MISSED, 60)], True),
        ([(MISSED, 0), (REACHED, 1)], True),
    ],
)
def test_called_back_is_reached_or_tried_three_times_an_hour_apart(tries, settled):
    assert timedelta(hours=1) == TRY_GAP
    assert is_called_back((result, NOON + minutes * MIN) for result, minutes in tries) is settled

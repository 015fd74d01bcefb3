"""The dispatch board: who can take it, what waits, one press to give."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from tests.workorders import pages
from tests.workorders.world import NOON, fault
from workorders.models import WorkOrder
from workorders.services.dispatching import accept, dispatch_order

MIN = timedelta(minutes=1)
BOARD = reverse("workorders:dispatch")
MANY = reverse("workorders:give_many")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON + 2 * MIN, tick=False):
        yield


@pytest.fixture
def desk(world, client):
    client.force_login(world.dispatcher)
    client.world = world
    return client


def give(order: WorkOrder) -> str:
    return reverse("workorders:give", args=[order.code])


def given(world, order: WorkOrder) -> WorkOrder:
    who = {"actor": world.dispatcher, "now": NOON, "request_id": uuid4()}
    return dispatch_order(code=order.code, unit=world.crew, **who)


# ── what it shows ──


def test_suggested_crew_is_the_one_whose_area_it_is(desk):
    order = fault(desk.world)
    ((row, suggestion, _key),) = desk.get(BOARD).context["board"].waiting
    assert (row, suggestion.crew.unit) == (order, desk.world.crew)


def test_full_home_crew_is_passed_over(desk):
    desk.world.crew.capacity = 1
    desk.world.crew.save()
    given(desk.world, fault(desk.world))
    waiting = fault(desk.world)
    ((row, suggestion, _key),) = desk.get(BOARD).context["board"].waiting
    assert (row, suggestion.crew.unit) == (waiting, desk.world.crew2)


def test_crew_that_sent_an_order_back_is_not_offered_it_again(desk):
    order = pages.returned(desk.world)
    assert order.unit == desk.world.crew
    ((row, suggestion, _key),) = desk.get(BOARD).context["board"].waiting
    assert (row, suggestion.crew.unit) == (order, desk.world.crew2)


def test_question_nobody_drives_out_for_has_no_suggested_crew(desk):
    fault(desk.world, kind="inquiry", situation="", subject="电价")
    ((_row, suggestion, _key),) = desk.get(BOARD).context["board"].waiting
    assert suggestion is None


def test_order_looked_at_shows_its_promises_and_other_units(desk):
    first, second = fault(desk.world, now=NOON - 5 * MIN), fault(desk.world)
    board = desk.get(BOARD).context["board"]
    assert board.chosen == first
    assert {view.facts.kind for view in board.lines} <= {"dispatch", "arrive", "accept", "restore"}
    assert [choice.is_suggested for choice in board.choices][:1] == [True]
    assert desk.get(BOARD, {"order": second.code}).context["board"].chosen == second


def test_link_to_an_order_that_is_gone_shows_the_board_all_the_same(desk):
    order = fault(desk.world)
    page = desk.get(BOARD, {"order": "BX-200101-0001"})
    assert (page.status_code, page.context["board"].chosen) == (200, order)


def test_crew_shows_its_orders_alone(desk):
    mine = given(desk.world, fault(desk.world))
    assert desk.get(BOARD, {"crew": "CB1"}).context["board"].running == [mine]
    assert desk.get(BOARD, {"crew": "CB2"}).context["board"].running == []


def test_desk_work_leaves_the_board_when_somebody_has_taken_it(desk):
    question = fault(desk.world, kind="inquiry", situation="", subject="电价")
    who = {"now": NOON, "request_id": uuid4()}
    dispatch_order(code=question.code, actor=desk.world.dispatcher, unit=desk.world.crew, **who)
    assert desk.get(BOARD).context["board"].running == [question]
    accept(code=question.code, actor=desk.world.handler, now=NOON + MIN, request_id=uuid4())
    assert desk.get(BOARD).context["board"].running == []


def test_broken_promise_nobody_was_told_of_says_so(desk):
    order = given(desk.world, fault(desk.world, now=NOON - 60 * MIN))
    page = desk.get(BOARD, {"order": order.code}).content.decode()
    assert reverse("workorders:act", args=[order.code, "tell-late"]) in page


def test_empty_board_teaches(desk):
    assert desk.get(BOARD).status_code == 200


def test_queries_of_the_board_do_not_grow_with_orders(desk, django_assert_max_num_queries):
    for n in range(8):
        order = fault(desk.world)
        if n % 2:
            given(desk.world, order)
    desk.get(BOARD)
    with django_assert_max_num_queries(34):
        desk.get(BOARD)


# ── giving ──


def test_one_press_gives_once_however_often_it_is_sent(desk):
    order, key = fault(desk.world), str(uuid4())
    for _ in range(2):
        answer = desk.post(give(order), {"unit": "CB1", "request_id": key})
        assert answer.url == BOARD
    order.refresh_from_db()
    assert (order.unit, order.state, order.events.filter(verb="dispatch").count()) == (desk.world.crew, "dispatched", 1)


def test_giving_comes_back_to_the_board_as_it_was_filtered(desk):
    order = fault(desk.world)
    assert desk.post(give(order), {"unit": "CB1", "next": f"{BOARD}?crew=CB2"}).url == f"{BOARD}?crew=CB2"
    assert desk.post(give(order), {"unit": "CB1", "next": "https://elsewhere.example/"}).url == BOARD


def test_order_somebody_else_has_given_is_refused_in_words(desk):
    order = given(desk.world, fault(desk.world))
    page = desk.post(give(order), {"unit": "CB2", "request_id": str(uuid4())}, follow=True)
    assert order.headline in str(next(iter(page.context["messages"])))
    order.refresh_from_db()
    assert order.unit == desk.world.crew


def test_giving_without_a_unit_is_422(desk):
    order = fault(desk.world)
    assert desk.post(give(order), {"unit": "nowhere"}).status_code == 422
    order.refresh_from_db()
    assert order.state == "received"


def test_ticked_orders_are_given_and_failures_named(desk):
    orders = [fault(desk.world) for _ in range(3)]
    given(desk.world, orders[0])
    page = desk.post(MANY, {"code": [o.code for o in orders], "request_id": str(uuid4())}, follow=True)
    assert len([str(m) for m in page.context["messages"]]) == 2
    assert WorkOrder.objects.filter(state="dispatched").count() == 3


def test_ticked_orders_sent_twice_are_given_once(desk):
    order, key = fault(desk.world), str(uuid4())
    for _ in range(2):
        desk.post(MANY, {"code": [order.code], "request_id": key})
    assert order.events.filter(verb="dispatch").count() == 1


def test_nothing_ticked_is_422(desk):
    assert desk.post(MANY, {}).status_code == 422


# ── for whom ──


@pytest.mark.parametrize("who", ["clerk", "handler"])
def test_board_is_for_the_desk_only(client, world, who):
    order = fault(world)
    client.force_login(getattr(world, who))
    assert client.get(BOARD).status_code == 403
    assert client.post(MANY, {"code": [order.code]}).status_code == 403
    assert client.post(give(order), {"unit": "CB1"}).status_code in (403, 404)
    order.refresh_from_db()
    assert order.state == "received"


def test_clerk_who_sees_the_order_may_not_give_it(client, world):
    client.force_login(world.clerk)
    assert client.post(give(fault(world)), {"unit": "CB1"}).status_code == 403


def test_order_of_another_unit_is_404(client, world):
    client.force_login(world.stranger)
    assert client.post(give(fault(world)), {"unit": "CB1"}).status_code == 404


@pytest.mark.parametrize("url", [BOARD, MANY])
def test_anonymous_visitor_is_sent_to_login(client, world, url):
    assert reverse("staff:login") in client.post(url).url


def test_giving_by_get_is_405(desk):
    assert desk.get(give(fault(desk.world))).status_code == 405
    assert desk.get(MANY).status_code == 405

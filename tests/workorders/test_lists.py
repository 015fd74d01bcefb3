"""Lists of orders: what stands in them, for whom, at what cost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.workorders.world import NOON, fault
from workorders.models import WorkOrder
from workorders.nextstep import owes_a_word
from workorders.selectors import figures
from workorders.selectors.orders import find_orders, of_customer, open_of_customer

MIN = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON + 10 * MIN, tick=False):
        yield


def codes(client, url, **query):
    page = client.get(reverse(url), query)
    assert page.status_code == 200
    return [order.code for order in page.context["list"].rows]


def test_all_orders_shows_open_ones_tightest_first(client, world):
    late, fresh = fault(world, now=NOON - 60 * MIN), fault(world, now=NOON)
    client.force_login(world.supervisor)
    assert codes(client, "workorders:list") == [late.code, fresh.code]


def test_members_of_another_unit_see_nothing_of_it(client, world):
    fault(world)
    client.force_login(world.stranger)
    assert codes(client, "workorders:mine", view="unit") == []


def test_my_work_is_mine_until_a_handler_accepts(client, world):
    order = fault(world)
    client.force_login(world.clerk)
    assert codes(client, "workorders:mine") == [order.code]


@pytest.mark.parametrize(("due", "expected"), [("late", 1), ("hour", 1), ("later", 1), ("untold", 1)])
def test_every_slice_of_the_board_lists_exactly_its_orders(client, world, due, expected):
    fault(world, now=NOON - 60 * MIN)
    fault(world, now=NOON + 9 * MIN)
    fault(world, kind="suggestion", situation="", now=NOON, channel="letter")
    WorkOrder.objects.filter(kind="suggestion").update(next_due_at=NOON + timedelta(hours=5))
    now = NOON + 10 * MIN
    standing = figures.standing_by(WorkOrder.objects.all(), "state", now)["received"]
    client.force_login(world.supervisor)
    assert len(codes(client, "workorders:list", due=due)) == expected
    assert (standing.open, standing.late, standing.hour) == (3, 1, 1)


def test_exactly_due_is_not_late_a_second_after_is(world):
    order = fault(world)
    late = figures.SLICES["late"]
    rows = WorkOrder.objects.all()
    assert not rows.filter(late(order.next_due_at)).exists()
    assert rows.filter(late(order.next_due_at + timedelta(seconds=1))).exists()


@pytest.mark.parametrize("told_at", [None, -30])
@pytest.mark.parametrize("expected_at", [None, -1, 0, 1])
@pytest.mark.parametrize("next_news_at", [None, -1, 0, 1])
def test_the_board_and_the_order_agree_who_is_owed_a_word(world, told_at, expected_at, next_news_at):
    order, now = fault(world, now=NOON - 60 * MIN), NOON + 10 * MIN
    told = {"late_told_at": told_at, "expected_at": expected_at, "next_news_at": next_news_at}
    WorkOrder.objects.update(**{name: None if value is None else now + value * MIN for name, value in told.items()})
    order = WorkOrder.objects.select_related("promise_clock").get()
    listed = WorkOrder.objects.filter(figures.SLICES["untold"](now)).exists()
    assert listed == owes_a_word(order, now)


def test_queries_of_a_page_do_not_grow_with_its_rows(client, world, django_assert_max_num_queries):
    for _ in range(8):
        fault(world)
    client.force_login(world.supervisor)
    client.get(reverse("workorders:list"))
    with django_assert_max_num_queries(20):
        client.get(reverse("workorders:list"))


def test_order_is_found_by_code_beginning_and_last_digits(world):
    order = fault(world)
    for text in (order.code, order.code.lower(), "BX-261120", order.tail):
        assert find_orders(world.clerk, text) == [order]
    assert find_orders(world.clerk, "9999") == []


def test_tip_off_shows_its_person_only_to_the_unit_that_handles_it(client, world):
    order = fault(world, kind="tip_off", situation="", subject="有人偷电", details={"against": "theft"})
    assert [o.code for o in of_customer(world.supervisor, world.customer.account_no)] == [order.code]
    assert not of_customer(world.clerk, world.customer.account_no).exists()
    assert open_of_customer(world.clerk, world.customer).total == 0
    client.force_login(world.clerk)
    page = client.get(reverse("workorders:list"), {"customer": world.customer.account_no})
    assert order.code not in page.content.decode()
    row = client.get(reverse("workorders:list"), {"kind": "tip_off"}).content.decode()
    assert order.code in row
    assert "陈淑兰" not in row

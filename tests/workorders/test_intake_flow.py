"""Taking a request without losing a word: another kind, another customer, one that is open already."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from customers.models import Customer, SupplyPoint
from customers.services.indexing import refresh_search
from notifications.models import Message
from tests.workorders.world import NOON, fault
from workorders.models import Draft, Event, WorkOrder

FAULT = reverse("workorders:intake_kind", args=["fault"])
INQUIRY = reverse("workorders:intake_kind", args=["inquiry"])
SERVICE = reverse("workorders:intake_kind", args=["service"])
PROMISE = reverse("workorders:intake_promise", args=["fault"])
HTMX = {"HX-Request": "true"}


@pytest.fixture
def counter(world, client):
    client.force_login(world.clerk)
    client.world = world
    with time_machine.travel(NOON, tick=False):
        yield client


@pytest.fixture
def shop(world) -> SupplyPoint:
    """A second place of the customer."""
    first = world.supply_point
    return SupplyPoint.objects.create(
        customer=world.customer, address="夷兴路 45 号", meter_no="330010926", transformer=first.transformer
    )


def typed(world, **changed):
    return {
        "request_id": str(uuid4()), "customer": world.customer.account_no, "supply_point": str(world.supply_point.pk),
        "situation": "whole", "contact_name": "陈先生", "contact_phone": "139 **** 2716",
        "address": "桔城路 18 号 2 栋 1 单元", "description": "突然停电。", "channel": "counter", "promised": "seen",
    } | changed  # fmt: skip


# ── nothing typed is lost ──


def test_switching_the_kind_takes_along_what_was_typed(counter):
    counter.post(reverse("workorders:intake_draft", args=["fault"]), typed(counter.world))
    answer = counter.post(INQUIRY, typed(counter.world, switch="fault"))
    form = answer.context["form"]
    assert (answer.status_code, form["description"].value(), form["contact_name"].value()) == (
        200,
        "突然停电。",
        "陈先生",
    )
    assert form["contact_phone"].value() == "139 **** 2716"  # the file's, masked
    assert not Draft.objects.exists()
    assert not WorkOrder.objects.exists()


def test_going_on_without_the_customer_keeps_the_words_and_drops_the_file(counter):
    answer = counter.post(FAULT, typed(counter.world, without_customer="1"))
    form = answer.context["form"]
    assert answer.context["counter"].customer is None
    assert (form["description"].value(), form["contact_phone"].value()) == ("突然停电。", None)
    assert "area_class" in form.fields


def test_words_typed_before_the_customer_was_found_are_there_after(counter):
    anonymous = typed(counter.world, customer="", supply_point="", contact_phone="", contact_name="", address="")
    counter.post(reverse("workorders:intake_draft", args=["fault"]), anonymous)
    form = counter.get(FAULT, {"customer": counter.world.customer.account_no}).context["form"]
    assert form["description"].value() == "突然停电。"
    assert (form["contact_name"].value(), form["address"].value()) == ("陈淑兰", "桔城路 18 号 2 栋 1 单元")


def test_words_for_another_customer_wait_for_that_customer_until_taken(counter):
    Customer.objects.create(
        account_no="4200117305", name="陈淑芬", klass="residential", created_at=NOON, updated_at=NOON
    )
    counter.post(reverse("workorders:intake_draft", args=["fault"]), typed(counter.world))
    other = {"customer": "4200117305"}
    page = counter.get(FAULT, other)
    assert page.context["form"]["description"].value() is None
    assert "4200 361 772" in page.content.decode()
    taken = counter.get(FAULT, other | {"draft": "take"}).context["form"]
    assert (taken["description"].value(), taken["contact_name"].value()) == ("突然停电。", "陈淑芬")


def test_restored_words_show_their_promise(counter):
    counter.post(reverse("workorders:intake_draft", args=["fault"]), typed(counter.world))
    page = counter.get(FAULT, {"customer": counter.world.customer.account_no})
    assert "15:17" in page.context["box"].headline


def test_dropping_a_draft_starts_empty(counter):
    counter.post(reverse("workorders:intake_draft", args=["fault"]), typed(counter.world))
    page = counter.get(FAULT, {"customer": counter.world.customer.account_no, "draft": "drop"})
    assert page.context["form"]["description"].value() is None
    assert not Draft.objects.exists()


# ── it is open already ──


def test_second_call_goes_to_the_open_order_with_one_press(counter):
    order = fault(counter.world)
    data = typed(counter.world, situation="", address="", channel="", add_to=order.code, description="问师傅到哪了")
    for _ in range(2):
        answer = counter.post(FAULT, data)
        assert answer.url == reverse("workorders:detail", args=[order.code])
    assert WorkOrder.objects.count() == 1
    assert Event.objects.get(order=order, verb="add_contact").text == "问师傅到哪了"


def test_second_call_without_a_word_is_422_and_writes_nothing(counter):
    order = fault(counter.world)
    answer = counter.post(FAULT, typed(counter.world, add_to=order.code, description=""))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["description"]
    assert not Event.objects.filter(verb="add_contact").exists()


def test_order_found_to_be_something_else_is_hinted_no_more(counter):
    order = fault(counter.world)
    data = typed(counter.world)
    assert order.code in counter.post(PROMISE, data, headers=HTMX).content.decode()
    page = counter.post(PROMISE, data | {"not_same": order.code}, headers=HTMX)
    assert page.context["counter"].similar == []
    assert f'type="hidden" name="not_same" value="{order.code}"' in page.content.decode()


def test_nobody_is_told_that_a_customer_has_tipped_us_off(counter):
    fault(counter.world, kind="tip_off", situation="", description="有人偷电")
    page = counter.get(
        reverse("workorders:intake_kind", args=["tip_off"]), {"customer": counter.world.customer.account_no}
    )
    assert page.context["counter"].similar == []
    assert "JB-" not in page.content.decode()


# ── what depends on what ──


def test_box_follows_what_has_been_picked(counter):
    waiting = counter.post(PROMISE, typed(counter.world, situation=""), headers=HTMX).context["box"]
    known = counter.post(PROMISE, typed(counter.world), headers=HTMX).context["box"]
    assert (waiting.headline, waiting.promised) == ("", "")
    assert "15:17" in known.headline


def test_life_support_customer_without_power_is_announced_as_a_page_to_duty(counter):
    Customer.objects.update(flags=["life_support"])
    box = counter.post(PROMISE, typed(counter.world), headers=HTMX).context["box"]
    assert box.safety
    counter.post(FAULT, typed(counter.world))
    assert Message.objects.filter(kind="safety").exists()


def test_address_follows_the_chosen_place_unless_it_was_typed(counter, shop):
    moved = typed(counter.world, supply_point=str(shop.pk))
    assert "dh-address" in counter.post(PROMISE, moved, headers=HTMX).content.decode()
    assert "dh-address" not in counter.post(PROMISE, moved | {"address": "楼下配电箱"}, headers=HTMX).content.decode()
    counter.post(FAULT, moved)
    assert WorkOrder.objects.get().address == "夷兴路 45 号"


def test_service_type_brings_its_own_questions(counter):
    url = reverse("workorders:intake_promise", args=["service"])
    page = counter.post(url, typed(counter.world, service_type="meter_check", asked_for=""), headers=HTMX)
    assert 'name="doubt"' in page.content.decode()
    again = counter.post(url, typed(counter.world, service_type="meter_check", asked_for="meter_check"), headers=HTMX)
    assert 'name="doubt"' not in again.content.decode()


def test_nothing_typed_ever_stands_in_an_address(counter):
    page = counter.get(FAULT, {"customer": counter.world.customer.account_no}).content.decode()
    assert f'hx-post="{PROMISE}"' in page
    assert counter.get(PROMISE).status_code == 405


def test_search_leads_back_to_the_intake(counter):
    refresh_search([counter.world.customer.pk])
    page = counter.get(FAULT, {"q": "陈淑"}).content.decode()
    assert f'name="to" value="{FAULT}"' in page
    assert f"{FAULT}?customer={counter.world.customer.account_no}" in page


def test_queries_of_the_intake_do_not_grow_with_orders(counter, django_assert_max_num_queries):
    for _ in range(6):
        fault(counter.world)
    query = {"customer": counter.world.customer.account_no}
    counter.get(FAULT, query)
    with django_assert_max_num_queries(30):
        counter.get(FAULT, query)


@pytest.mark.parametrize("name", ["intake_promise", "intake_draft"])
def test_parts_are_for_those_who_receive(world, client, name):
    url = reverse(f"workorders:{name}", args=["fault"])
    assert reverse("staff:login") in client.post(url, typed(world)).url
    client.force_login(world.handler)
    assert client.post(url, typed(world)).status_code == 403

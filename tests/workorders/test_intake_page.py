"""Intake: the form of a kind, the promise before saving, nothing typed is lost."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from tests.workorders.world import NOON, fault
from workorders.choices import Kind, State
from workorders.forms.intake import FORMS
from workorders.models import Draft, Event, WorkOrder

URL = reverse("workorders:intake_kind", args=["fault"])


@pytest.fixture
def counter(world, client):
    """The clerk at the counter, at noon."""
    client.force_login(world.clerk)
    client.world = world
    with time_machine.travel(NOON, tick=False):
        yield client


def typed(world, **changed):
    return {
        "request_id": str(uuid4()),
        "customer": world.customer.account_no,
        "supply_point": str(world.supply_point.pk),
        "situation": "whole",
        "neighbours": "no",
        "contact_name": "陈淑兰",
        "contact_phone": "139 **** 2716",
        "address": "桔城路 18 号 2 栋 1 单元",
        "description": "突然停电，楼道灯也不亮。",
        "channel": "counter",
        "promised": "seen",
        "save": "1",
    } | changed


def test_saving_opens_the_order_and_leads_to_it(counter):
    answer = counter.post(URL, typed(counter.world))
    order = WorkOrder.objects.get()
    assert answer.url == reverse("workorders:detail", args=[order.code])
    assert (order.contact_phone, order.details, order.unit) == (
        "13912342716", {"neighbours": "no"}, counter.world.station
    )  # fmt: skip


def test_save_and_print_leads_to_the_receipt(counter):
    data = typed(counter.world)
    del data["save"]
    answer = counter.post(URL, data | {"print": "1"})
    order = WorkOrder.objects.get()
    assert answer.url == reverse("workorders:receipt", args=[order.code]) + "?print=1"


def test_full_phone_never_reaches_the_page(counter):
    page = counter.get(URL, {"customer": counter.world.customer.account_no}).content.decode()
    assert "139 **** 2716" in page
    assert "13912342716" not in page


def test_promise_is_shown_before_saving(counter):
    page = counter.get(URL, {"customer": counter.world.customer.account_no, "situation": "whole"}).content.decode()
    assert "15:17" in page
    assert not WorkOrder.objects.exists()


def test_without_script_first_post_reviews_second_saves(counter):
    data = typed(counter.world, promised="")
    review = counter.post(URL, data)
    assert review.status_code == 200
    assert "15:17" in review.content.decode()
    assert not WorkOrder.objects.exists()
    assert counter.post(URL, data | {"promised": "seen"}).status_code == 302
    assert WorkOrder.objects.count() == 1


def test_double_click_opens_one_order(counter):
    data = typed(counter.world)
    urls = {counter.post(URL, data).url for _ in range(2)}
    assert len(urls) == 1
    assert WorkOrder.objects.count() == 1


def test_bad_form_is_422_and_keeps_what_was_typed(counter):
    answer = counter.post(URL, typed(counter.world, situation="", contact_phone="1397620", description=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1397620" in page
    assert page.count('aria-invalid="true"') >= 3


def test_ten_megabytes_of_pasted_text_are_refused_in_words(counter):
    answer = counter.post(URL, typed(counter.world, description="长" * 3_400_000))
    assert answer.status_code == 422
    assert not WorkOrder.objects.exists()


def test_anonymous_report_takes_the_area_chosen_on_the_form(counter):
    data = typed(counter.world, customer="", supply_point="", contact_phone="", area_class="rural")
    counter.post(URL, data)
    order = WorkOrder.objects.get()
    assert (order.customer, order.area_class, order.unit) == (None, "rural", counter.world.hall)


def test_question_answered_at_once_is_a_first_contact_resolution(counter):
    url = reverse("workorders:intake_kind", args=["inquiry"])
    data = typed(counter.world, subject="分时电价", answer_now="谷段 22 点到 8 点。")
    counter.post(url, data)
    order = WorkOrder.objects.get()
    assert (order.state, order.is_first_contact, order.kind) == (State.ANSWERED, True, Kind.INQUIRY)


@pytest.mark.parametrize("kind", [k.value for k in FORMS])
def test_every_kind_has_its_form(counter, kind):
    assert counter.get(reverse("workorders:intake_kind", args=[kind])).status_code == 200


def test_service_asks_what_its_type_needs(counter):
    url = reverse("workorders:intake_kind", args=["service"])
    data = typed(counter.world, service_type="appliance_damage")
    assert counter.post(url, data).status_code == 422
    data |= {"damaged": "电视机", "damaged_when": "昨晚八点", "reading": "not asked"}
    assert counter.post(url, data).status_code == 302
    assert WorkOrder.objects.get().details == {"damaged": "电视机", "damaged_when": "昨晚八点"}


def test_open_order_of_the_same_transformer_is_hinted(counter):
    other = fault(counter.world)
    page = counter.get(URL, {"customer": counter.world.customer.account_no}).content.decode()
    assert other.code in page


def test_draft_is_kept_and_comes_back_until_saved(counter):
    data = typed(counter.world, description="写到一半")
    counter.post(reverse("workorders:intake_draft", args=["fault"]), data)
    query = {"customer": counter.world.customer.account_no}
    assert "写到一半" in counter.get(URL, query).content.decode()
    counter.post(URL, data)
    assert not Draft.objects.exists()


def test_name_with_apostrophe_emoji_and_sixty_characters(counter):
    name = "O'Brien 🏮" + "长" * 50
    counter.post(URL, typed(counter.world, contact_name=name[:60]))
    assert WorkOrder.objects.get().contact_name == name[:60]


def test_anonymous_visitor_is_sent_to_login(client, world):
    assert reverse("staff:login") in client.get(URL).url


def test_crew_may_not_take_requests(client, world):
    client.force_login(world.handler)
    assert client.post(URL, typed(world)).status_code == 403
    assert not Event.objects.exists()


def test_unknown_kind_is_404(counter):
    assert counter.get(reverse("workorders:intake_kind", args=["wish"])).status_code == 404

"""A customer follows an order: found only with the right phone, told in plain words, nothing about anybody in full."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from customers.masking import text_public
from customers.models import Contact
from portal.lookup import TRIES, forget_tries
from portal.models import LookupTry
from tests.workorders import pages
from tests.workorders.world import NOON, fault
from workorders.models import Event
from workorders.services.amending import add_note, correct_stamp
from workorders.services.dispatching import cancel
from workorders.services.field import contact_customer
from workorders.services.lateness import tell_late

MIN = timedelta(minutes=1)
ASK = reverse("portal:follow")
PHONE = "13912342716"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON + 20 * MIN, tick=False) as traveller:
        yield traveller


def ask(client, code, phone=PHONE, **extra):
    return client.post(ASK, {"code": code, "phone": phone}, **extra)


def token_url(order):
    return reverse("portal:follow_token", args=[order.token])


def read(client, order) -> str:
    return client.get(token_url(order)).content.decode()


# ── finding it ──


@pytest.mark.parametrize("say", [lambda o: o.code, lambda o: o.code.lower(), lambda o: o.tail, lambda o: f" {o.tail} "])
def test_code_or_last_digits_with_the_phone_lead_to_the_order(client, world, say):
    order = fault(world)
    assert ask(client, say(order)).url == token_url(order)


@pytest.mark.parametrize("phone", ["139 1234 2716", "139-1234-2716", "+86 13912342716"])
def test_phone_may_be_typed_as_people_write_it(client, world, phone):
    order = fault(world)
    assert ask(client, order.code, phone).url == token_url(order)


def test_phone_on_the_customers_file_opens_it_too(client, world):
    Contact.objects.create(customer=world.customer, name="陈磊", phone="13800000001")
    order = fault(world)
    assert ask(client, order.code, "13800000001").url == token_url(order)


def test_wrong_phone_and_wrong_code_get_the_very_same_answer(client, world):
    order = fault(world)
    wrong_phone, wrong_code = ask(client, order.code, "13800000009"), ask(client, "BX-261120-9999")
    both = [page.context["form"].non_field_errors() for page in (wrong_phone, wrong_code)]
    assert both[0] == both[1]
    assert (wrong_phone.status_code, wrong_code.status_code) == (422, 422)
    assert order.token not in wrong_phone.content.decode()


@pytest.mark.parametrize("typed", [("", PHONE), ("BX-261120-0001", ""), ("BX-261120-0001", "12"), ("", "")])
def test_what_is_missing_is_said_at_its_field_and_is_no_try(client, world, typed):
    answer = ask(client, *typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not LookupTry.objects.exists()


def test_typed_words_stay_in_the_form(client, world):
    assert ask(client, "0099").context["form"]["code"].value() == "0099"


# ── so many tries ──


def test_after_so_many_tries_even_the_right_phone_waits(client, world, clock):
    order = fault(world)
    for n in range(TRIES):
        ask(client, order.code, f"1380000{n:04d}")
    assert ask(client, order.code).status_code == 422
    clock.shift(601)
    assert ask(client, order.code).status_code == 302


def test_one_phone_cannot_be_guessed_at_from_many_machines(client, world):
    order = fault(world)
    for n in range(TRIES):
        ask(client, f"BX-261120-9{n:03d}", REMOTE_ADDR=f"10.0.0.{n + 1}")
    assert ask(client, order.code, REMOTE_ADDR="10.0.1.1").status_code == 422


def test_other_people_are_not_held_up(client, world):
    order = fault(world)
    for n in range(TRIES):
        ask(client, order.code, f"1380000{n:04d}", REMOTE_ADDR="10.0.0.1")
    assert ask(client, order.code, REMOTE_ADDR="10.0.0.2").status_code == 302


def test_tries_keep_no_phone_and_are_forgotten(client, world):
    ask(client, "0099", "13800000009")
    kept = LookupTry.objects.get()
    assert "13800000009" not in f"{kept.phone_key}{kept.address}"
    assert forget_tries(now=NOON + 60 * MIN) == 1
    assert not LookupTry.objects.exists()


# ── what the page says ──


def test_unknown_token_is_404(client, world):
    assert client.get(reverse("portal:follow_token", args=["nobody-knows-this"])).status_code == 404


def test_page_says_the_promise_and_nothing_of_the_inside(client, world):
    order = pages.on_the_way(world)
    page = read(client, order)
    assert "15:17" in page
    assert "全都没电" in page
    for inside in ("工单", "派单", "时限", "台区", "14:35"):  # 14:35: dispatch is nobody's promise outside
        assert inside not in page.split("<main")[1]


@pytest.mark.parametrize("stage", ["received", "dispatched", "on_site", "finished", "answered", "called_back"])
def test_page_shows_neither_phone_nor_door_nor_name_in_full(client, world, stage):
    order = getattr(pages, stage)(world)
    page = read(client, order).replace(" ", "")
    for secret in (PHONE, "302", "陈淑兰", "向军", "李婉清", world.customer.account_no, order.description):
        assert secret not in page
    assert "桔城路18号2栋" in page.replace("\u00a0", "")
    assert "1单元" not in page


def test_what_a_call_was_about_stays_among_colleagues(client, world):
    order = pages.accepted(world)
    pages.do(contact_customer, order, world.handler, 6 * MIN, note="家里是老人，让他别动箱子。")
    page = read(client, order)
    assert "打过电话给您" in page
    assert "老人" not in page


def test_numbers_that_colleagues_typed_are_masked(client, world):
    order = pages.accepted(world)
    words = "让打 13800001111 找他儿子，户号 4200361772"
    pages.do(add_note, order, world.handler, 6 * MIN, text=words, for_customer=True)
    page = read(client, order)
    assert "138 **** 1111" in page
    assert "4200361772" not in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("打 139-1234-2716", "打 139 **** 2716"),
        ("0717-6221234 转 8", "0717 **** 234 转 8"),
        ("2026-11-20 15:17 前，228 伏，16 mm²", "2026-11-20 15:17 前，228 伏，16 mm²"),
    ],
)
def test_masking_of_typed_text_keeps_times_and_measures(typed, shown):
    assert text_public(typed) == shown


def test_internal_note_is_not_shown_one_for_the_customer_is(client, world):
    order = pages.accepted(world)
    pages.do(add_note, order, world.handler, 6 * MIN, text="怀疑表前线")
    pages.do(add_note, order, world.agent, 7 * MIN, text="材料在路上", for_customer=True)
    page = read(client, order)
    assert "怀疑表前线" not in page
    assert "材料在路上" in page


# ── late ──


def test_late_without_a_word_says_sorry_and_that_nobody_knows_yet(client, world, clock):
    order = pages.dispatched(world)
    clock.shift(40 * 60)
    page = read(client, order)
    assert "对不起" in page
    assert "15:17" in page
    assert "还不知道" in page


def test_late_with_a_new_time_says_it_first_with_the_reason(client, world, clock):
    order = pages.dispatched(world)
    pages.do(tell_late, order, world.dispatcher, 40 * MIN, reason="job_before", new_time=NOON + 70 * MIN)
    clock.shift(40 * 60)
    page = read(client, order)
    said = page[page.index('class="dh-say') : page.index("<h2>")]
    assert "新的时间" in said
    assert "15:42" in said
    assert "前一处" in said
    assert "对不起" in said
    assert 'class="dh-rev"' in page


def test_old_promise_stays_in_the_story(client, world):
    order = pages.dispatched(world)
    pages.do(tell_late, order, world.dispatcher, 15 * MIN, reason="traffic", new_time=NOON + 70 * MIN)
    story = client.get(token_url(order)).context["page"].story
    assert [told.mark for told in story] == ["late", "", ""]
    assert "15:17" in story[-1].text
    assert "15:17" in story[0].text
    assert "15:42" in story[0].text


# ── corrected and taken back ──


def test_corrected_time_stands_in_place_of_the_wrong_one(client, world, clock):
    order = pages.on_site(world)
    wrong = Event.objects.get(order=order, verb="arrive")
    pages.do(correct_stamp, order, world.dispatcher, 18 * MIN, event=wrong, at=NOON + 7 * MIN, reason="忘了按")
    story = client.get(token_url(order)).context["page"].story
    arrived = [told for told in story if told.title == "师傅到了"]
    assert [told.at for told in arrived] == [NOON + 7 * MIN]


def test_slip_taken_back_is_not_told(client, world):
    from workorders.services.amending import take_back
    from workorders.services.field import arrive

    order = pages.do(arrive, pages.accepted(world), world.handler, 6 * MIN)
    slip = Event.objects.get(order=order, verb="arrive")
    take_back(code=order.code, actor=world.handler, now=NOON + 6 * MIN, request_id=uuid4(), event=slip)
    assert "师傅到了" not in read(client, order)


# ── who tipped us off ──


@pytest.fixture
def tip(world):
    order = fault(world, kind="tip_off", situation="", subject="有人偷电", description="三楼在偷电")
    pages.do(add_note, order, world.supervisor, 5 * MIN, text="已派人去查三楼", for_customer=True)
    return order


def test_tip_off_page_says_neither_what_nor_where_nor_who(client, world, tip):
    page = read(client, tip)
    for secret in ("举报", "偷电", "桔城路", "三楼", world.station.name, "城北"):
        assert secret not in page
    assert "您反映的" in page


def test_tip_off_is_found_only_with_the_phone_left_with_it(client, world, tip):
    Contact.objects.create(customer=world.customer, name="房东", phone="13800000001")
    assert ask(client, tip.code, "13800000001").status_code == 422
    assert ask(client, tip.code).url == token_url(tip)


# ── the end ──


def test_withdrawn_order_says_so_instead_of_a_promise(client, world):
    order = pages.do(cancel, fault(world), world.clerk, 5 * MIN, reason="来电了")
    page = read(client, order)
    assert "已撤回" in page
    assert "15:17 前到" not in page.split("<ol")[0]


def test_finished_fault_asks_whether_the_light_is_on(client, world):
    assert "还没电" in read(client, pages.answered(world))


# ── the page itself ──


def test_page_renews_itself_with_and_without_script(client, world):
    page = read(client, fault(world))
    assert 'data-renew="60"' in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page


def test_page_is_kept_by_no_cache_no_search_engine_and_told_to_no_other_site(client, world):
    answer = client.get(token_url(fault(world)))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_page_speaks_the_readers_language(client, world):
    order = fault(world)
    page = client.get(token_url(order), headers={"Accept-Language": "en"}).content.decode()
    assert "We promised" in page
    assert "No power at home" in page


def test_page_costs_few_queries_at_any_length_of_history(client, world, django_assert_max_num_queries):
    order = pages.answered(world)
    for n in range(8):
        pages.do(add_note, order, world.agent, (15 + n / 10) * MIN, text=f"第 {n} 条", for_customer=True)
    with django_assert_max_num_queries(8):
        client.get(token_url(order))


def test_only_asking_is_by_post(client, world):
    assert client.post(token_url(fault(world))).status_code == 405
    assert client.put(ASK).status_code == 405

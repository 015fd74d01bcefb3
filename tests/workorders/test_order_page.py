"""The order page: promises, story, next step, person; what it costs and whom it tells what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import override

from customers.models import ViewLog
from notifications.models import Message
from tests.workorders import pages
from tests.workorders.pages import MIN, act_url, desk_of, do, page
from tests.workorders.world import NOON, World, at, fault
from workorders.models import Clock, Event, WorkOrder
from workorders.selectors.orders import sees, visible_to
from workorders.services.amending import add_note, amend, correct_stamp
from workorders.services.lateness import tell_late
from workorders.services.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afternoon(freeze, settings):
    """14:52 in English, so that words can be compared."""
    settings.REQUIRE_TOTP = False
    return freeze("2026-11-20 14:52:10")


def open_page(member, order: WorkOrder, **query: str):
    return desk_of(member, **{"accept-language": "en"}).get(page(order), query)


def body(member, order: WorkOrder, **query: str) -> str:
    answer = open_page(member, order, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(answer) -> list[str]:
    return [entry.title for entry in answer.context["page"].entries]


# ── who may open it ─────────────────────────────────────────────────────


def test_unseen_order_is_not_found_and_nobody_reads_without_login(world):
    order = pages.dispatched(world)
    assert open_page(world.stranger, order).status_code == 404
    assert Client().get(page(order)).status_code == 302
    assert open_page(world.auditor, order).status_code == 200
    assert desk_of(world.clerk).post(page(order)).status_code == 405


@pytest.mark.parametrize("stage", [pages.received, pages.dispatched, pages.accepted])
def test_seeing_one_order_and_seeing_a_list_are_the_same_rule(world, stage):
    order = stage(world)
    for member in world.people.values():
        assert sees(member, order) == visible_to(member).filter(pk=order.pk).exists(), member


# ── promises ────────────────────────────────────────────────────────────


def test_tightest_promise_leads_and_kept_ones_shrink_to_chips(world):
    found = open_page(world.dispatcher, pages.on_the_way(world)).context["page"]
    assert [view.word for view in found.wicks] == ["Arrive", "Arrive", "Restore"]
    assert [view.word for view in found.chips] == ["Dispatch", "Accept", "Call back"]


def test_crew_that_has_set_off_is_said_to_be_on_the_way_until_it_is_there(world):
    assert "Crew on the way" in body(world.dispatcher, pages.on_the_way(world))
    assert "Crew on the way" not in body(world.dispatcher, pages.on_site(world))


def test_why_follows_the_promise_that_is_asked_for(world):
    order = pages.on_the_way(world)
    assert open_page(world.clerk, order).context["page"].why.title == "Why 15:17"
    cap = order.clocks.get(rule__family="supply_measures", kind="arrive")
    assert open_page(world.clerk, order, clock=str(cap.pk)).context["page"].why.title == "Why 15:32"


def test_order_without_a_time_limit_says_so(world):
    assert "No time limit" in body(world.clerk, pages.received(world, kind="praise", situation=""))


# ── the next step ───────────────────────────────────────────────────────


def test_there_is_one_main_button_and_it_is_the_next_step(world):
    order = pages.on_the_way(world)
    text = body(world.dispatcher, order)
    card = text[text.index("dh-next") : text.index('id="dh-why"')]
    assert card.count("dh-btn--main") == 1
    assert f'href="{act_url(order, "arrive")}" data-act' in text


def test_step_that_asks_nothing_is_done_from_the_page_by_one_press(world):
    order = pages.dispatched(world)
    text = body(world.handler, order)
    assert f'<form method="post" action="{act_url(order, "accept")}">' in text
    version = WorkOrder.objects.get(pk=order.pk).version
    typed = {"request_id": str(uuid4()), "version": str(version), "moment": "now"}
    assert desk_of(world.handler).post(act_url(order, "accept"), typed).url == page(order)


def test_broken_promise_without_a_word_is_said_where_it_can_be_mended(world):
    order = pages.on_the_way(world)
    said = "the customer has not been told why"
    assert said not in body(world.agent, order)
    late = fault(world, now=NOON - 60 * MIN)
    assert said in body(world.agent, late)


def test_reader_is_offered_neither_acts_nor_the_note(world):
    text = body(world.auditor, pages.dispatched(world))
    assert "Nothing here for you to do." in text
    assert "dh-compose" not in text


# ── the story ───────────────────────────────────────────────────────────


def test_story_is_told_newest_first_with_who_did_it(world):
    answer = open_page(world.dispatcher, pages.on_the_way(world))
    told = answer.context["page"].entries[3]
    assert told.title.startswith("Told the customer: ")  # the words they read, in their language
    assert "15:17" in told.title
    assert [title for title in titles(answer) if title != told.title] == [
        "Set off",
        "Accepted",
        "Given to 城北一班",
        "Received: 下午突然停电，楼道灯也不亮。",
    ]
    assert answer.context["page"].entries[0].lines == ["向军 · 城北一班"]


def test_inside_notes_are_marked_and_left_out_of_what_the_customer_sees(world):
    order = pages.accepted(world)
    do(add_note, order, world.handler, 4 * MIN, text="怀疑表前线")
    do(add_note, order, world.handler, 5 * MIN, text="半小时内修好", for_customer=True)
    rows = {
        entry.title: entry.mark.text for entry in open_page(world.clerk, order).context["page"].entries if entry.mark
    }
    assert (rows["怀疑表前线"], rows["半小时内修好"]) == ("internal", "the customer sees it")
    public = titles(open_page(world.clerk, order, show="customer"))
    assert "半小时内修好" in public
    assert "怀疑表前线" not in public


@pytest.mark.parametrize(
    ("state", "more", "words", "mark"),
    [
        ("queued", {}, "SMS 139 **** 2716 · Waiting", "on its way"),
        (
            "sent",
            {"sent_at": NOON + timedelta(seconds=9)},
            "SMS 139 **** 2716 · sent at 14:32:19",
            "sent to the customer",
        ),
        ("failed", {"reason": "refused"}, "SMS 139 **** 2716 · Not sent · The provider refused it", "not sent"),
    ],
)
def test_what_the_customer_was_told_says_how_far_it_got(world, state, more, words, mark):
    order = pages.received(world)
    Message.objects.filter(about=order.code).update(state=state, **more)
    entry = next(e for e in open_page(world.clerk, order).context["page"].entries if e.by_customer)
    assert (entry.lines, entry.mark.text) == ([words], mark)


def test_word_of_a_delay_and_its_message_are_one_row(world):
    order = pages.on_the_way(world)
    do(tell_late, order, world.dispatcher, 18 * MIN, reason="traffic", new_time=NOON + 70 * MIN)
    answer = open_page(world.dispatcher, order)
    late = [e for e in answer.context["page"].entries if "late" in e.title]
    assert [e.title for e in late] == ["Told the customer it will be late: new time by 15:42, not 15:17"]
    assert late[0].lines[0] == "Traffic on the way"
    assert late[0].lines[-1].startswith("SMS 139 **** 2716")


def test_alarm_says_who_was_told_and_who_has_read_it(world, afternoon):
    order = pages.on_the_way(world)
    sweep(now=NOON + 28 * MIN)
    Message.objects.filter(kind="clock_warn", member=world.handler).update(state="sent", sent_at=NOON, read_at=NOON)
    afternoon.move_to(NOON + 29 * MIN)
    entry = open_page(world.dispatcher, order).context["page"].entries[0]
    assert (entry.title, entry.lines) == ("Reminder: Arrive (Ten promises), 17 min left", ["Told 向军 (read)"])


def test_two_alarms_of_one_kind_name_their_sources(world, afternoon):
    order = pages.dispatched(world)
    now = order.promise_clock.due_at + 31 * MIN
    sweep(now=now)
    afternoon.move_to(now)
    titles = [e.title for e in open_page(world.dispatcher, order).context["page"].entries]
    passed = [title for title in titles if title.startswith("Time limit passed: Arrive")]
    with override("en"):
        fired = Clock.objects.filter(order=order, kind="arrive", due_at__lte=now, per_order=True)
        assert sorted(passed) == sorted(f"Time limit passed: Arrive ({clock.rule.short_name})" for clock in fired)
    assert len(set(passed)) > 1
    assert "Time limit passed: Dispatch" in titles or "Time limit passed: Accept" in titles  # alone of its kind


def test_coming_alarms_stand_above_now_with_who_will_be_told(world):
    ahead = open_page(world.dispatcher, pages.on_the_way(world)).context["page"].ahead
    assert [a.at for a in ahead] == sorted((a.at for a in ahead), reverse=True)
    promised = next(a for a in ahead if a.is_promise)
    assert promised.title == "The promised moment: Arrive"
    assert "谭勇" in promised.told
    assert "覃国栋" in promised.told


def test_what_the_customer_sees_shows_no_alarms(world):
    answer = open_page(world.dispatcher, pages.on_the_way(world), show="customer")
    assert answer.context["page"].ahead == []
    assert '<li class="dh-now">' not in answer.content.decode()


def test_corrected_row_stays_marked_and_the_right_time_says_what_it_was(world):
    order = pages.on_site(world)
    wrong = Event.objects.get(order=order, verb="arrive")
    do(correct_stamp, order, world.dispatcher, 15 * MIN, event=wrong, at=NOON + 8 * MIN, reason="忘了按")
    rows = {e.title: e for e in open_page(world.dispatcher, order).context["page"].entries}
    assert rows["Arrived"].mark.text == "no longer counts"
    assert rows["Arrived (corrected, was 14:41)"].lines[1:] == ["written down at 14:47", "忘了按"]


def test_amended_values_are_told_in_words_and_numbers_masked(world):
    order = pages.received(world)
    do(amend, order, world.clerk, 2 * MIN, contact_phone="13800001111", situation="partial", reason="说错了")
    entry = open_page(world.clerk, order).context["page"].entries[0]
    assert entry.title == "Amended: situation, phone: 说错了"
    assert entry.lines[1:] == [
        "situation: No power at all → Part of it is off",
        "phone: 139 **** 2716 → 138 **** 1111",
    ]


def test_rows_of_another_day_make_every_time_carry_its_date(world):
    order = fault(world, now=at("2026-11-17 09:00:00"), kind="complaint", situation="")
    assert "<time datetime" in body(world.clerk, order)
    assert "11-17 09:00</time>" in body(world.clerk, order)


# ── long histories ──────────────────────────────────────────────────────


def long_history(world: World, rows: int) -> WorkOrder:
    order = pages.on_the_way(world)
    Event.objects.bulk_create(
        Event(
            order=order,
            verb="note",
            actor=world.handler,
            text=f"第 {n} 条",
            at=NOON + timedelta(minutes=6, seconds=n),
            recorded_at=NOON + timedelta(minutes=6, seconds=n),
        )
        for n in range(rows)
    )
    return order


def test_page_holds_the_latest_fifty_and_leads_to_earlier_ones(world):
    order = long_history(world, 60)
    latest = open_page(world.clerk, order)
    assert titles(latest)[0] == "第 59 条"
    assert len(latest.context["page"].stretch.events) == 50
    earlier = open_page(world.clerk, order, before=latest.context["page"].stretch.earlier)
    assert titles(earlier)[0] == "第 9 条"
    assert titles(earlier)[-1].startswith("Received")
    assert earlier.context["page"].stretch.earlier == ""


def test_message_belongs_to_the_stretch_of_its_time(world):
    order = long_history(world, 60)
    assert not any(title.startswith("Told") for title in titles(open_page(world.clerk, order)))


@pytest.mark.parametrize("nonsense", ["x", "999999999", "-1"])
def test_place_that_does_not_exist_begins_at_the_top(world, nonsense):
    assert titles(open_page(world.clerk, pages.received(world), before=nonsense))[-1].startswith("Received")


def test_paper_holds_the_whole_story(world):
    order = long_history(world, 60)
    answer = open_page(world.clerk, order, print="1")
    assert len(answer.context["page"].stretch.events) == 64
    assert "printed by 李婉清" in answer.content.decode()


@pytest.mark.parametrize("who", ["dispatcher", "agent", "handler", "supervisor"])
@pytest.mark.parametrize("rows", [10, 500])
def test_page_costs_the_same_at_any_length(world, who, rows):
    order = long_history(world, rows)
    browser = desk_of(getattr(world, who))
    browser.get(page(order))  # caches of the process
    with CaptureQueriesContext(connection) as cost:
        browser.get(page(order))
    assert len(cost) <= 15, "\n".join(query["sql"][:120] for query in cost)


def test_order_that_waits_for_its_call_back_costs_no_more(world):
    order, browser = pages.answered(world), desk_of(world.agent2)
    browser.get(page(order))
    with CaptureQueriesContext(connection) as cost:
        browser.get(page(order))
    assert len(cost) <= 15


# ── the person ──────────────────────────────────────────────────────────

SHOW = "workorders:show_person"


def show(member, order: WorkOrder, **headers: str):
    return desk_of(member, **headers).post(reverse(SHOW, args=[order.code]), {"purpose": "call_back"})


def test_person_is_masked(world):
    text = body(world.dispatcher, pages.dispatched(world))
    assert "139 **** 2716" in text
    assert "13912342716" not in text
    assert "302" not in strip_tags(text)  # in an address of a clock the figure may well stand


def test_look_for_a_purpose_shows_phone_and_door_and_is_on_record(world):
    answer = show(world.handler, pages.dispatched(world))
    text = answer.content.decode()
    assert "139 1234 2716" in text
    assert "<b>302</b>" in text
    assert (answer["Cache-Control"], answer["Refresh"][:3]) == ("no-store", "60;")
    look = ViewLog.objects.get()
    assert (look.actor, look.customer, look.purpose) == (world.handler, world.customer, "call_back")


def test_look_from_the_page_gets_only_the_card(world):
    text = show(world.handler, pages.dispatched(world), **{"hx-request": "true"}).content.decode()
    assert text.lstrip().startswith("<section")


def test_look_without_a_purpose_shows_nothing(world):
    order = pages.dispatched(world)
    answer = desk_of(world.handler).post(reverse(SHOW, args=[order.code]), {"purpose": "curiosity"})
    assert (answer.status_code, "2716</a>" in answer.content.decode()) == (422, False)
    assert not ViewLog.objects.exists()


def test_look_at_an_anonymous_caller_is_on_record_in_the_story(world):
    order = pages.received(world, customer=None, contact_name="王先生", contact_phone="13800001111")
    assert "138 0000 1111" in show(world.clerk, order).content.decode()
    assert titles(open_page(world.clerk, order))[0].startswith("Looked at the phone number")


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("stranger", 404)])
def test_look_is_for_those_who_work_on_the_order(world, who, status):
    order = pages.dispatched(world)
    assert show(getattr(world, who), order).status_code == status
    assert not ViewLog.objects.exists()
    assert desk_of(world.clerk).get(reverse(SHOW, args=[order.code])).status_code == 405
    assert Client().post(reverse(SHOW, args=[order.code]), {"purpose": "call_back"}).status_code == 302


def tip_off(world: World) -> WorkOrder:
    return fault(world, kind="tip_off", situation="", description="绕表用电", actor=world.agent)


def test_who_tipped_us_off_is_hidden_outside_the_handling_unit(world):
    order = tip_off(world)
    do(amend, order, world.agent, 2 * MIN, contact_name="陈女士", reason="改称呼")
    text = body(world.clerk, order)
    for secret in ("陈淑兰", "陈女士", "2716", "4200 361 772", "桔城路", "3381"):
        assert secret not in text
    assert "绕表用电" in text
    assert show(world.clerk, order).status_code == 403
    form = desk_of(world.clerk).get(act_url(order, "amend")).context["form"]
    assert not {"account_no", "contact_name", "contact_phone", "address", "supply_point"} & set(form.fields)


def test_who_tipped_us_off_is_known_to_the_unit_that_handles_it(world):
    assert "陈淑兰" in body(world.lead, tip_off(world))


def test_who_tipped_us_off_is_not_known_to_everybody_whose_role_reaches_the_whole_company(world):
    assert "陈淑兰" not in body(world.auditor, tip_off(world))
    assert "陈淑兰" in body(world.supervisor, tip_off(world))


# ── the same transformer ────────────────────────────────────────────────


def test_other_open_orders_on_the_transformer_are_named_with_their_promise(world):
    order, near = pages.received(world), pages.received(world, now=NOON - 5 * MIN)
    tip_off(world)
    found = open_page(world.dispatcher, order).context["page"].nearby
    assert [o.code for o, _view in found] == [near.code]


def test_neighbours_that_a_person_may_not_see_are_not_named(world):
    order = pages.dispatched(world)
    pages.received(world)
    assert open_page(world.handler, order).context["page"].nearby == []

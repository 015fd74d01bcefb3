"""Every act on an order by HTTP: done once, refused in words, nothing typed lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.workorders import pages
from tests.workorders.pages import MIN, act_url, desk_of, do, page
from tests.workorders.world import NOON, World
from workorders.choices import Verb
from workorders.forms.acts import ACTS
from workorders.models import Clock, Event, WorkOrder
from workorders.services.amending import add_note

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """One act: on an order at which stage, by whom, what is typed, what cannot be taken."""

    act: str
    stage: Callable[[World], WorkOrder]
    who: str
    typed: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, Any] | None = None
    wrong: str = ""  # the field that the refusal stands at
    collides: bool = True  # two notes do not disturb each other

    def __str__(self) -> str:
        return self.act


FAULT = {
    "kind": "fault",
    "situation": "whole",
    "channel": "counter",
    "account_no": "4200361772",
    "contact_name": "陈淑兰",
}
CASES = [
    Case(
        "dispatch",
        pages.received,
        "dispatcher",
        {"unit": "CB1", "note": "带梯子"},
        {"unit": "", "note": "带梯子"},
        "unit",
    ),
    Case("transfer", pages.accepted, "dispatcher", {"unit": "CB2", "reason": "手上单多"}, {"unit": "CB2"}, "reason"),
    Case(
        "return",
        pages.dispatched,
        "handler",
        {"reason": "wrong_unit"},
        {"reason": "", "note": "不是我们片区"},
        "reason",
    ),
    Case("cancel", pages.dispatched, "clerk", {"reason": "客户说来电了"}, {"reason": " "}, "reason"),
    Case("accept", pages.dispatched, "handler"),
    Case("set-off", pages.accepted, "handler", {"moment": "now"}, {"moment": "earlier"}, "at"),
    Case("arrive", pages.on_the_way, "dispatcher", {"moment": "now"}, {"moment": "earlier", "at": "下午"}, "at"),
    Case("contact", pages.accepted, "handler", {"note": "在家等"}, {"note": ""}, "note"),
    Case(
        "finish",
        pages.on_site,
        "handler",
        {"result": "换了空开", "cause": "breaker"},
        {"result": "换了空开", "cause": ""},
        "cause",
    ),
    Case(
        "answer",
        pages.finished,
        "agent",
        {"text": "来电了", "channel": "phone"},
        {"text": "", "channel": "phone"},
        "text",
    ),
    Case("call-back", pages.answered, "agent2", {"result": "satisfied"}, {"result": "dissatisfied"}, "remark"),
    Case("close", pages.called_back, "agent2"),
    Case(
        "amend",
        pages.received,
        "clerk",
        FAULT | {"description": "没电", "address": "桔城路 20 号"},
        FAULT | {"description": "", "address": "桔城路 20 号"},
        "description",
    ),
    Case("add-contact", pages.accepted, "agent", {"note": "问到哪了"}, {"note": ""}, "note"),
    Case(
        "note",
        pages.accepted,
        "handler",
        {"text": "带了铝线"},
        {"text": "", "for_customer": True},
        "text",
        collides=False,
    ),
    Case(
        "tell-late",
        pages.accepted,
        "agent",
        {"reason": "traffic", "time": "known", "new_time": "2026-11-20 15:40"},
        {"reason": "traffic", "time": "known", "new_time": ""},
        "new_time",
    ),
]
TWENTY = timedelta(minutes=20)


@pytest.fixture(autouse=True)
def afternoon(freeze, settings):
    """Twenty minutes after everything began."""
    settings.REQUIRE_TOTP = False
    return freeze("2026-11-20 14:52:10")


def post(world: World, case: Case, order: WorkOrder, **more: Any) -> Any:
    order.refresh_from_db()
    data = case.typed | {"request_id": str(uuid4()), "version": str(order.version)} | more
    return desk_of(getattr(world, case.who)).post(act_url(order, case.act), data)


def count(order: WorkOrder, act: str) -> int:
    return Event.objects.filter(order=order, verb=act.replace("-", "_")).count()


def test_every_act_but_the_correction_has_its_case_here():
    assert {case.act for case in CASES} | {"correct"} == set(ACTS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_act_is_done_and_leads_back_to_the_order(world, case):
    order = case.stage(world)
    before = count(order, case.act)
    answer = post(world, case, order)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == page(order)
    assert count(order, case.act) == before + 1


@pytest.mark.parametrize("case", CASES, ids=str)
def test_same_request_twice_does_it_once(world, case):
    order, request_id = case.stage(world), str(uuid4())
    before = count(order, case.act)
    version = str(WorkOrder.objects.get(pk=order.pk).version)
    answers = [post(world, case, order, request_id=request_id, version=version) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert count(order, case.act) == before + 1


def test_nobody_acts_without_login_role_or_reach(world):
    """Who may is asked before what the order's state allows, so one order stands for all."""
    order = pages.accepted(world)
    before = Event.objects.filter(order=order).count()
    for case in CASES:
        url = act_url(order, case.act)
        anonymous = Client().post(url, case.typed)
        assert anonymous.status_code == 302, case
        assert anonymous.url.startswith(reverse(settings.LOGIN_URL)), case
        assert desk_of(world.auditor).post(url, case.typed).status_code == 403, case
        assert desk_of(world.auditor).get(url).status_code == 403, case
        assert desk_of(world.stranger).post(url, case.typed).status_code == 404, case
    assert Event.objects.filter(order=order).count() == before


@pytest.mark.parametrize("case", [c for c in CASES if c.bad], ids=str)
def test_what_cannot_be_taken_is_refused_at_its_field_and_kept(world, case):
    order = case.stage(world)
    before = Event.objects.filter(order=order).count()
    answer = desk_of(getattr(world, case.who)).post(act_url(order, case.act), case.bad)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert case.wrong in form.errors
    assert {name: form[name].data for name in case.bad} == case.bad
    assert Event.objects.filter(order=order).count() == before


@pytest.mark.parametrize("case", [c for c in CASES if c.collides], ids=str)
def test_version_of_before_is_a_conflict_that_keeps_the_draft(world, case):
    order = case.stage(world)
    old = WorkOrder.objects.get(pk=order.pk).version
    do(add_note, order, world.lead, 18 * MIN, text="客户在楼下等")
    before = count(order, case.act)
    answer = post(world, case, order, version=str(old))
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "谭勇" in body
    assert "客户在楼下等" in body
    assert count(order, case.act) == before
    form = answer.context["form"]
    assert {name: form[name].data for name in case.typed} == case.typed
    assert post(world, case, order, version=form["version"].data).status_code == 302


@pytest.mark.parametrize("case", CASES, ids=str)
def test_page_of_an_act_repeats_the_verb_and_offers_a_way_out(world, case):
    order = case.stage(world)
    answer = desk_of(getattr(world, case.who)).get(act_url(order, case.act))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert str(ACTS[case.act].main) in body
    assert str(ACTS[case.act].keep) in body
    assert 'name="request_id"' in body


# ── what is particular to some of them ──────────────────────────────────


def test_note_that_was_opened_on_an_old_version_is_taken_all_the_same(world):
    order = pages.accepted(world)
    answer = desk_of(world.handler).post(act_url(order, "note"), {"text": "带了铝线", "version": "1"})
    assert answer.status_code == 302


def test_late_entry_carries_the_time_it_happened(world):
    order = pages.on_the_way(world)
    typed = {"moment": "earlier", "at": "2026-11-20T14:46"}
    assert desk_of(world.dispatcher).post(act_url(order, "arrive"), typed).status_code == 302
    arrived = Clock.objects.get(order=order, kind="arrive", rule__family="ten_promises").stopped_at
    assert arrived == NOON.replace(minute=46, second=0)


@pytest.mark.parametrize("typed", ["2026-11-20T15:10", "2026-11-20T14:20"])
def test_arrival_in_the_future_or_before_it_came_in_is_refused_at_the_time(world, typed):
    order = pages.on_the_way(world)
    answer = desk_of(world.dispatcher).post(act_url(order, "arrive"), {"moment": "earlier", "at": typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["at"]


def test_correcting_a_time_offers_the_rows_that_count_and_moves_the_clock(world):
    order = pages.on_site(world)
    form = desk_of(world.dispatcher).get(act_url(order, "correct")).context["form"]
    assert len(form.fields["event"].choices) == 5
    wrong = Event.objects.get(order=order, verb=Verb.ARRIVE)
    typed = {"event": str(wrong.pk), "at": "2026-11-20T14:39", "reason": "忘了按"}
    answer = desk_of(world.dispatcher).post(act_url(order, "correct"), typed)
    assert answer.status_code == 302
    assert Clock.objects.get(order=order, kind="restore", rule__family="ten_promises").started_at.minute == 39


def test_correcting_a_row_of_another_order_is_no_choice(world):
    order, other = pages.on_site(world), pages.received(world)
    foreign = Event.objects.get(order=other, verb=Verb.RECEIVE)
    typed = {"event": str(foreign.pk), "at": "2026-11-20T14:39", "reason": "忘了按"}
    answer = desk_of(world.dispatcher).post(act_url(order, "correct"), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["event"])


def test_telling_late_without_a_new_time_promises_the_next_news(world):
    order = pages.accepted(world)
    typed = {"reason": "parts", "words": "表箱要换新的", "time": "unknown", "next_news": "2026-11-20 15:15"}
    assert desk_of(world.agent).post(act_url(order, "tell-late"), typed).status_code == 302
    order.refresh_from_db()
    assert (order.expected_at, order.late_reason) == (None, "表箱要换新的")
    assert order.next_news_at == NOON.replace(hour=15, minute=15, second=0)


def test_act_that_the_state_forbids_is_explained_and_refused(world):
    order, desk = pages.dispatched(world), desk_of(world.dispatcher)
    asked = desk.get(act_url(order, "dispatch"))
    assert (asked.status_code, "data-main" in asked.content.decode()) == (409, False)
    answer = desk.post(act_url(order, "dispatch"), {"unit": "CB2"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_act_that_does_not_exist_is_not_found(world):
    assert desk_of(world.clerk).get(act_url(pages.received(world), "urge")).status_code == 404


def test_closing_before_the_call_back_says_what_is_missing(world):
    answer = desk_of(world.agent2).post(act_url(pages.answered(world), "close"), {})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


# ── the unit picker ─────────────────────────────────────────────────────


def units_offered(answer) -> list[str]:
    return [value for value, _label in answer.context["form"].fields["unit"].choices]


def test_crew_of_the_area_is_suggested_first_and_chosen(world):
    answer = desk_of(world.dispatcher).get(act_url(pages.received(world), "dispatch"))
    assert units_offered(answer)[0] == "CB1"
    assert answer.context["form"]["unit"].value() == "CB1"


def test_unit_that_has_the_order_is_not_offered_for_reassigning(world):
    answer = desk_of(world.dispatcher).get(act_url(pages.accepted(world), "transfer"))
    assert "CB1" not in units_offered(answer)
    assert "CB1" not in dict(answer.context["form"].fields["other_unit"].choices)


def test_unit_that_returned_the_order_is_not_suggested_again(world):
    answer = desk_of(world.dispatcher).get(act_url(pages.returned(world), "dispatch"))
    assert "CB1" not in units_offered(answer)
    assert "CB1" in dict(answer.context["form"].fields["other_unit"].choices)


def test_any_other_unit_can_be_chosen_from_the_list(world):
    order = pages.received(world)
    typed = {"unit": "other", "other_unit": "DJ"}
    assert desk_of(world.dispatcher).post(act_url(order, "dispatch"), typed).status_code == 302
    order.refresh_from_db()
    assert order.unit == world.other_station


def test_other_unit_without_a_name_is_refused_at_the_list(world):
    answer = desk_of(world.dispatcher).post(act_url(pages.received(world), "dispatch"), {"unit": "other"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["other_unit"])


def test_work_at_a_desk_is_suggested_to_the_station(world):
    order = pages.received(world, kind="complaint", situation="")
    answer = desk_of(world.dispatcher).get(act_url(order, "dispatch"))
    assert units_offered(answer)[0] == "CB"


# ── amending ────────────────────────────────────────────────────────────


def amended(order: WorkOrder, world: World, **changed: str) -> Any:
    form = desk_of(world.clerk).get(act_url(order, "amend")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | changed
    return desk_of(world.clerk).post(act_url(order, "amend"), typed)


def test_amending_nothing_is_refused_in_words(world):
    answer = amended(pages.received(world), world)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_masked_number_left_alone_stays_and_is_never_sent(world):
    order = pages.received(world)
    assert "13912342716" not in desk_of(world.clerk).get(act_url(order, "amend")).content.decode()
    assert amended(order, world, address="桔城路 20 号").status_code == 302
    order.refresh_from_db()
    assert (order.contact_phone, order.address) == ("13912342716", "桔城路 20 号")


def test_new_number_is_checked_and_replaces_the_old_one(world):
    order = pages.received(world)
    refused = amended(order, world, contact_phone="1397")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["contact_phone"])
    assert amended(order, world, contact_phone="138 0000 1111").status_code == 302
    order.refresh_from_db()
    assert order.contact_phone == "13800001111"


def test_unknown_account_number_is_refused_and_none_makes_it_anonymous(world):
    order = pages.received(world)
    assert list(amended(order, world, account_no="1234567890").context["form"].errors) == ["account_no"]
    assert amended(order, world, account_no="").status_code == 302
    order.refresh_from_db()
    assert (order.customer, order.supply_point) == (None, None)


def test_service_without_its_service_and_fault_without_its_situation_are_refused(world):
    order = pages.received(world)
    assert list(amended(order, world, kind="service").context["form"].errors) == ["service_type"]
    assert list(amended(order, world, situation="").context["form"].errors) == ["situation"]


# ── inside the dialog of the order page (htmx) ──────────────────────────

HTMX = {"hx-request": "true"}


def test_dialog_gets_the_part_without_the_frame(world):
    body = desk_of(world.dispatcher, **HTMX).get(act_url(pages.received(world), "dispatch")).content.decode()
    assert "<html" not in body
    assert 'name="unit"' in body


def test_done_in_the_dialog_leads_the_whole_page_back(world):
    order = pages.received(world)
    answer = desk_of(world.dispatcher, **HTMX).post(act_url(order, "dispatch"), {"unit": "CB1"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, page(order))


@pytest.mark.parametrize(("who", "status"), [("dispatcher", 422), ("auditor", 403)])
def test_refusals_in_the_dialog_are_parts_too(world, who, status):
    answer = desk_of(getattr(world, who), **HTMX).post(act_url(pages.received(world), "dispatch"), {"unit": ""})
    assert (answer.status_code, "<html" in answer.content.decode()) == (status, False)


# ── where it leads afterwards ───────────────────────────────────────────


@pytest.mark.parametrize(("asked", "lands"), [("/my/?view=unit", "/my/?view=unit"), ("https://evil.example/", None)])
def test_afterwards_the_list_the_person_came_from_and_nowhere_outside(world, asked, lands):
    order = pages.dispatched(world)
    answer = desk_of(world.handler).post(act_url(order, "accept"), {"next": asked})
    assert answer.url == (lands or page(order))


def test_order_that_left_my_reach_leads_to_the_start_page(world):
    order = pages.accepted(world)
    world.supervisor.grants.update(unit=world.station)
    answer = desk_of(world.supervisor).post(
        act_url(order, "transfer"), {"unit": "other", "other_unit": "DJ", "reason": "归点军"}
    )
    assert (answer.status_code, answer.url) == (302, "/")


def test_ten_megabytes_of_pasted_text_are_refused_in_words(world):
    answer = desk_of(world.handler).post(
        act_url(pages.accepted(world), "note"), {"text": "停" * (10 * 1024 * 1024 // 3)}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["text"]

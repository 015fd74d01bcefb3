"""Tasks: what we owe by a moment that was set. One clock, the one sweep, nobody outside is told."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.errors import Refusal
from notifications.models import Message
from tests.workorders.world import NOON, build, fault
from workorders.choices import Base, ClockState, Kind, State, Verb
from workorders.models import Alarm, PolicyRule, WorkOrder
from workorders.selectors.public import by_token, find_for_customer
from workorders.services.amending import amend
from workorders.services.dispatching import accept
from workorders.services.field import finish
from workorders.services.recalculation import preview
from workorders.services.rulebook import load_shipped_rules
from workorders.services.sweep import sweep
from workorders.services.tasking import Task, drop_task, finish_task, move_task, open_task

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
DUE = NOON + 4 * HOUR
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_rules()
    return build()


def opened(town, *, due_by=DUE, request_id=None, **more):
    task = Task(subject="送书面通知", description="把停电通知送到，请对方签收。", unit=town.crew, due_by=due_by, **more)
    return open_task(task=task, now=NOON, request_id=request_id or uuid4())


def clock_of(order):
    return order.clocks.get()


class TestOpened:
    def test_it_is_with_its_unit_and_runs_to_the_moment_that_was_set(self, town):
        order = opened(town)
        clock = clock_of(order)
        assert (order.code, order.state, order.unit) == ("RW-261120-0001", State.DISPATCHED, town.crew)
        assert (clock.base, clock.state, clock.started_at, clock.due_at) == (Base.MOMENT, "running", NOON, DUE)
        assert order.next_due_at == DUE

    def test_the_same_request_opens_one(self, town):
        key = uuid4()
        assert opened(town, request_id=key) == opened(town, request_id=key)
        assert WorkOrder.objects.count() == 1

    def test_a_moment_that_is_past_is_refused(self, town):
        with pytest.raises(Refusal) as refused:
            opened(town, due_by=NOON)
        assert refused.value.field == "due_by"
        assert not WorkOrder.objects.exists()

    def test_the_customer_it_is_about_is_told_nothing_and_finds_nothing(self, town):
        order = opened(town, customer=town.customer, supply_point=town.supply_point)
        assert not Message.objects.filter(member=None).exists()
        assert by_token(order.token) is None
        phone = town.customer.phone_on_file
        assert find_for_customer(code=order.code, phone=phone) is None

    def test_no_form_takes_one_from_a_customer(self, town):
        client = Client()
        client.force_login(town.clerk, backend="staff.backends.MemberBackend")
        assert client.get(reverse("workorders:intake_kind", args=["task"])).status_code == 404

    def test_its_page_offers_nothing_that_is_done_with_a_customer(self, town):
        client = Client(headers={"accept-language": "en"})
        client.force_login(town.lead, backend="staff.backends.MemberBackend")
        text = client.get(reverse("workorders:detail", args=[opened(town).code])).text
        assert "Get done" in text
        assert not [
            words for words in ("Receipt", "Anonymous", "The customer may read it", "Asked again") if words in text
        ]

    def test_it_becomes_nothing_else_and_nothing_becomes_one(self, town):
        for order, kind in ((opened(town), Kind.INQUIRY), (fault(town), Kind.TASK)):
            with pytest.raises(Refusal):
                amend(code=order.code, actor=town.dispatcher, now=NOON, request_id=uuid4(), kind=kind, reason="x")

    def test_the_database_wants_a_moment_for_each_and_for_no_other_rule(self, town):
        order = opened(town)
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkOrder.objects.filter(pk=order.pk).update(due_by=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyRule.objects.filter(kind=Kind.FAULT).update(base=Base.MOMENT)


class TestSwept:
    @pytest.mark.parametrize(
        ("at", "stages"),
        [
            (NOON + 4 * HOUR * 0.7 - SECOND, []),
            (NOON + 4 * HOUR * 0.7, ["warn"]),
            (DUE - SECOND, ["warn"]),
            (DUE, ["warn", "breach"]),
            (DUE + HOUR, ["warn", "breach", "escalate_1"]),
        ],
    )
    def test_it_warns_and_breaks_like_any_other(self, town, at, stages):
        opened(town)
        sweep(now=at)
        assert list(Alarm.objects.order_by("id").values_list("stage", flat=True)) == stages


class TestMoved:
    def test_another_moment_is_alarmed_anew_and_the_old_one_is_kept(self, town):
        order = opened(town)
        sweep(now=DUE)
        move_task(code=order.code, actor=None, now=DUE, request_id=None, due_by=DUE + HOUR, reason="要换一段电缆")
        clock = clock_of(order)
        assert (clock.due_at, clock.generation, clock.state) == (DUE + HOUR, 2, ClockState.RUNNING)
        sweep(now=DUE + HOUR)
        breaches = Alarm.objects.filter(stage="breach").order_by("id")
        assert [alarm.generation for alarm in breaches] == [1, 2]
        moved = order.events.get(verb=Verb.MOVE)
        assert (moved.text, datetime.fromisoformat(moved.data["was"])) == ("要换一段电缆", DUE)

    def test_a_moment_that_is_past_is_refused(self, town):
        order = opened(town)
        with pytest.raises(Refusal):
            move_task(code=order.code, actor=None, now=DUE, request_id=None, due_by=DUE, reason="")

    def test_neither_calendar_nor_rules_move_it(self, town):
        opened(town)
        assert (preview(now=NOON).looked_at, preview(now=NOON).moved) == (1, 0)


class TestEnded:
    def test_done_by_its_crew_it_is_filed_at_once(self, town):
        order = opened(town)
        accept(code=order.code, actor=town.handler, now=NOON + HOUR, request_id=uuid4())
        order = finish(
            code=order.code, actor=town.handler, now=NOON + 2 * HOUR, request_id=uuid4(), result="王主任签收了"
        )
        assert (order.state, order.closed_at) == (State.CLOSED, NOON + 2 * HOUR)
        assert (clock_of(order).state, clock_of(order).stopped_at) == (ClockState.STOPPED, NOON + 2 * HOUR)

    def test_what_came_about_by_itself_ends_it_once(self, town):
        order = opened(town)
        for _ in range(2):
            finish_task(code=order.code, now=NOON + HOUR, text="已送电")
        order.refresh_from_db()
        assert (order.state, order.result) == (State.CLOSED, "已送电")
        assert clock_of(order).stopped_at == NOON + HOUR

    @pytest.mark.parametrize(("at", "counted"), [(HOUR, HOUR), (-HOUR, timedelta())])
    def test_what_came_about_earlier_ends_it_then_and_never_before_it_was_given(self, town, at, counted):
        order = opened(town)
        finish_task(code=order.code, now=NOON + 3 * HOUR, text="已送电", at=NOON + at)
        assert clock_of(order).stopped_at == NOON + counted

    def test_dropped_it_owes_nothing_and_counts_nowhere(self, town):
        order = opened(town)
        for _ in range(2):
            drop_task(code=order.code, now=NOON + HOUR, reason="不停电了")
        order.refresh_from_db()
        assert (order.state, clock_of(order).state) == (State.CANCELLED, ClockState.VOID)
        assert sweep(now=DUE) == 0

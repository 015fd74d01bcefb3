"""Telling by telephone: whom no message reaches, another way for what failed, promises that are at risk."""

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.access import Denied
from customers.models import Contact, ViewLog
from notifications.models import Message
from outages.choices import Kind, Verb
from outages.models import Call, CallReason, CallResult, CallTry, Outage, OutageEvent
from outages.selectors.calls import at_risk
from outages.selectors.notices import notice_fares
from outages.services import telling
from outages.services.announcing import cancel
from outages.services.calling import record_call, retry_failed
from outages.services.restoring import estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.telling import spread, spread_waiting
from tests.outages.test_pages import desk_of, page
from tests.outages.test_telling import EAST, told
from tests.outages.town import HOUR, announced, dark, done, grid, written
from tests.workorders.world import NOON, fault
from workorders.services.rulebook import load_shipped_rules

pytestmark = pytest.mark.django_db
LANDLINE = "07176221234"


@pytest.fixture
def town(db):
    load_shipped_leads()
    load_shipped_rules()
    return grid()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=5))


def person(town, n):
    return town.points[{0: 0, 1: 1, 2: 2, 3: 4, 4: 5}[n]].customer


def landline(town, n):
    """Customer ``n`` has no mobile number."""
    Contact.objects.filter(phone=f"1391234000{n}").update(phone=f"{LANDLINE[:-1]}{n}")
    return person(town, n)


def dark_and_told(town):
    outage = dark(town)
    spread_waiting(now=NOON)
    return outage


def to_call(why=None):
    rows = Call.objects.order_by("customer__account_no")
    return [call.customer.account_no[-1] for call in (rows.filter(why=why) if why else rows)]


def called(outage, customer, actor, result=CallResult.REACHED, *, now=NOON, request_id=None):
    own = {"customer": customer, "result": result, "text": "", "request_id": request_id or uuid4()}
    return record_call(code=outage.code, actor=actor, now=now, **own)


def fails(*addresses):
    Message.objects.filter(address__in=addresses).update(state="failed")


def sent():
    Message.objects.filter(state="queued").update(state="sent", sent_at=NOON)


class TestWithoutAMobile:
    def test_joins_the_call_list_once_as_the_list_is_spread(self, town):
        landline(town, 1)
        Contact.objects.filter(customer=person(town, 2)).delete()
        outage = dark_and_told(town)
        spread_waiting(now=NOON)
        assert to_call(CallReason.NO_NUMBER) == ["1", "2"]
        fare = notice_fares(outage)[0]
        assert (fare.notice.unreached, fare.to_call, fare.reached) == (2, 2, 0)

    def test_pages_of_any_size_and_a_kill_leave_the_same_list(self, town):
        for n in range(3):
            landline(town, n)
        outage = dark(town)
        notice, real, pages = outage.notices.get(), telling._next_page, []

        def dies(*args):
            pages.append(1)
            if len(pages) == 3:
                raise KeyboardInterrupt
            return real(*args)

        with mock.patch.object(telling, "_next_page", dies), pytest.raises(KeyboardInterrupt):
            spread(notice_id=notice.pk, now=NOON, page=1)
        spread(notice_id=notice.pk, now=NOON, page=1)
        notice.refresh_from_db()
        assert (to_call(), notice.unreached) == (["0", "1", "2"], 3)

    def test_newer_news_is_called_as_well(self, town):
        landline(town, 1)
        outage = dark_and_told(town)
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread_waiting(now=NOON)
        assert Call.objects.filter(notice__kind="estimate").count() == 1

    @pytest.mark.parametrize(("result", "number"), [(CallResult.REACHED, 1), (CallResult.NO_ANSWER, 0)])
    def test_that_it_is_over_only_when_they_knew(self, town, result, number):
        customer = landline(town, 1)
        outage = dark_and_told(town)
        called(outage, customer, town.agent, result)
        done(restore, outage, town.lead, now=NOON + HOUR)
        spread_waiting(now=NOON + HOUR)
        assert Call.objects.filter(notice__kind="back").count() == number

    def test_called_off_reaches_those_who_were_called(self, town):
        customer = landline(town, 1)
        outage = announced(town)
        spread_waiting(now=NOON)
        called(outage, customer, town.agent)
        done(cancel, outage, town.dispatcher, reason="不停了")
        spread_waiting(now=NOON)
        assert Call.objects.get(notice__kind="cancelled").customer == customer


class TestAnotherWay:
    def retry(self, town, outage):
        return retry_failed(code=outage.code, actor=town.dispatcher, now=NOON)

    def test_another_number_on_the_file_first(self, town):
        outage = dark_and_told(town)
        Contact.objects.create(customer=person(town, 1), phone="13800000001", name="邻居")
        fails(EAST[1])
        made = self.retry(town, outage)
        assert (made.messages, made.calls) == (1, 0)
        assert "13800000001" in told("off")
        assert notice_fares(outage)[0].notice.queued == 5  # four, and the one more

    def test_who_has_no_other_number_joins_the_call_list(self, town):
        outage = dark_and_told(town)
        fails(EAST[1])
        assert self.retry(town, outage).calls == 1
        assert to_call(CallReason.FAILED) == ["1"]

    def test_pressed_again_tells_nobody_twice(self, town):
        outage = dark_and_told(town)
        Contact.objects.create(customer=person(town, 1), phone="13800000001")
        fails(EAST[1], EAST[2])
        first, again = self.retry(town, outage), self.retry(town, outage)
        assert (first.messages, first.calls) == (1, 1)
        assert (again.messages, again.calls) == (0, 0)
        assert len(told()) == len(set(told())) == 5

    def test_when_the_other_number_fails_too_they_are_called(self, town):
        outage = dark_and_told(town)
        Contact.objects.create(customer=person(town, 1), phone="13800000001")
        fails(EAST[1])
        self.retry(town, outage)
        fails("13800000001")
        assert self.retry(town, outage).calls == 1

    def test_whoever_was_told_at_another_number_is_told(self, town):
        outage = dark_and_told(town)
        Contact.objects.create(customer=person(town, 1), phone=EAST[2])  # the same household as customer 2
        fails(EAST[1])
        sent()
        made = self.retry(town, outage)
        assert (made.messages, made.calls) == (0, 0)

    def test_neighbour_with_the_same_phone_who_has_power_is_left_alone(self, town):
        Contact.objects.filter(customer=person(town, 4)).update(phone=EAST[1])
        outage = dark_and_told(town)
        fails(EAST[1])
        self.retry(town, outage)
        assert to_call() == ["1"]

    def test_reached_by_a_call_is_not_written_to(self, town):
        outage = dark_and_told(town)
        fails(EAST[1])
        self.retry(town, outage)
        called(outage, person(town, 1), town.agent)
        Contact.objects.create(customer=person(town, 1), phone="13800000001")
        assert self.retry(town, outage).messages == 0

    def test_only_the_desk_and_the_leads(self, town):
        outage = dark_and_told(town)
        with pytest.raises(Denied):
            retry_failed(code=outage.code, actor=town.agent, now=NOON)


class TestRecord:
    def test_every_try_is_kept_with_who_and_when(self, town):
        customer = landline(town, 1)
        outage = dark_and_told(town)
        called(outage, customer, town.agent, CallResult.NO_ANSWER)
        call = called(outage, customer, town.clerk, now=NOON + HOUR)
        assert (call.result, call.tried_by, call.tried_at) == (CallResult.REACHED, town.clerk, NOON + HOUR)
        tries = [(row.result, row.actor) for row in call.tries.all()]
        assert tries == [("reached", town.clerk), ("no_answer", town.agent)]

    def test_a_try_cannot_be_rewritten(self, town):
        customer = landline(town, 1)
        called(dark_and_told(town), customer, town.agent)
        with pytest.raises(DatabaseError), transaction.atomic():
            CallTry.objects.update(result=CallResult.NO_ANSWER)

    def test_same_request_twice_is_one_try(self, town):
        customer = landline(town, 1)
        outage, key = dark_and_told(town), uuid4()
        for _ in range(2):
            called(outage, customer, town.agent, request_id=key)
        assert CallTry.objects.count() == 1


class TestPromisesAtRisk:
    def order(self, town, n=1):
        point = {0: 0, 1: 1, 4: 5}[n]
        return fault(town.world, customer=person(town, n), supply_point=town.points[point])

    def test_due_while_the_power_is_off(self, town):
        order = self.order(town)
        outage = dark_and_told(town)
        assert order.promise_due_at
        assert [found.pk for found in at_risk(outage, NOON)] == [order.pk]

    def test_due_after_the_power_is_back_is_not_at_risk(self, town):
        order = self.order(town)
        outage = dark_and_told(town)
        Outage.objects.filter(pk=outage.pk).update(expected_at=order.promise_due_at - timedelta(seconds=1))
        outage.refresh_from_db()
        assert not at_risk(outage, NOON).exists()
        Outage.objects.filter(pk=outage.pk).update(expected_at=order.promise_due_at)
        outage.refresh_from_db()
        assert at_risk(outage, NOON).exists()

    def test_end_that_nobody_knows_leaves_it_at_risk(self, town):
        self.order(town)
        outage = dark_and_told(town)
        done(estimate, outage, town.dispatcher, reason="还在找", next_news_at=NOON + HOUR)
        outage.refresh_from_db()
        assert at_risk(outage, NOON).exists()

    def test_elsewhere_and_over_are_not(self, town):
        self.order(town, 4)
        outage = dark_and_told(town)
        assert not at_risk(outage, NOON).exists()
        self.order(town, 1)
        outage = done(restore, outage, town.lead, now=NOON + HOUR)
        assert not at_risk(outage, NOON + HOUR).exists()

    def test_shown_with_its_chip_and_called_like_the_others(self, town):
        order = self.order(town)
        outage, desk = dark_and_told(town), desk_of(town.agent)
        shown = page(desk, "detail", outage.code).text
        assert "Promises at risk" in shown
        assert order.code in shown
        url = reverse("outages:call", args=[outage.code, person(town, 1).account_no])
        assert desk.post(url, {"request_id": str(uuid4()), "result": "reached"}).status_code == 302
        assert Call.objects.get().why == CallReason.AT_RISK
        assert "Reached and told" in page(desk, "calls", outage.code).text


class TestPages:
    def test_list_masks_the_number_and_stops_at_the_building(self, town):
        landline(town, 1)
        outage = dark_and_told(town)
        shown = page(desk_of(town.agent), "calls", outage.code).text
        assert "陈1" in shown
        assert "0717 **** 231" in shown
        assert "07176221231" not in shown
        assert "1 to call, 0 reached" in shown

    def test_number_is_shown_for_a_purpose_and_the_look_is_on_record(self, town):
        customer = landline(town, 1)
        outage, desk = dark_and_told(town), desk_of(town.agent)
        shown = page(desk, "call", outage.code, customer.account_no).text
        assert reverse("customers:show", args=[customer.account_no]) in shown
        assert "07176221231" not in shown
        assert "Power expected back by 16:32" in shown  # what to say
        look = {"fields_wanted": "phone", "purpose": "call_back"}
        seen = desk.post(reverse("customers:show", args=[customer.account_no]), look)
        assert "07176221231" in seen.text
        assert ViewLog.objects.get(customer=customer).actor == town.agent

    def test_who_may_not_be_seen_is_counted_and_not_named(self, town):
        customer = landline(town, 1)
        type(customer).objects.filter(pk=customer.pk).update(secrecy_level="secret")
        outage = dark_and_told(town)
        shown = page(desk_of(town.agent), "calls", outage.code).text
        assert "陈1" not in shown
        assert "1 more is to be called whose file you may not open" in shown
        assert "陈1" in page(desk_of(town.supervisor), "calls", outage.code).text

    def test_done_ones_are_a_filter_away(self, town):
        customer = landline(town, 1)
        outage, desk = dark_and_told(town), desk_of(town.agent)
        called(outage, customer, town.agent)
        assert "Nobody is left to call" in page(desk, "calls", outage.code).text
        assert "陈1" in page(desk, "calls", outage.code, standing="done").text

    def test_bad_form_is_said_at_its_field_and_nothing_is_lost(self, town):
        customer = landline(town, 1)
        outage = dark_and_told(town)
        url = reverse("outages:call", args=[outage.code, customer.account_no])
        answer = desk_of(town.agent).post(url, {"text": "请晚上再打"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["result"])
        assert "请晚上再打" in answer.text

    def test_second_caller_is_told_of_the_first(self, town):
        customer = landline(town, 1)
        outage = dark_and_told(town)
        called(outage, customer, town.clerk)
        url = reverse("outages:call", args=[outage.code, customer.account_no])
        answer = desk_of(town.agent).post(url, {"result": "no_answer", "request_id": str(uuid4())})
        assert answer.status_code == 422
        assert "李婉清 has reached them already." in answer.text

    def test_who_is_not_on_the_list_cannot_be_recorded(self, town):
        outage = dark_and_told(town)
        data = {"result": "reached", "request_id": str(uuid4())}
        url = reverse("outages:call", args=[outage.code, person(town, 1).account_no])
        assert desk_of(town.agent).post(url, data).status_code == 422
        other = reverse("outages:call", args=[outage.code, person(town, 4).account_no])
        assert desk_of(town.agent).post(other, data).status_code == 404

    def test_crews_and_strangers_do_not_call(self, town):
        customer = landline(town, 1)
        outage = dark_and_told(town)
        url = reverse("outages:call", args=[outage.code, customer.account_no])
        assert desk_of(town.handler).post(url, {"result": "reached"}).status_code == 403
        assert Client().post(url, {"result": "reached"}).status_code == 302
        assert not CallTry.objects.exists()

    def test_retry_is_a_button_where_something_failed(self, town):
        outage, desk = dark_and_told(town), desk_of(town.dispatcher)
        assert "Try another way" not in page(desk, "detail", outage.code).text
        fails(EAST[1])
        assert "Try another way" in page(desk, "detail", outage.code).text
        answer = desk.post(reverse("outages:retry", args=[outage.code]), follow=True)
        assert "New on the call list: 1." in answer.text
        assert "Try another way" not in answer.text  # nothing is left to try
        desk.post(reverse("outages:retry", args=[outage.code]))
        assert Call.objects.count() == 1

    def test_retry_before_anybody_was_told_says_so(self, town):
        outage = written(town)
        answer = desk_of(town.dispatcher).post(reverse("outages:retry", args=[outage.code]), follow=True)
        assert "Nobody has been told yet." in answer.text

    def test_queries_of_the_list_do_not_grow(self, town, django_assert_max_num_queries):
        for n in range(3):
            landline(town, n)
        outage, desk = dark_and_told(town), desk_of(town.agent)
        with django_assert_max_num_queries(27):
            page(desk, "calls", outage.code)


class TestPreview:
    def test_all_four_from_the_one_text(self, town):
        outage = written(town, Kind.PLANNED)
        shown = page(desk_of(town.dispatcher), "preview", outage.code)
        assert shown.status_code == 200
        assert shown.text.count("东苑街道一带") >= 6
        assert "planned outage, 东苑街道一带" in shown.text
        assert "&lt;headline&gt;" in shown.text
        assert "characters, " in shown.text
        assert not OutageEvent.objects.exclude(verb=Verb.DRAFT).exists()

    def test_lengths_are_those_of_the_two_languages(self, town):
        shown = page(desk_of(town.dispatcher), "preview", written(town, Kind.PLANNED).code)
        chinese, english = shown.context["preview"].sms
        assert (chinese.language, english.language) == ("zh-hans", "en")
        assert chinese.length.units == len(chinese.body)
        assert chinese.length.pieces >= 1

    def test_cap_before_and_after_differs_in_nothing_but_its_instants(self, town):
        outage = announced(town)
        shown = page(desk_of(town.dispatcher), "preview", outage.code).context["preview"]
        served = page(Client(), "cap", outage.code).text
        assert not shown.is_next
        assert "".join(shown.cap.split()) in "".join(served.split())

    def test_a_fault_says_what_it_still_lacks(self, town):
        shown = page(desk_of(town.dispatcher), "preview", written(town).code)
        assert "It still lacks: since when." in shown.text

    def test_announcing_is_offered_where_it_may_be_done(self, town):
        outage = announced(town)
        Outage.objects.filter(pk=outage.pk).update(state="approved", published_at=None)
        act = reverse("outages:act", args=[outage.code, "publish"])
        assert act in page(desk_of(town.dispatcher), "preview", outage.code).text
        assert act not in page(desk_of(town.clerk), "preview", outage.code).text
        assert reverse("outages:preview", args=[outage.code]) in desk_of(town.dispatcher).get(act).text

    def test_markup_in_a_cause_is_words(self, town):
        shown = page(desk_of(town.dispatcher), "preview", announced(town, reason="<script>alert(1)</script>").code)
        assert "<script>alert" not in shown.text

"""Two people on one order, and one impatient person at a form: nobody's words are lost, nothing happens twice."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from tests.baddays.together import at_once
from tests.workorders.test_intake_page import typed
from tests.workorders.world import fault
from workorders.choices import State
from workorders.models import Clock, CodeSequence, Event, WorkOrder
from workorders.services.change import Conflict
from workorders.services.dispatching import accept, dispatch_order, transfer

MIN = timedelta(minutes=1)
pytestmark = pytest.mark.django_db(transaction=True)


def window_of(member) -> Client:
    """A browser in which this member is logged in."""
    browser = Client(raise_request_exception=False)  # an error is an error page, as in life
    browser.force_login(member)
    return browser


def post_twice(url: str, member, data: dict) -> list:
    """The same form from two clicks at once."""
    return at_once(*[partial(window_of(member).post, url, data) for _ in range(2)])


@pytest.fixture
def dispatched(town):
    order = fault(town, now=timezone.now() - 10 * MIN)
    now = timezone.now() - 9 * MIN
    return dispatch_order(code=order.code, actor=town.dispatcher, now=now, request_id=uuid4(), unit=town.crew)


@pytest.mark.parametrize("try_", range(3))
def test_intake_form_posted_twice_at_once_opens_one_order_and_answers_both(town, try_):
    first, second = post_twice(reverse("workorders:intake_kind", args=["fault"]), town.clerk, typed(town))
    order = WorkOrder.objects.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == reverse("workorders:detail", args=[order.code])
    assert CodeSequence.objects.get().last == 1
    assert Event.objects.filter(verb="receive").count() == Message.objects.filter(kind="order_received").count() == 1


def test_question_asked_and_answered_in_one_form_posted_twice_is_answered_once(town):
    data = typed(town, subject="电价", situation="", answer_now="居民电价分三档。")
    first, second = post_twice(reverse("workorders:intake_kind", args=["inquiry"]), town.clerk, data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert WorkOrder.objects.get().state == State.ANSWERED
    assert Event.objects.filter(verb="answer").count() == 1


def test_act_form_posted_twice_at_once_acts_once_and_shows_no_error(town, dispatched):
    data = {"request_id": str(uuid4()), "version": dispatched.version, "text": "问师傅到哪了"}
    answers = post_twice(reverse("workorders:act", args=[dispatched.code, "note"]), town.dispatcher, data)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Event.objects.filter(order=dispatched, verb="note").count() == 1


def test_crew_pressing_twice_at_once_arrives_once(town, dispatched):
    url = reverse("workorders:crew_press", args=[dispatched.code, "arrive"])
    answers = post_twice(url, town.handler, {"request_id": str(uuid4())})
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Event.objects.filter(order=dispatched, verb="arrive").count() == 1


def test_two_dispatchers_give_one_order_to_two_crews_one_wins_the_other_is_told(town):
    order = fault(town, now=timezone.now())
    browsers = {crew: window_of(who) for crew, who in ((town.crew, town.dispatcher), (town.crew2, town.supervisor))}
    url = reverse("workorders:act", args=[order.code, "dispatch"])
    answers = at_once(
        *[
            partial(browser.post, url, {"request_id": str(uuid4()), "version": order.version, "unit": crew.code})
            for crew, browser in browsers.items()
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    order.refresh_from_db()
    assert (order.state, order.version) == (State.DISPATCHED, 2)
    assert Event.objects.get(order=order, verb="dispatch").data["to"] == order.unit.name


def test_whoever_comes_second_reads_who_was_first_and_keeps_what_was_typed(town, dispatched):
    words = {who: f"二班离得近，{who.name}" for who in (town.dispatcher, town.supervisor)}
    url, crew = reverse("workorders:act", args=[dispatched.code, "transfer"]), town.crew2.code
    frame = {"version": dispatched.version, "unit": crew}
    answers = at_once(
        *[
            partial(window_of(who).post, url, frame | {"request_id": str(uuid4()), "reason": reason})
            for who, reason in words.items()
        ]
    )
    by_code = {answer.status_code: answer for answer in answers}
    assert sorted(by_code) == [302, 409]
    first = Event.objects.get(order=dispatched, verb="transfer").actor
    (second,) = words.keys() - {first}
    page = by_code[409].content.decode()
    assert words[second] in page
    assert first.name in page


def test_acts_of_two_people_on_one_version_leave_one_change_and_one_conflict(town, dispatched):
    now, version = timezone.now(), dispatched.version
    frame = {"code": dispatched.code, "now": now, "version": version}
    ends = at_once(
        lambda: accept(actor=town.handler, request_id=uuid4(), **frame),
        lambda: transfer(actor=town.dispatcher, request_id=uuid4(), unit=town.crew2, reason="手上单多", **frame),
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
    order = WorkOrder.objects.get(pk=dispatched.pk)
    last = Event.objects.filter(order=order).order_by("-id").first()
    assert (order.version, last.verb) == (version + 1, "accept" if order.state == State.ACCEPTED else "transfer")
    running = Clock.objects.filter(order=order, state="running", kind="accept").count()
    assert running == (0 if order.state == State.ACCEPTED else 1)

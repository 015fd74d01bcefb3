"""Which reasons and ways an act offers: only those that fit the order."""

import pytest

from tests.workorders import pages
from tests.workorders.pages import act_url, desk_of
from workorders.choices import AnswerWay, Channel, LateReason, ReturnReason
from workorders.models import Event
from workorders.reasons import OF_A_RESULT, ON_THE_ROAD, ON_THE_SPOT, answer_way, late_reasons, return_reasons

GOES_OUT = [("fault", ""), ("service", "meter_check")]
AT_A_DESK = [("complaint", ""), ("inquiry", ""), ("service", "data_change")]


@pytest.mark.parametrize(("kind", "service"), GOES_OUT + AT_A_DESK)
def test_work_without_a_result_is_not_sent_back_for_its_result(kind, service):
    assert not set(return_reasons(kind, service)) & OF_A_RESULT


@pytest.mark.parametrize(("kind", "service"), AT_A_DESK)
def test_a_desk_meets_no_locked_door_and_no_traffic(kind, service):
    assert not set(return_reasons(kind, service)) & ON_THE_SPOT
    assert late_reasons(kind, service) == [LateReason.OTHER_UNIT, LateReason.CHECKING, LateReason.OTHER]


@pytest.mark.parametrize(("kind", "service"), GOES_OUT)
def test_a_crew_may_be_held_up_by_doors_live_lines_and_roads(kind, service):
    assert set(return_reasons(kind, service)) == set(ReturnReason) - OF_A_RESULT
    assert set(late_reasons(kind, service)) >= ON_THE_ROAD


@pytest.mark.parametrize(
    ("told_by", "way"),
    [
        (AnswerWay.SMS, AnswerWay.SMS),
        (Channel.HOTLINE, AnswerWay.PHONE),
        (Channel.COUNTER, AnswerWay.IN_PERSON),
        (Channel.VISIT, AnswerWay.IN_PERSON),
        (Channel.LETTER, AnswerWay.WRITING),
        (Channel.WEB, AnswerWay.PHONE),
    ],
)
def test_customer_is_told_the_way_they_came_where_that_is_a_way_of_telling(told_by, way):
    assert answer_way(told_by) == way


@pytest.mark.django_db
def test_answer_begins_with_the_way_the_customer_came(world, freeze):
    freeze("2026-11-20 14:50:00")
    order, desk = pages.finished(world), desk_of(world.agent)
    form = desk.get(act_url(order, "answer")).context["form"]
    assert (form["channel"].value(), [value for value, _label in form.fields["channel"].choices]) == (
        AnswerWay.IN_PERSON, AnswerWay.values
    )  # fmt: skip
    desk.post(act_url(order, "answer"), {"text": "来电了", "channel": "sms"})
    assert Event.objects.get(order=order, verb="answer").data["way"] == "sms"


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "status"), [("", 422), ("还在等部门会签", 302)])
def test_another_reason_needs_words(world, freeze, words, status):
    freeze("2026-11-20 14:35:00")
    order = pages.accepted(world)
    typed = {"reason": "other", "words": words, "time": "unknown", "next_news": "2026-11-20T15:00"}
    answer = desk_of(world.agent).post(act_url(order, "tell-late"), typed)
    assert answer.status_code == status
    if status == 422:
        assert list(answer.context["form"].errors) == ["words"]

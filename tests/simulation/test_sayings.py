"""What customers say: enough, different, and in the codes that forms and choices know."""

import pytest

from simulation.city.units import DEPARTMENTS
from simulation.sayings import ALL, by_kind, talk
from workorders.choices import CustomerClass, Kind, LateReason, ServiceType, Situation
from workorders.forms.intake import YES_NO, ComplaintForm, FaultForm, TipOffForm
from workorders.kinds import INTERNAL


def codes(form, field: str) -> set[str]:
    return {str(value) for value, _label in form.base_fields[field].choices}


def test_there_are_more_than_a_hundred_and_no_two_are_alike():
    assert len({saying.says for saying in ALL}) == len(ALL) > 100


def test_every_kind_and_every_service_is_asked_for():
    assert set(by_kind()) == set(Kind.values) - INTERNAL
    assert {saying.situation for saying in by_kind()[Kind.SERVICE]} == set(ServiceType.values)
    assert {saying.situation for saying in by_kind()[Kind.FAULT]} == set(Situation.values)


@pytest.mark.parametrize("saying", ALL, ids=lambda saying: saying.says[:12])
def test_saying_is_whole_and_speaks_the_codes_of_the_forms(saying):
    assert all((saying.brief, saying.says, saying.cause, saying.result, saying.answer))
    assert saying.klass in CustomerClass.values
    assert saying.unit in {"", *DEPARTMENTS}
    assert 0 <= saying.hours[0] < saying.hours[1] <= 24
    if saying.kind == Kind.FAULT:
        assert saying.neighbours in dict(YES_NO)
        assert saying.breaker in codes(FaultForm, "breaker")
    if saying.kind == Kind.COMPLAINT:
        assert saying.situation in codes(ComplaintForm, "about")
    if saying.kind == Kind.TIP_OFF:
        assert saying.situation in codes(TipOffForm, "against")


def test_something_can_be_said_of_every_fault_situation_at_every_hour_by_anybody():
    for situation in Situation.values:
        free = [s for s in by_kind()[Kind.FAULT] if s.situation == situation and not (s.who or s.storm or s.season)]
        assert any(saying.hours == (0, 24) for saying in free)


def test_reasons_for_being_late_are_those_of_the_form():
    pools = (talk.LATE_ON_THE_WAY, talk.LATE_IN_A_STORM, talk.LATE_IN_THE_WORK, talk.LATE_IN_THE_OFFICE)
    assert {reason for pool in pools for reason, _words in pool} <= set(LateReason.values)

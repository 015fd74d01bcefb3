"""A kind of order is complete: letters, form, words for customers, a clock's spec."""

import pytest

from tests.workorders.world import NOON
from workorders import wording
from workorders.choices import ClockKind, Kind, State, Verb
from workorders.clocks import Stamp, lives
from workorders.forms.intake import FORMS
from workorders.kinds import CLOCKS, INTERNAL, KINDS
from workorders.models import WorkOrder
from workorders.policies import DOERS
from workorders.transitions import ACTS


@pytest.mark.parametrize("kind", Kind)
def test_kind_has_letters_form_and_words(kind):
    assert len(KINDS[kind].letters) == 2
    assert FORMS[kind].kind == kind if kind not in INTERNAL else kind not in FORMS
    assert wording.matter(WorkOrder(kind=kind))


def test_letters_are_told_apart():
    assert len({spec.letters for spec in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("clock", ClockKind)
def test_clock_has_an_end(clock):
    assert CLOCKS[clock].stops_on


@pytest.mark.parametrize("verb", ACTS)
def test_act_says_who_may_do_it(verb):
    assert DOERS[verb]


def test_every_state_but_the_first_and_merged_can_be_reached():
    reached = {act.to for act in ACTS.values() if act.to}
    assert reached == set(State) - {State.RECEIVED, State.MERGED}


def test_every_open_state_can_be_left():
    for state in set(State) - {State.CLOSED, State.CANCELLED, State.MERGED}:
        assert any(state in act.from_ and act.to not in (None, state) for act in ACTS.values()), state


def run(kind, starts_on, *verbs):
    stamps = [Stamp(verb, NOON.replace(minute=n)) for n, verb in enumerate(verbs)]
    return [(life.state, life.started_at and life.started_at.minute, life.stopped_at and life.stopped_at.minute)
            for life in lives(kind, starts_on, stamps)]  # fmt: skip


V = Verb


@pytest.mark.parametrize(
    ("kind", "starts_on", "verbs", "expected"),
    [
        ("arrive", V.RECEIVE, [V.RECEIVE], [("running", 0, None)]),
        ("arrive", V.RECEIVE, [V.RECEIVE, V.DISPATCH, V.ARRIVE], [("stopped", 0, 2)]),
        ("arrive", V.RECEIVE, [V.RECEIVE, V.ANSWER], [("void", 0, None)]),
        ("restore", V.ARRIVE, [V.RECEIVE], [("waiting", None, None)]),
        ("restore", V.ARRIVE, [V.RECEIVE, V.ARRIVE, V.FINISH], [("stopped", 1, 2)]),
        ("restore", V.ARRIVE, [V.RECEIVE, V.FINISH], [("void", None, None)]),
        ("dispatch", V.RECEIVE, [V.RECEIVE, V.DISPATCH, V.RETURN], [("stopped", 0, 1), ("running", 2, None)]),
        ("accept", V.DISPATCH, [V.RECEIVE, V.DISPATCH, V.TRANSFER, V.ACCEPT], [("stopped", 1, 2), ("stopped", 2, 3)]),
        ("call_back", V.FINISH, [V.RECEIVE, V.ANSWER], [("running", 1, None)]),
        ("call_back", V.FINISH, [V.RECEIVE, V.FINISH, V.ANSWER, V.CALL_BACK], [("stopped", 1, 3)]),
        ("answer", V.FINISH, [V.RECEIVE, V.ANSWER], [("void", None, None)]),
        ("answer", V.RECEIVE, [V.RECEIVE, V.CANCEL], [("void", 0, None)]),
        ("contact", V.RECEIVE, [V.RECEIVE, V.CONTACT, V.CONTACT], [("stopped", 0, 1)]),
    ],
)
def test_life_of_a_clock_follows_what_happened(kind, starts_on, verbs, expected):
    assert run(kind, starts_on, *verbs) == expected

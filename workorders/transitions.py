"""Which step may follow: the state table as data.

An act not listed for a state is refused; ``to`` None leaves the state. Setting off, arriving and calling back are acts,
not states (design §4): arriving begins the work, the others leave the state alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workorders.choices import OPEN, State, Verb

S = State


@dataclass(frozen=True)
class Act:
    """From which states an act is possible and to which it leads; ``stamps``: clocks look at its instant."""

    from_: frozenset[State]
    to: State | None = None
    stamps: bool = True


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


ACTS: Mapping[Verb, Act] = {
    Verb.DISPATCH: Act(_from(S.RECEIVED, S.RETURNED), S.DISPATCHED),
    Verb.TRANSFER: Act(_from(S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), S.DISPATCHED),
    Verb.ACCEPT: Act(_from(S.DISPATCHED), S.ACCEPTED),
    Verb.CONTACT: Act(OPEN),
    Verb.SET_OFF: Act(_from(S.DISPATCHED, S.ACCEPTED), S.ACCEPTED),
    Verb.ARRIVE: Act(_from(S.DISPATCHED, S.ACCEPTED), S.IN_PROGRESS),
    Verb.FINISH: Act(_from(S.ACCEPTED, S.IN_PROGRESS), S.RESOLVED),
    Verb.ANSWER: Act(_from(S.RECEIVED, S.RESOLVED), S.ANSWERED),
    Verb.CALL_BACK: Act(_from(S.ANSWERED)),
    Verb.CALL_TRIED: Act(_from(S.ANSWERED), stamps=False),
    Verb.CLOSE: Act(_from(S.RECEIVED, S.RESOLVED, S.ANSWERED), S.CLOSED),
    Verb.RETURN: Act(_from(S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), S.RETURNED),
    Verb.CANCEL: Act(_from(S.RECEIVED, S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS, S.RETURNED), S.CANCELLED),
    Verb.AMEND: Act(OPEN, stamps=False),
    Verb.ADD_CONTACT: Act(OPEN, stamps=False),
    Verb.TELL_LATE: Act(OPEN, stamps=False),
    Verb.NOTE: Act(OPEN, stamps=False),
    Verb.HAND_OVER: Act(OPEN, stamps=False),
    Verb.MOVE: Act(OPEN, stamps=False),
    Verb.TAKE_BACK: Act(OPEN, stamps=False),
    Verb.RECALCULATE: Act(OPEN, stamps=False),
    Verb.CORRECT: Act(frozenset(State) - {S.MERGED, S.CANCELLED}, stamps=False),
}
STAMPING = frozenset({Verb.RECEIVE} | {verb for verb, act in ACTS.items() if act.stamps})


def can_follow(verb: Verb, state: str) -> bool:
    """Whether the table lets ``verb`` happen to an order in ``state``."""
    return state in ACTS[verb].from_


def next_acts(state: str) -> list[Verb]:
    """Every act the table allows in ``state``, in the order of the table."""
    return [verb for verb, act in ACTS.items() if state in act.from_]

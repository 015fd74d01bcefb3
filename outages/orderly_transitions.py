"""Which step may follow for plans and runs of orderly use: the state tables as data, as `outages.transitions`."""

from collections.abc import Mapping
from dataclasses import dataclass

from outages.orderly_choices import PlanState, RunState, Verb

P, R, V = PlanState, RunState, Verb


@dataclass(frozen=True)
class Step:
    """From which states an act may be done, and where it leads; ``to`` empty leaves the state."""

    sources: frozenset[str]
    to: str = ""


def _from(*sources: str, to: str = "") -> Step:
    return Step(frozenset(sources), to)


PLAN_ACTS: Mapping[Verb, Step] = {
    V.EDIT: _from(P.DRAFT),
    V.BATCH: _from(P.DRAFT),
    V.BATCH_REMOVE: _from(P.DRAFT),
    V.EXEMPT: _from(P.DRAFT),
    V.UNEXEMPT: _from(P.DRAFT),
    V.SUBMIT: _from(P.DRAFT, to=P.SUBMITTED),
    V.SEND_BACK: _from(P.SUBMITTED, to=P.DRAFT),
    V.APPROVE: _from(P.SUBMITTED, to=P.APPROVED),
    V.REVISE: _from(P.APPROVED),
    V.SUPERSEDE: _from(P.APPROVED, to=P.SUPERSEDED),
    V.RETIRE: _from(P.DRAFT, P.SUBMITTED, P.APPROVED, to=P.RETIRED),
    V.ACTIVATE: _from(P.APPROVED),
}
RUN_ACTS: Mapping[Verb, Step] = {
    V.HAND_OVER: _from(R.ACTIVE, R.ENDED),
    V.RECORD: _from(R.ACTIVE, R.ENDED),
    V.CANCEL: _from(R.ACTIVE, to=R.CANCELLED),
    V.END: _from(R.ACTIVE, to=R.ENDED),
    V.REVIEW: _from(R.ACTIVE, R.ENDED, to=R.REVIEWED),
}
ALL: Mapping[Verb, Step] = {**PLAN_ACTS, **RUN_ACTS}


def can_follow(verb: Verb, state: str) -> bool:
    """Whether the table lets ``verb`` be done in ``state``."""
    return state in ALL[verb].sources

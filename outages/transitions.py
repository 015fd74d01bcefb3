"""Which step may follow: the state table as data. An act not listed for a state is refused; ``to`` None leaves it."""

from collections.abc import Mapping
from dataclasses import dataclass

from outages.choices import State, Verb

S, V = State, Verb


@dataclass(frozen=True)
class Act:
    """From which states an act may be done, and where it leads."""

    sources: frozenset[State]
    to: State | None = None


def _from(*sources: State, to: State | None = None) -> Act:
    return Act(frozenset(sources), to)


ACTS: Mapping[Verb, Act] = {
    V.EDIT: _from(S.DRAFT, S.CHECKED, S.APPROVED, S.PUBLISHED, S.POSTPONED, S.UNDER_WAY, S.RESTORED),
    V.CHECK: _from(S.DRAFT, to=S.CHECKED),
    V.APPROVE: _from(S.CHECKED, to=S.APPROVED),
    V.SEND_BACK: _from(S.CHECKED, S.APPROVED, to=S.DRAFT),
    V.PUBLISH: _from(S.APPROVED, S.POSTPONED, to=S.PUBLISHED),
    V.BEGIN: _from(S.DRAFT, S.APPROVED, S.PUBLISHED, to=S.UNDER_WAY),
    V.ESTIMATE: _from(S.UNDER_WAY),
    V.RESTORE_PART: _from(S.UNDER_WAY),
    V.RESTORE: _from(S.UNDER_WAY, to=S.RESTORED),
    V.REVIEW: _from(S.RESTORED, to=S.REVIEWED),
    V.POSTPONE: _from(S.PUBLISHED, to=S.POSTPONED),
    V.CANCEL: _from(S.DRAFT, S.CHECKED, S.APPROVED, S.PUBLISHED, S.POSTPONED, to=S.CANCELLED),
}


def can_follow(verb: Verb, state: str) -> bool:
    """Whether the table lets ``verb`` be done to an outage in ``state``."""
    return State(state) in ACTS[verb].sources

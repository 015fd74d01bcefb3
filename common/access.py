"""Who may: a decision that carries its reason."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


@dataclass(frozen=True)
class Decision:
    """Whether an act is allowed and, when it is not, why, in the user's language. ``by_role``: a role would open it."""

    allowed: bool
    reason: str | Promise = ""
    by_role: bool = True

    def __bool__(self) -> bool:
        return self.allowed


ALLOW = Decision(True)


def deny(reason: str | Promise, *, by_role: bool = True) -> Decision:
    """A refusal; ``reason`` is shown to the person. ``by_role`` False: no role would change it."""
    return Decision(False, reason, by_role)


class Denied(PermissionDenied):
    """Seen but not allowed: the 403 page shows ``decision.reason``; of an act also the way ``back`` from it."""

    def __init__(self, decision: Decision, back: str = "") -> None:
        super().__init__(str(decision.reason))
        self.decision, self.back = decision, back


def require(decision: Decision, *, back: str = "") -> None:
    """Pass, or raise `Denied` with the decision's reason."""
    if not decision:
        raise Denied(decision, back)

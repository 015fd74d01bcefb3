"""Who may: a decision that carries its reason."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


@dataclass(frozen=True)
class Decision:
    """Whether an act is allowed and, when it is not, why, in the user's language."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOW = Decision(True)


def deny(reason: str | Promise) -> Decision:
    """A refusal; ``reason`` is shown to the person."""
    return Decision(False, reason)


class Denied(PermissionDenied):
    """Seen but not allowed: the 403 page shows ``decision.reason``."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision.reason))
        self.decision = decision


def require(decision: Decision) -> None:
    """Pass, or raise `Denied` with the decision's reason."""
    if not decision:
        raise Denied(decision)

"""What sender and transports say to each other."""

from dataclasses import dataclass

from notifications.choices import MessageState, Reason


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to go. ``key`` is its dedupe key; the provider gets it too."""

    key: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: ``reason`` in our words, ``error`` in the provider's."""

    state: MessageState
    provider_id: str = ""
    reason: str = ""
    error: str = ""


class Unreachable(Exception):
    """The service as a whole did not answer: nothing is known of any message, and trying the next batch is no use."""


def sent(provider_id: str = "") -> Outcome:
    """The provider has it."""
    return Outcome(MessageState.SENT, provider_id=provider_id[:100])


def refused(error: str, *, reason: str = Reason.REFUSED) -> Outcome:
    """It will never go like this; a person must look."""
    return Outcome(MessageState.FAILED, reason=reason, error=error[:300])


def later(error: str, *, reason: str = Reason.NOT_NOW) -> Outcome:
    """Not now; try again."""
    return Outcome(MessageState.RETRY, reason=reason, error=error[:300])

"""Between claim and transport: to which address, in which words. Reads members and texts; writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import kinds, wording
from notifications.choices import Channel, MessageState, Reason
from notifications.models import Message
from notifications.services.rendering import Place, Text, render, texts_in_force
from notifications.transports.base import Outcome, Outgoing, refused
from staff.models import Member


@dataclass(slots=True)
class Envelope:
    """A claimed message with its words, and either something to hand to the transport or an outcome already."""

    message: Message
    text: Text = Text("", "")
    outgoing: Outgoing | None = None
    outcome: Outcome | None = None


def make_envelopes(messages: Sequence[Message], *, now: datetime) -> list[Envelope]:
    """Address and word a batch. Two queries, whatever its size."""
    members = Member.objects.in_bulk({m.member_id for m in messages if m.member_id})
    texts = texts_in_force((m.kind, m.channel, m.language) for m in messages)
    return [_envelope(m, members.get(m.member_id), texts, now) for m in messages]


def _envelope(message: Message, member: Member | None, texts: dict[Place, Text], now: datetime) -> Envelope:
    if member is not None and not member.is_active:
        return Envelope(message, outcome=Outcome(MessageState.WITHHELD, reason=Reason.LEFT))
    to = address_of(message, member)
    if not to:
        return Envelope(message, outcome=refused("", reason=Reason.NO_ADDRESS))
    try:
        text = words_of(message, texts, now=now)
    except (wording.MissingValue, wording.BadText) as error:
        return Envelope(message, outcome=refused(str(error), reason=Reason.MISSING_VALUE))
    except (LookupError, ValueError, TypeError) as error:  # no such kind, no text, data that no text can say
        return Envelope(message, outcome=refused(str(error), reason=Reason.NO_TEXT))
    return Envelope(message, text, Outgoing(message.dedupe_key, to, text.subject, text.body))


def address_of(message: Message, member: Member | None) -> str:
    """Where it goes now: a member's phone or e-mail is the one on file at this moment."""
    if member is None:
        return message.address
    return {Channel.SMS: member.phone, Channel.EMAIL: member.email}.get(Channel(message.channel), member.staff_no)


def words_of(message: Message, texts: dict[Place, Text], *, now: datetime) -> Text:
    """The words of an earlier attempt, so that one key never carries two texts; else rendered afresh.

    Raises: LookupError, wording.BadText.
    """
    if message.body:
        return Text(message.subject, message.body)
    place = (message.kind, message.channel, message.language)
    if place not in texts:
        raise LookupError(message.kind)
    kinds.get(message.kind)
    return render(
        texts[place],
        kind=message.kind,
        data=message.data,
        channel=message.channel,
        language=message.language,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in full, for the development mailbox: as it was sent, or as it would be now."""

    message: Message
    to: str
    text: Text


def letters(messages: Sequence[Message], *, now: datetime) -> list[Letter]:
    """Messages with their words; those not sent yet are worded as if it were done now. Two queries."""
    envelopes = make_envelopes(messages, now=now)
    return [Letter(e.message, address_of(e.message, e.message.member), e.text) for e in envelopes]

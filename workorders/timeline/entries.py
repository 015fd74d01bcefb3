"""Rows of the timeline: events and what the customer was told, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from common import timewords
from customers import masking
from notifications import kinds
from notifications.choices import Channel as Way
from notifications.choices import MessageState, Reason
from notifications.models import Message
from workorders.choices import Verb
from workorders.models import Clock, Event
from workorders.reasons import answer_way
from workorders.timeline.titles import amendments, cause_words, late_reason, sources, title_of

LATE_ENTRY = timedelta(minutes=1)  # written down later than that: the row says when
PUBLIC_NOTES = frozenset({Verb.NOTE, Verb.CONTACT, Verb.ADD_CONTACT})


@dataclass(frozen=True)
class Mark:
    """The tag at the right of a row."""

    text: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True)
class File:
    """A file that was added in this row."""

    public_id: str
    name: str
    is_image: bool


@dataclass(frozen=True)
class Entry:
    """One row: when, what, who, and its mark. ``look``: "" or ``old`` (another row holds its right time now)."""

    at: datetime
    title: str
    lines: list[str] = field(default_factory=list)
    mark: Mark | None = None
    look: str = ""
    files: list[File] = field(default_factory=list)
    anchor: str = ""
    by_customer: bool = False  # the customer was told this: it has its own bullet


def entries_of(
    events: Iterable[Event],
    messages: Sequence[Message],
    *,
    now: datetime,
    show_person: bool,
    clocks: Iterable[Clock] = (),
) -> list[Entry]:
    """Events and messages to the customer as one story, newest first. A message lies above the event it came with.

    ``clocks`` of the order tell alarms apart where several of a kind run.
    """
    to_customer = [m for m in messages if m.address]
    told_late = {m.created_at: m for m in to_customer if m.kind.startswith("told_late")}
    read = {(m.created_at, m.member.name): m.read_at for m in messages if m.member_id}
    rows, named = [], sources(clocks)
    for event in events:
        delivery = told_late.pop(event.recorded_at, None) if event.verb == Verb.TELL_LATE else None
        rows.append(((event.at, 0, event.pk), _event_entry(event, delivery, read, now, show_person, named)))
    merged = {m.pk for m in to_customer if m.kind.startswith("told_late")} - {m.pk for m in told_late.values()}
    rows += [((m.created_at, 1, m.pk), _message_entry(m, now, show_person)) for m in to_customer if m.pk not in merged]
    return [entry for _key, entry in sorted(rows, key=lambda row: row[0], reverse=True)]


def _event_entry(
    event: Event, delivery: Message | None, read: dict, now: datetime, show_person: bool, named: dict[int, str]
) -> Entry:
    lines = [words for words in (_who(event, read), _written(event, now)) if words]
    if event.verb == Verb.AMEND:
        lines += amendments(event, show_person=show_person)
    if event.verb == Verb.TELL_LATE:
        lines.insert(0, late_reason(event))
    if event.verb == Verb.FINISH and event.data.get("cause"):
        lines.append(cause_words(event))
    if event.verb == Verb.CORRECT and event.text:
        lines.append(event.text)
    if delivery:
        lines.append(delivery_words(delivery, now, show_person))
    return Entry(
        at=event.at,
        title=title_of(event, now, source=named.get(event.data.get("clock_id"), "")),
        lines=lines,
        mark=delivery_mark(delivery) if delivery else _mark(event),
        look="old" if getattr(event, "is_superseded", False) else "",
        files=[File(f["id"], f["name"], f["type"].startswith("image/")) for f in event.data.get("attachments", ())],
        anchor=f"e{event.pk}",
        by_customer=event.verb == Verb.TELL_LATE,
    )


def _who(event: Event, read: dict) -> str:
    """Who did it; of an alarm, who was told and who has read it."""
    if event.verb == Verb.ALARM:
        told = [
            _("%(name)s (read)") % {"name": name} if read.get((event.recorded_at, name)) else name
            for name in event.data.get("told", ())
        ]
        names = pgettext("between things of a list", ", ").join(told)
        return _("Told %(names)s") % {"names": names} if names else _("Nobody was on duty to be told")
    parts = [event.actor.name, event.actor.home_unit.label, event.actor.post] if event.actor else [_("The system")]
    told = event.data.get("way") or event.data.get("channel")  # rows of before there were ways carry a channel
    if event.verb == Verb.ANSWER and told:
        parts.append(str(answer_way(told).label))
    return " · ".join(part for part in parts if part)


def _written(event: Event, now: datetime) -> str:
    """“written down at 15:40” when that was later than it happened."""
    if event.recorded_at - event.at < LATE_ENTRY:
        return ""
    return _("written down at %(time)s") % {"time": timewords.instant(event.recorded_at, now)}


def _mark(event: Event) -> Mark | None:
    if getattr(event, "is_superseded", False):
        return Mark(_("no longer counts"), "plain", "history")
    if event.verb == Verb.NOTE and not event.is_public:
        return Mark(_("internal"), "plain", "eye-off")
    if event.verb in PUBLIC_NOTES and event.is_public:
        return Mark(_("the customer sees it"), "", "eye")
    if event.verb == Verb.ANSWER:
        return Mark(_("the customer was told"), "", "message-2")
    return None


def _message_entry(message: Message, now: datetime, show_person: bool) -> Entry:
    return Entry(
        at=message.created_at,
        title=_told_words(message),
        lines=[delivery_words(message, now, show_person)],
        mark=delivery_mark(message),
        by_customer=True,
    )


def _told_words(message: Message) -> str:
    """“Told the customer: there by 15:17”; kinds of other rooms by their words as sent, or by their label."""
    if message.data.get("promise"):
        return _("Told the customer: %(words)s") % {"words": message.data["promise"]}
    if message.kind == "order_received_open":
        return _("Told the customer: received")
    try:
        label = str(kinds.get(message.kind).label)
    except kinds.UnknownKind:
        label = message.kind
    return _("Told the customer: %(words)s") % {"words": message.body[:80] or label}


def delivery_words(message: Message, now: datetime, show_person: bool) -> str:
    """“SMS 139 **** 2716 · sent at 14:32:19”: the way, the masked address, how far it got."""
    way = str(Way(message.channel).label)
    address = masking.phone(message.address) if show_person and message.channel == Way.SMS else ""
    head = f"{way} {address}".strip()
    return f"{head} · {_how_far(message, now)}"


def _how_far(message: Message, now: datetime) -> str:
    state = MessageState(message.state)
    if state == MessageState.SENT:
        return _("sent at %(time)s") % {"time": _to_the_second(message.sent_at, now)}
    if state in (MessageState.FAILED, MessageState.RETRY) and message.reason in Reason.values:
        return f"{state.label} · {Reason(message.reason).label}"
    if state == MessageState.QUEUED and message.not_before > now:
        return _("goes out at %(time)s, after the quiet hours") % {"time": timewords.instant(message.not_before, now)}
    return str(state.label)


def _to_the_second(at: datetime, now: datetime) -> str:
    words = timewords.instant(at, now)
    return f"{words}:{at.second:02d}"


DELIVERY = {
    MessageState.SENT: (gettext_lazy("sent to the customer"), "", "message-2"),
    MessageState.FAILED: (gettext_lazy("not sent"), "look", "alert-triangle"),
    MessageState.WITHHELD: (gettext_lazy("held back"), "", "ban"),
}


def delivery_mark(message: Message) -> Mark:
    """How a message to the customer fared, as the tag of its row."""
    waiting = (gettext_lazy("on its way"), "", "clock")
    text, kind, icon = DELIVERY.get(MessageState(message.state), waiting)
    return Mark(str(text), kind, icon)

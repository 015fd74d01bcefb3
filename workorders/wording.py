"""Orders and promises in words, for messages and pages. Customers never read our trade's words (ui.md §8)."""

from datetime import datetime

from django.utils.translation import get_language, pgettext

from common import timewords
from workorders.choices import ClockKind, Kind, Situation
from workorders.models import Clock, Event, WorkOrder


def promised(kind: str, when: str) -> str:
    """What a customer is promised: “there by 15:17”, “power back by 18:06”. ``when`` already says the day."""
    words = {
        ClockKind.CONTACT: pgettext("promise", "in touch with you by %(when)s"),
        ClockKind.ARRIVE: pgettext("promise", "there by %(when)s"),
        ClockKind.RESTORE: pgettext("promise", "power back by %(when)s"),
        ClockKind.RECONNECT: pgettext("promise", "power reconnected by %(when)s"),
        ClockKind.ANSWER: pgettext("promise", "an answer by %(when)s"),
    }
    return words.get(ClockKind(kind), "%(when)s") % {"when": when}


def unit(event: Event, end: str) -> str:
    """The unit at one end (``"from"``, ``"to"``) of a hand-over as it was called then, in the reader's language."""
    english = event.data.get(f"{end}_en", "") if get_language() == "en" else ""
    return str(english or event.data.get(end, ""))


def promise_words(clock: Clock | None, now: datetime) -> str:
    """The promise of a clock in one phrase; empty without a clock that has an instant."""
    if clock is None or clock.due_at is None:
        return ""
    return promised(clock.kind, timewords.instant(clock.due_at, now))


def matter(order: WorkOrder) -> str:
    """What it is about in the customer's words: never a code, never the trade's words."""
    plain = {
        Kind.FAULT: pgettext("matter", "your report of a fault"),
        Kind.INQUIRY: pgettext("matter", "your question"),
        Kind.COMPLAINT: pgettext("matter", "your complaint"),
        Kind.TIP_OFF: pgettext("matter", "what you told us"),
        Kind.SUGGESTION: pgettext("matter", "your suggestion"),
        Kind.OPINION: pgettext("matter", "your opinion"),
        Kind.PRAISE: pgettext("matter", "your praise"),
        Kind.SERVICE: pgettext("matter", "your request"),
        Kind.TASK: pgettext("matter", "what we have to do for you"),
    }
    return plain[Kind(order.kind)]


def trouble(order: WorkOrder) -> str:
    """What is wrong, as a customer says it; for other kinds what it is about."""
    said = {
        Situation.WHOLE: pgettext("trouble", "No power at home"),
        Situation.PARTIAL: pgettext("trouble", "Part of the home has no power"),
        Situation.VOLTAGE: pgettext("trouble", "The lights flicker"),
        Situation.DANGER: pgettext("trouble", "Something dangerous"),
    }
    return said[Situation(order.situation)] if order.situation else matter(order)


def place(order: WorkOrder) -> str:
    """Where it is, for colleagues: the street address without the door."""
    return order.address or pgettext("place", "no address")


def say(kind: str, due_at: datetime, now: datetime) -> str:
    """A sentence the clerk may say, with the time as people speak it."""
    when = timewords.spoken(due_at, now)
    words = {
        ClockKind.CONTACT: pgettext("say", "A colleague will call you %(when)s."),
        ClockKind.ARRIVE: pgettext("say", "The crew will be with you %(when)s and will call before they come."),
        ClockKind.RECONNECT: pgettext("say", "Your power will be back on %(when)s."),
        ClockKind.ANSWER: pgettext("say", "You will have our answer %(when)s."),
    }
    return words.get(ClockKind(kind), "%(when)s") % {"when": when}

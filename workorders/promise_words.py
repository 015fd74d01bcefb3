"""What customers and crews read about a promise: whole sentences per kind of clock, none of our trade's words.

A sentence is what we promised, by when, and how long; when it is broken, the new time comes first (ui.md §5).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Says:
    """Sentences about one kind of clock. ``by`` is “by 15:17 today”, ``at`` an instant."""

    will: Promise  # what we will do
    did: Promise  # it is done
    promised: Promise  # what we promised
    short: Promise  # the same to a colleague, or in a list
    missed: Promise  # it is broken
    anew: Promise  # the new time
    unknown: Promise  # there is none yet
    within: Promise  # waits for something else first


SAYS: Mapping[str, Says] = {
    "arrive": Says(
        pgettext_lazy("arrive", "We will be there %(by)s"),
        pgettext_lazy("arrive", "There at %(at)s"),
        pgettext_lazy("arrive", "We promised to be there %(by)s"),
        pgettext_lazy("arrive", "Promised: there %(by)s"),
        pgettext_lazy("arrive", "We said %(at)s and did not make it. Sorry."),
        pgettext_lazy("arrive", "New time: %(by)s"),
        pgettext_lazy("arrive", "We do not know yet when we can be there"),
        pgettext_lazy("arrive", "There within %(amount)s"),
    ),
    "restore": Says(
        pgettext_lazy("restore", "Your power will be back %(by)s"),
        pgettext_lazy("restore", "Power back at %(at)s"),
        pgettext_lazy("restore", "We promised power %(by)s"),
        pgettext_lazy("restore", "Promised: power back %(by)s"),
        pgettext_lazy("restore", "We said %(at)s and did not make it. Sorry."),
        pgettext_lazy("restore", "New time: power %(by)s"),
        pgettext_lazy("restore", "We do not know yet when the power will be back"),
        pgettext_lazy("restore", "Power back within %(amount)s"),
    ),
    "reconnect": Says(
        pgettext_lazy("reconnect", "We will reconnect you %(by)s"),
        pgettext_lazy("reconnect", "Reconnected at %(at)s"),
        pgettext_lazy("reconnect", "We promised to reconnect you %(by)s"),
        pgettext_lazy("reconnect", "Promised: reconnected %(by)s"),
        pgettext_lazy("reconnect", "We said %(at)s and did not make it. Sorry."),
        pgettext_lazy("reconnect", "New time: reconnected %(by)s"),
        pgettext_lazy("reconnect", "We do not know yet when we can reconnect you"),
        pgettext_lazy("reconnect", "Reconnected within %(amount)s"),
    ),
    "contact": Says(
        pgettext_lazy("contact", "We will call you %(by)s"),
        pgettext_lazy("contact", "We called you at %(at)s"),
        pgettext_lazy("contact", "We promised to call you %(by)s"),
        pgettext_lazy("contact", "Promised: a call %(by)s"),
        pgettext_lazy("contact", "We said we would call by %(at)s and did not. Sorry."),
        pgettext_lazy("contact", "New time: a call %(by)s"),
        pgettext_lazy("contact", "We do not know yet when we can call you"),
        pgettext_lazy("contact", "A call within %(amount)s"),
    ),
    "answer": Says(
        pgettext_lazy("answer", "You will have our answer %(by)s"),
        pgettext_lazy("answer", "Answered at %(at)s"),
        pgettext_lazy("answer", "We promised you an answer %(by)s"),
        pgettext_lazy("answer", "Promised: an answer %(by)s"),
        pgettext_lazy("answer", "We said %(at)s and have no answer yet. Sorry."),
        pgettext_lazy("answer", "New time: an answer %(by)s"),
        pgettext_lazy("answer", "We do not know yet when we can answer"),
        pgettext_lazy("answer", "An answer within %(amount)s"),
    ),
}
OTHER = Says(
    pgettext_lazy("other promise", "It will be done %(by)s"),
    pgettext_lazy("other promise", "Done at %(at)s"),
    pgettext_lazy("other promise", "We promised it %(by)s"),
    pgettext_lazy("other promise", "Promised %(by)s"),
    pgettext_lazy("other promise", "We said %(at)s and did not make it. Sorry."),
    pgettext_lazy("other promise", "New time: %(by)s"),
    pgettext_lazy("other promise", "We do not know yet when it will be done"),
    pgettext_lazy("other promise", "Within %(amount)s"),
)


def says(kind: str) -> Says:
    """The sentences of a kind of clock; a kind without its own speaks in general words."""
    return SAYS.get(kind, OTHER)

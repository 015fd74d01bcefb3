"""Two people on one order: what the other one did, in words for the one who comes second."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common import timewords
from workorders.forms.acts.base import ActForm
from workorders.models import WorkOrder
from workorders.selectors.timeline import latest_acts
from workorders.timeline import Entry, entries_of

SHOWN = 5


@dataclass(frozen=True)
class Clash:
    """``words``: “Zhou Ting changed this order 2 minutes ago.” ``entries``: what was done since, newest first."""

    words: str
    entries: list[Entry]


@dataclass(frozen=True)
class Difference:
    """A field that reads otherwise now than it was typed."""

    label: str
    theirs: str
    yours: str


def differences(form: ActForm) -> list[Difference]:
    """Both versions of every value the order carries and the form asks for, where they differ."""
    start = form.start(form.order, form.now) if form.mirrors else {}
    found = []
    for name in start:
        if name not in form.fields:
            continue
        bound, choices = form[name], dict(getattr(form.fields[name], "choices", ()))
        theirs, yours = str(start[name] or ""), str(bound.data or "")
        if theirs != yours:
            found.append(Difference(str(bound.label), str(choices.get(theirs, theirs)), str(choices.get(yours, yours))))
    return found


def clash_of(order: WorkOrder, *, seen: int, now: datetime, show_person: bool) -> Clash:
    """What happened since version ``seen`` of the order."""
    events = latest_acts(order, limit=min(max(order.version - seen, 1), SHOWN))
    last = events[0]
    who = last.actor.name if last.actor else _("The system")
    ago = timewords.over(now - last.recorded_at)
    words = _("%(who)s changed this order %(ago)s ago. What you wrote is still below.") % {"who": who, "ago": ago}
    return Clash(words, entries_of(events, [], now=now, show_person=show_person))

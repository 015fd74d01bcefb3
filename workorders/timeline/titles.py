"""What one row of the timeline says: a title per act, in the reader's language."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from common import timewords
from customers import masking
from customers.choices import Purpose
from staff.choices import AreaClass
from workorders import wording
from workorders.choices import (
    CallBackResult,
    Cause,
    Channel,
    ClockKind,
    Kind,
    LateReason,
    ReturnReason,
    ServiceType,
    Situation,
    Stage,
    Verb,
)
from workorders.models import Clock, Event

V = Verb


def title_of(event: Event, now: datetime, *, source: str = "") -> str:
    """One line on what happened; ``source`` names the rule behind an alarm where its clock alone does not."""
    verb = V(event.verb)
    if verb == V.ALARM:
        return _alarmed(event, source)
    if verb in _TITLES:
        return _TITLES[verb](event, now)
    return _said(str(verb.label), event.text)


def _said(head: str, text: str) -> str:
    return _("%(head)s: %(text)s") % {"head": head, "text": text} if text else head


def _given(event: Event, now: datetime) -> str:
    head = _("Given to %(unit)s") % {"unit": wording.unit(event, "to")}
    return _said(head, event.text)


def _transferred(event: Event, now: datetime) -> str:
    units = {"old": wording.unit(event, "from"), "new": wording.unit(event, "to")}
    return _said(_("Reassigned: %(old)s → %(new)s") % units, event.text)


def _returned(event: Event, now: datetime) -> str:
    reason = _label(ReturnReason, event.data.get("reason"))
    return _said(_("Returned: %(reason)s") % {"reason": reason}, event.text)


def _moved(event: Event, now: datetime) -> str:
    was = timewords.instant(datetime.fromisoformat(event.data["was"]), now)
    return _said(_("Other time set, not by %(was)s") % {"was": was}, event.text)


def _contacted(event: Event, now: datetime) -> str:
    return _said(_("Spoke to the customer"), event.text)


def _called_back(event: Event, now: datetime) -> str:
    result = _label(CallBackResult, event.data.get("result"))
    return _said(_("Called back: %(result)s") % {"result": result}, event.text)


def _told_late(event: Event, now: datetime) -> str:
    """“Told the customer: by 16:00, not 15:17. The job before takes longer.”"""
    was = timewords.instant(datetime.fromisoformat(event.data["was_due"]), now)
    if event.data.get("new_time"):
        told = _("new time by %(time)s, not %(was)s")
        at = event.data["new_time"]
    else:
        told = _("not by %(was)s, next news by %(time)s")
        at = event.data["next_news"]
    words = told % {"was": was, "time": timewords.instant(datetime.fromisoformat(at), now)}
    return _("Told the customer it will be late: %(words)s") % {"words": words}


def _corrected(event: Event, now: datetime) -> str:
    was = timewords.instant(datetime.fromisoformat(event.data["was"]), now)
    verb = str(V(event.data["verb"]).label)
    return _("%(act)s (corrected, was %(was)s)") % {"act": verb, "was": was}


def _taken_back(event: Event, now: datetime) -> str:
    return _("Taken back: %(act)s") % {"act": _label(V, event.data.get("verb"))}


def sources(clocks: Iterable[Clock]) -> dict[int, str]:
    """The sources of clocks whose kind sounds the alarm by several rules, by the clock's id."""
    clocks = [clock for clock in clocks if clock.per_order]
    kinds = Counter(kind for kind, _rule in {(clock.kind, clock.rule_id) for clock in clocks})
    return {clock.pk: clock.rule.short_name for clock in clocks if kinds[clock.kind] > 1}


def with_source(clock: str, source: str) -> str:
    """“Arrive (Ten promises)”."""
    return _("%(clock)s (%(label)s)") % {"clock": clock, "label": source} if source else clock


def _alarmed(event: Event, source: str) -> str:
    """“Reminder: Arrive, 18 min left”, “Time limit passed: Arrive”, “Escalated: Arrive, 12 min over”."""
    clock = with_source(_label(ClockKind, event.data.get("clock")), source)
    due = datetime.fromisoformat(event.data["due_at"])
    if event.data.get("stage") == Stage.BREACH:
        return _("Time limit passed: %(clock)s") % {"clock": clock}
    if event.data.get("stage") == Stage.WARN:
        if event.at >= due:  # the sweep was late
            return _("Reminder: %(clock)s") % {"clock": clock}
        return _("Reminder: %(clock)s, %(span)s left") % {"clock": clock, "span": timewords.left(due - event.at)}
    return _("Escalated: %(clock)s, %(span)s over") % {"clock": clock, "span": timewords.over(event.at - due)}


def _amended(event: Event, now: datetime) -> str:
    fields = [str(words) for name, words in FIELD_WORDS.items() if name in event.data.get("after", {})]
    separator = pgettext("between things of a list", ", ")
    return _said(_("Amended: %(fields)s") % {"fields": separator.join(fields)}, event.text)


def _noted(event: Event, now: datetime) -> str:
    if "looked_at" in event.data:
        return _("Looked at the phone number: %(purpose)s") % {"purpose": _label(Purpose, event.data["looked_at"])}
    if event.data.get("attachments") and not event.text:
        return _("Added files")
    return event.text


_TITLES: Mapping[Verb, Callable[[Event, datetime], str]] = {
    V.DISPATCH: _given,
    V.TRANSFER: _transferred,
    V.MOVE: _moved,
    V.RETURN: _returned,
    V.CONTACT: _contacted,
    V.CALL_BACK: _called_back,
    V.TELL_LATE: _told_late,
    V.CORRECT: _corrected,
    V.TAKE_BACK: _taken_back,
    V.AMEND: _amended,
    V.NOTE: _noted,
}

FIELD_WORDS: Mapping[str, Promise] = {
    "kind": gettext_lazy("kind"),
    "service_type": gettext_lazy("service"),
    "situation": gettext_lazy("situation"),
    "customer": gettext_lazy("customer"),
    "supply_point": gettext_lazy("supply point"),
    "contact_name": gettext_lazy("contact"),
    "contact_phone": gettext_lazy("phone"),
    "address": gettext_lazy("address"),
    "area_class": gettext_lazy("area class"),
    "unit": gettext_lazy("unit"),
    "channel": gettext_lazy("channel"),
    "subject": gettext_lazy("subject"),
    "description": gettext_lazy("what the customer said"),
    "details": gettext_lazy("details"),
}
PERSONAL = frozenset({"customer", "supply_point", "contact_name", "contact_phone", "address"})
_CHOICES: Mapping[str, type] = {
    "kind": Kind,
    "service_type": ServiceType,
    "situation": Situation,
    "channel": Channel,
    "area_class": AreaClass,
}


def amendments(event: Event, *, show_person: bool) -> list[str]:
    """Old and new values of an amendment, one line each; personal ones only for whoever may see the person."""
    before, after = event.data.get("before", {}), event.data.get("after", {})
    names = [n for n in FIELD_WORDS if n in after and n != "details" and (show_person or n not in PERSONAL)]
    return [
        _("%(field)s: %(old)s → %(new)s")
        % {"field": FIELD_WORDS[n], "old": _value(n, before.get(n)), "new": _value(n, after[n])}
        for n in names
    ]


def _value(name: str, value: Any) -> str:
    if value in ("", None):
        return "—"
    if name == "contact_phone":
        return masking.phone(str(value))
    if name in _CHOICES:
        return _label(_CHOICES[name], value)
    return str(value)[:60]


def _label(choices: Any, value: str | None) -> str:
    """A choice in words; one that was taken out of the list since stays as it is stored."""
    return str(choices(value).label) if value in choices.values else str(value or "")


def cause_words(event: Event) -> str:
    """Where the fault was."""
    return _("Cause: %(cause)s") % {"cause": _label(Cause, event.data["cause"])}


def late_reason(event: Event) -> str:
    """Why it is late: in the reader's language when it came from the list, else as it was typed."""
    reason = event.data.get("reason", "")
    if reason in LateReason.values and event.text in _in_every_language(reason):
        return str(LateReason(reason).label)
    return event.text


@lru_cache(maxsize=64)
def _in_every_language(reason: str) -> frozenset[str]:
    words = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            words.add(str(LateReason(reason).label))
    return frozenset(words)

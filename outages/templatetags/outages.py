"""Words and marks of an outage in templates: ``{% load outages %}``."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import timewords
from common.templatetags.dh import tag
from outages import wording
from outages.choices import State, Verb
from outages.models import Outage, OutageEvent

register = template.Library()
register.filter(wording.since_words)
register.filter(wording.back_words)
register.filter(wording.news_words)

LOOKS = {State.UNDER_WAY: ("dark", "bolt-off"), State.CANCELLED: ("", "ban"), State.POSTPONED: ("look", "clock-pause")}


@register.simple_tag
def outage_state(outage: Outage) -> SafeString:
    """How far it is, as a tag; the one without power is night."""
    kind, icon = LOOKS.get(State(outage.state), ("", ""))
    return tag(outage.get_state_display(), kind=kind, icon=icon)


@register.filter
def power_look(outage: Outage) -> str:
    """How lists and map draw it: off, calm (the power is back), planned."""
    return "off" if outage.is_off else "calm" if outage.restored_at else "planned"


@register.filter
def event_title(event: OutageEvent, now: datetime) -> str:
    """“Announced”, “Time of return told”, with the old time where one was given up."""
    title, was = event.get_verb_display(), event.data.get("was")
    if event.verb == Verb.ESTIMATE and was:
        return _("%(what)s, before: %(time)s") % {"what": title, "time": _instant(was, now)}
    if event.verb == Verb.RESTORE_PART:
        return _("%(what)s: %(n)d customers") % {"what": title, "n": event.data["customers"]}
    if event.data.get("late_min"):
        late = timewords.duration(timewords.MINUTE * event.data["late_min"])
        return _("%(what)s, %(span)s too late by the rules") % {"what": title, "span": late}
    return title


def _instant(text: str, now: datetime) -> str:
    return timewords.instant(datetime.fromisoformat(text), now)

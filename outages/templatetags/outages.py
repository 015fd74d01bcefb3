"""Words and marks of an outage in templates: ``{% load outages %}``."""

import math
from datetime import datetime, timedelta

from django import template
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import timewords
from common.templatetags.dh import tag
from customers import masking
from customers.masking import address_public
from customers.models import Customer
from outages import wording
from outages.choices import State, Verb
from outages.models import Outage, OutageEvent

register = template.Library()
register.filter(wording.since_words)
register.filter(wording.back_words)
register.filter(wording.news_words)
register.filter("masked_phone", masking.phone)
register.filter("masked_account", masking.account_public)

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


VARIANTS = {
    1: gettext_lazy("1 · everything"),
    2: gettext_lazy("2 · without causes from outside"),
    3: gettext_lazy("3 · without shortage of power"),
    4: gettext_lazy("4 · without either"),
}


@register.filter
def variant_words(number: int) -> str:
    """What a Chinese variant of the indices leaves out (DL/T 836)."""
    return str(VARIANTS[number])


@register.filter
def figure(value: float | None, places: int) -> str:
    """An index; “—” when it cannot be said."""
    if value is None:
        return "—"
    return formats.number_format(round(value, places), decimal_pos=places, force_grouping=True)


@register.filter
def percent_figure(value: float | None, places: int = 4) -> str:
    """A share: “99.9912 %”; rounded down, for 99.99996 % is not all of the time."""
    if value is None:
        return "—"
    scale = 10**places
    percent = math.floor(round(value * 100 * scale, 6)) / scale
    return f"{formats.number_format(percent, decimal_pos=places)}\N{NO-BREAK SPACE}%"


@register.filter
def main_address(customer: Customer) -> str:
    """Where a customer is, as far as the building."""
    point = next(iter(customer.supply_points.all()), None)
    return address_public(point.address) if point else "—"


@register.filter
def number_to_call(customer: Customer) -> str:
    """The number to call, masked; “—” without any."""
    numbers = [contact.phone for contact in customer.contacts.all()]
    return masking.phone(customer.phone_on_file or next(iter(numbers), "")) or "—"


@register.filter
def lasted_words(span: timedelta | None) -> str:
    """How long it lasted, to the minute where that is enough: “2 h 05 min”; “—” while it goes on."""
    if span is None:
        return "—"
    return timewords.duration(span if span < timewords.HOUR else span // timewords.MINUTE * timewords.MINUTE)


@register.filter
def over_words(span: timedelta | None) -> str:
    """Against the time that was told: “12 min late”, “30 min early”, “on the minute”; “—” while it goes on."""
    if span is None:
        return "—"
    if abs(span) < timewords.MINUTE:
        return _("on the minute")
    if span > timedelta(0):
        return _("%(span)s late") % {"span": timewords.over(span)}
    return _("%(span)s early") % {"span": timewords.left(-span)}

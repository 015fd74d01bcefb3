"""Words and figures of orderly use in templates: ``{% load orderly %}``."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import timewords
from common.templatetags.dh import tag
from outages.models import OrderlyEvent, OrderlyPlan, OrderlyRun
from outages.orderly_choices import PlanState, Verb
from outages.selectors.orderly.exempt import ground_words
from outages.shortage import Span
from outages.wording import between_words, run_standing

register = template.Library()
register.filter(run_standing)
register.filter(ground_words)


@register.filter
def mw(value: Decimal | None) -> str:
    """Megawatts with one decimal, without the unit; “—” where nothing is written down."""
    return "—" if value is None else formats.number_format(value, decimal_pos=1, force_grouping=True)


@register.filter
def percent(value: Decimal) -> str:
    """A share of the peak: “12.5 %”."""
    return f"{formats.number_format(value, decimal_pos=1)} %"


@register.filter
def window(run: OrderlyRun, now: datetime) -> str:
    """When it is asked: “10:00 today – 12:00”."""
    return between_words(run.starts_at, run.ends_at, now)


@register.filter
def span_words(span: Span, now: datetime) -> str:
    """An hour of the report: “10:00 – 11:00”, with the day where it begins one."""
    said = {"start": timewords.instant_short(span.start, now), "end": timewords.clock(span.end)}
    return _("%(start)s – %(end)s") % said


@register.simple_tag
def plan_state(plan: OrderlyPlan) -> SafeString:
    """How far a version is; the one in force is night."""
    return tag(plan.get_state_display(), kind="dark" if plan.state == PlanState.APPROVED else "")


@register.simple_tag
def run_standing_tag(run: OrderlyRun, now: datetime) -> SafeString:
    """How far a run is; the one under way is night."""
    under_way = run.is_active and run.starts_at <= now < run.ends_at
    return tag(run_standing(run, now), kind="dark" if under_way else "")


@register.filter
def story_title(event: OrderlyEvent, now: datetime) -> str:
    """“Batch written: 3 users, 4.5 MW”, “Activated: YX-261120-0001”."""
    title, data = event.get_verb_display(), event.data
    if event.verb == Verb.BATCH:
        said = {"what": title, "batch": event.text, "mw": mw(Decimal(data["mw"]))}
        return _("%(what)s: %(batch)s, %(mw)s MW") % said
    if event.verb == Verb.ACTIVATE and event.run:
        return _("%(what)s: %(name)s") % {"what": title, "name": event.run.code}
    if event.verb in (Verb.EXEMPT, Verb.UNEXEMPT):
        return _("%(what)s: %(name)s") % {"what": title, "name": data["name"]}
    return title

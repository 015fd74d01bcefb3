"""Telling people of an outage before it begins: announced, put off, called off."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import Refusal
from common.timewords import instant
from outages.choices import State, Verb
from outages.lead import lead_of
from outages.services.change import Change, act
from outages.services.freezing import freeze


@act(Verb.PUBLISH)
def publish(change: Change) -> None:
    """Announce it: the list is frozen, the public pages have it. Refused when it is too late and nobody allowed that.

    Raises: Refusal when it should have begun already.
    """
    outage, now = change.outage, change.now
    if outage.starts_at is None or outage.starts_at <= now:
        raise Refusal(_("Its beginning is past. Change the window first."), field="starts_at")
    lead = lead_of(outage)
    if lead and lead.is_late(now) and not outage.late_reason:
        said = {"time": instant(lead.latest, now), "source": lead.rule.source}
        raise Refusal(_("Too late: it had to be announced by %(time)s (%(source)s).") % said, field="starts_at")
    change.data = {"late_min": max(0, int((now - lead.latest).total_seconds() // 60))} if lead else {}
    freeze(outage, actor=change.actor, now=now, reason=change.text)
    change.set(version=outage.version, customers=outage.customers, published_at=outage.published_at or now)


@act(Verb.POSTPONE)
def postpone(
    change: Change, *, reason: str, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> None:
    """Not then: at another time, or at one that is not known yet. Announcing it anew keeps the lead time again."""
    outage = change.outage
    if not reason.strip():
        raise Refusal(_("Say why. Everybody who was told will read it."), field="reason")
    if starts_at and (not ends_at or ends_at <= starts_at):
        raise Refusal(_("It ends before it begins."), field="ends_at")
    if starts_at and starts_at <= change.now:
        raise Refusal(_("Choose a time that is still to come."), field="starts_at")
    change.text = reason.strip()
    change.data = {"was": [at.isoformat() for at in (outage.starts_at, outage.ends_at) if at]}
    change.set(starts_at=starts_at, ends_at=ends_at, late_reason="", late_allowed_by=None)
    outage.state = State.POSTPONED
    freeze(outage, actor=change.actor, now=change.now, reason=change.text)
    change.touched |= {"version", "customers"}


@act(Verb.CANCEL)
def cancel(change: Change, *, reason: str) -> None:
    """It will not happen."""
    if not reason.strip():
        raise Refusal(_("Say why. Everybody who was told will read it."), field="reason")
    change.text = reason.strip()

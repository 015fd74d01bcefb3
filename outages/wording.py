"""What people read of an outage, on every face: one place for the words."""

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from outages.choices import State
from outages.models import OrderlyRun, Outage, RunUser


def since_words(outage: Outage, now: datetime) -> str:
    """“off since 13:20”, “off 24 Nov, 8:30 – 17:00”, “at a time to be told”."""
    if outage.began_at:
        return _("off since %(time)s") % {"time": timewords.instant(outage.began_at, now)}
    return window_words(outage, now)


def window_words(outage: Outage, now: datetime) -> str:
    """The announced window: “Tue 24 Nov, 8:30 – 17:00”."""
    if outage.starts_at is None or outage.ends_at is None:
        return _("at another time that we will tell you")
    return between_words(outage.starts_at, outage.ends_at, now)


def between_words(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """A window: “10:00 today – 12:00”, “Tue 24 Nov, 8:30 – Wed 25 Nov, 6:00”."""
    start = timewords.instant(starts_at, now, today=True)
    same_day = timewords.day(starts_at, now) == timewords.day(ends_at, now)
    end = timewords.clock(ends_at) if same_day else timewords.instant(ends_at, now, today=True)
    return _("%(start)s – %(end)s") % {"start": start, "end": end}


def back_words(outage: Outage, now: datetime) -> str:
    """The one thing people want to know: “Power expected back by 16:30”, or that we do not know yet."""
    if outage.state == State.CANCELLED:
        return _("Called off: the power stays on")
    if outage.restored_at:
        return _("Power back since %(time)s") % {"time": timewords.instant(outage.restored_at, now)}
    if outage.state == State.POSTPONED and outage.starts_at is None:
        return _("Put off; we will tell you the new time")
    if outage.back_at is None:
        return _("We do not know yet when the power will be back")
    if outage.is_off and outage.back_at < now:
        return _("Should be back since %(time)s; we are late") % {"time": timewords.instant(outage.back_at, now)}
    by = {"by": timewords.by(outage.back_at, now)}
    return _("Power expected back %(by)s") % by if outage.is_off else _("Power back %(by)s") % by


def news_words(outage: Outage, now: datetime) -> str:
    """Beside an unknown time: “news by 15:15 at the latest”."""
    if outage.is_off and outage.next_news_at:
        return _("We tell you more %(by)s at the latest") % {"by": timewords.by(outage.next_news_at, now)}
    return ""


def in_short(outage: Outage, now: datetime) -> str:
    """In one line: “off since 13:20 · the cable is broken · Power expected back by 16:30”."""
    parts = (since_words(outage, now), outage.reason, back_words(outage, now))
    return " · ".join(filter(None, parts))


def state_at_a_place(outage: Outage, now: datetime) -> str:
    """For a supply point: “Fault outage off since 13:20 · Power expected back by 16:30”."""
    return f"{outage.get_kind_display()} {since_words(outage, now)} · {back_words(outage, now)}"


def run_standing(run: OrderlyRun, now: datetime) -> str:
    """How far a run of orderly use is: to come, under way, over, or what was decided of it."""
    if not run.is_active:
        return run.get_state_display()
    if now < run.starts_at:
        return _("To come")
    under_way = pgettext("orderly run", "Under way")
    return under_way if now < run.ends_at else _("Over, not closed yet")


def asked_words(user: RunUser, now: datetime) -> str:
    """What a customer is asked: “Orderly use 10:00 today – 12:00: avoid peak, 2.5 MW”."""
    said = {
        "window": between_words(user.run.starts_at, user.run.ends_at, now),
        "measure": user.batch.get_measure_display(),
        "mw": formats.number_format(user.mw, decimal_pos=1),
    }
    return _("Orderly use %(window)s: %(measure)s, %(mw)s MW") % said

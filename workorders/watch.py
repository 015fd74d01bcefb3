"""Is anybody watching the clocks? The line of the health page and the banner of every page."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import timewords
from common.contributions import HealthLine, health_checks
from common.pulse import Pulse, pulses
from workorders.models import Heartbeat


def silence(now: datetime) -> timedelta | None:
    """How long ago the last sweep ended; None when none ever ran."""
    beat_at = Heartbeat.objects.filter(name="sweep").order_by().values_list("at", flat=True).first()
    return None if beat_at is None else max(timedelta(), now - beat_at)


def is_watched(now: datetime) -> tuple[bool, int, str]:
    """The figure is seconds since the last sweep."""
    silent = silence(now)
    if silent is None:
        return False, 0, _("Time limits have not been checked yet")
    seconds = int(silent.total_seconds())
    words = _("Last checked %(span)s ago.") % {"span": timewords.duration(timedelta(seconds=seconds))}
    return seconds <= settings.STALE_AFTER_S, seconds, words


def sweep_pulse(now: datetime) -> Pulse:
    """What is wrong when nobody watches, and what it does not mean: late is a comparison, so figures stay right."""
    silent = silence(now)
    if silent is not None and silent.total_seconds() <= settings.STALE_AFTER_S:
        return Pulse(ok=True, age_s=int(silent.total_seconds()))
    title = _("Time limits have not been checked yet")
    if silent is not None:
        title = _("Time limits were last checked %(span)s ago") % {"span": timewords.over(silent)}
    return Pulse(
        ok=False,
        age_s=int(silent.total_seconds()) if silent else 10**9,
        banner_title=title,
        banner_text=_("What is late is counted right; reminders and escalations come late. Nothing is forgotten."),
        banner_url=reverse("common:health"),
        banner_link=_("How it runs"),
    )


pulses.register("sweep", sweep_pulse, order=10)
# Not vital for a single web process: taking pages away would not make a clock fire sooner.
health_checks.register(
    "sweep", HealthLine("sweep", is_watched, gettext_lazy("Checking of time limits"), vital=False), order=30
)

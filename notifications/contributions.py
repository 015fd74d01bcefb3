"""What this room shows in the frame: bell, settings pages, health lines, the banner when the sender is behind."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import timewords
from common.contributions import HealthLine, SettingsPage, bell, health_checks, settings_pages
from common.pulse import Pulse, pulses
from notifications import policies
from notifications.selectors import sender_state, unread


def sender_is_alive(now: datetime) -> tuple[bool, int, str]:
    """The figure is seconds since a sender was last heard."""
    state = sender_state(now)
    if state.beat_at is None:
        return state.oldest_s == 0, 0, _("No sender has run yet.")
    words = _("Last heard at %(time)s.") % {"time": timewords.instant(state.beat_at, now)}
    return state.silent_s <= settings.STALE_AFTER_S, state.silent_s, words


def messages_go_out(now: datetime) -> tuple[bool, int, str]:
    """The figure is the age, in seconds, of the oldest message that should have gone."""
    state = sender_state(now)
    if not state.oldest_s:
        return True, 0, _("Nothing waits that should have gone.")
    span = timewords.over(timedelta(seconds=state.oldest_s))
    return state.oldest_s <= settings.STALE_AFTER_S, state.oldest_s, _("The oldest waits %(span)s.") % {"span": span}


def sender_pulse(now: datetime) -> Pulse:
    """The banner: what is wrong, what it means, where to look."""
    state = sender_state(now)
    age_s = max(state.silent_s, state.oldest_s)
    if not state.is_stale:
        return Pulse(ok=True, age_s=age_s)
    return Pulse(
        ok=False,
        age_s=age_s,
        banner_title=_("Messages are %(span)s behind") % {"span": timewords.over(timedelta(seconds=age_s))},
        banner_text=_("Texts and e-mails go out late; none is lost. Telephone what cannot wait."),
        banner_url=reverse("common:health"),
        banner_link=_("How it runs"),
    )


bell.register("notifications", unread)
pulses.register("sender", sender_pulse)
# Not vital: taking the pages away would not make a single message go out sooner.
health_checks.register("sender", HealthLine("sender", sender_is_alive, gettext_lazy("Sender"), vital=False), order=35)
health_checks.register(
    "messages", HealthLine("messages", messages_go_out, gettext_lazy("Messages out"), vital=False), order=36
)
settings_pages.register(
    "messages",
    SettingsPage(
        label=gettext_lazy("Outgoing messages"),
        text=gettext_lazy("What was sent to whom, what was not, and sending it again."),
        icon="message-2",
        url_name="notifications:outgoing",
        roles=policies.SEE_OUTGOING,
    ),
    order=60,
)
settings_pages.register(
    "texts",
    SettingsPage(
        label=gettext_lazy("Message texts"),
        text=gettext_lazy("The words of every SMS, e-mail and in-app message, in both languages."),
        icon="edit",
        url_name="notifications:texts",
        roles=policies.EDIT_TEMPLATES,
    ),
    order=61,
)
settings_pages.register(
    "quiet_hours",
    SettingsPage(
        label=gettext_lazy("Quiet hours"),
        text=gettext_lazy("When customers are left alone unless it is urgent."),
        icon="clock-pause",
        url_name="notifications:quiet_hours",
        roles=policies.SET_QUIET_HOURS,
    ),
    order=62,
)

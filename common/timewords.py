"""Words for people about time, in the reader's language. Pure but for gettext and the active time zone.

What is left is rounded down and what is over is rounded up, so nobody is told a time that is already gone; zero is
never shown. Instants carry their day when it is not today.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS_UP_TO = timedelta(hours=72)  # limits are published as “24 hours”, “48 hours”; beyond, days read better
DAYS_FROM = 3 * DAY  # from here on days alone say enough; before, half a day more or less is the whole matter


# ── spans ───────────────────────────────────────────────────────────────


def left(span: timedelta, *, spelled: bool = False) -> str:
    """How long is left, rounded down: “under 1 min”, “18 min”, “2 h 05 min”, “1 day 15 h”, “3 days”.

    ``spelled`` writes the units out for sentences to customers: “18 minutes”, “2 hours 5 minutes”.
    """
    if span < MINUTE:
        return _("under 1 minute") if spelled else _("under 1 min")
    if span < DAY:
        return _span(span // MINUTE, spelled)
    return _days_and_hours(span // HOUR, spelled) if span < DAYS_FROM else days(span // DAY)


def over(span: timedelta, *, spelled: bool = False) -> str:
    """How long it is over, rounded up: “1 min”, “2 h 10 min”, “1 day 15 h”, “3 days”; a second over is “1 min”."""
    minutes = max(1, -(-span // MINUTE))
    if minutes * MINUTE < DAY:
        return _span(minutes, spelled)
    return _days_and_hours(-(-span // HOUR), spelled) if span < DAYS_FROM else days(-(-span // DAY))


def duration(span: timedelta) -> str:
    """An exact span, for limits, sums and finished work: “45 min”, “1 min 40 s”, “3 h”, “24 h”, “5 days”."""
    seconds = int(span.total_seconds())
    if seconds < 0:
        return "−" + duration(-span)
    if seconds < 3600:
        minutes, rest = divmod(seconds, 60)
        if not minutes:
            return _("%(s)d s") % {"s": rest}
        if rest:
            return _("%(m)d min %(s)02d s") % {"m": minutes, "s": rest}
        return _("%(m)d min") % {"m": minutes}
    if span <= HOURS_UP_TO:
        return _span(seconds // 60, False)
    return _days_and_hours(seconds // 3600, False)


def days(n: int) -> str:
    """Calendar days: “3 days”."""
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def working_days(n: int) -> str:
    """Working days: “2 working days”."""
    return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}


def _span(minutes: int, spelled: bool) -> str:
    """Minutes as hours and minutes; a whole hour drops its minutes."""
    hours, rest = divmod(minutes, 60)
    if spelled:
        told = [ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}] if hours else []
        if rest:
            told.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
        return " ".join(told)
    if not hours:
        return _("%(m)d min") % {"m": rest}
    return _("%(h)d h %(m)02d min") % {"h": hours, "m": rest} if rest else _("%(h)d h") % {"h": hours}


def _days_and_hours(hours: int, spelled: bool) -> str:
    """Hours as days and hours; whole days drop them."""
    whole, rest = days(hours // 24), hours % 24
    if not rest:
        return whole
    if spelled:
        return whole + " " + ngettext("%(n)d hour", "%(n)d hours", rest) % {"n": rest}
    return _("%(days)s %(h)d h") % {"days": whole, "h": rest}


def patterns() -> dict[str, str | list[str]]:
    """The patterns of this page's language, for the script that re-words spans as time goes (static/js/promise.js)."""
    return {
        "under": _("under 1 min"),
        "m": _("%(m)d min"),
        "h": _("%(h)d h"),
        "hm": _("%(h)d h %(m)02d min"),
        "days": both("%(n)d day", "%(n)d days"),
        "dh": _("%(days)s %(h)d h"),
    }


def patterns_spelled() -> dict[str, str | list[str]]:
    """The same, spelled out for sentences."""
    return {
        "under": _("under 1 minute"),
        "hours": both("%(n)d hour", "%(n)d hours"),
        "minutes": both("%(n)d minute", "%(n)d minutes"),
    }


def both(one: str, many: str) -> list[str]:
    """Singular and plural of a pattern that the functions above name already."""
    return [ngettext(one, many, n) for n in (1, 2)]


# ── instants ────────────────────────────────────────────────────────────


def instant(at: datetime, now: datetime, *, today: bool = False) -> str:
    """“15:17”, “tomorrow 9:00”, “Tue 24 Nov, 8:30”, with the year when it is another one.

    ``today`` says the day also when it is today: “15:17 today”.
    """
    zone = timezone.get_current_timezone()
    here, today_on = at.astimezone(zone), now.astimezone(zone).date()
    apart, time = (here.date() - today_on).days, _time(here)
    if apart == 0:
        return _("%(time)s today") % {"time": time} if today else time
    if abs(apart) <= 1:
        return _("%(day)s %(time)s") % {"day": _near(apart), "time": time}
    return _("%(date)s, %(time)s") % {"date": _calendar_day(here.date(), today_on), "time": time}


def by(at: datetime, now: datetime, *, today: bool = False) -> str:
    """A promised moment: “by 15:17”, “by tomorrow 9:00”; never “about”."""
    return _("by %(instant)s") % {"instant": instant(at, now, today=today)}


def promised(at: datetime, now: datetime) -> str:
    """A promised moment in a sentence to a customer: “by 15:17”; Chinese names the day also when it is today."""
    here = _here(at)
    if here.date() == _here(now).date():
        return pgettext("promised today", "by %(time)s") % {"time": _time(here)}
    return by(at, now)


def instant_table(at: datetime, now: datetime) -> str:
    """For columns: “11-24 08:30”, “2027-01-04 08:30” in another year."""
    return _table(_here(at), _here(now))


def instant_short(at: datetime, now: datetime) -> str:
    """For tight places: “14:32” today, else as in columns."""
    here, here_now = _here(at), _here(now)
    return _time(here) if here.date() == here_now.date() else _table(here, here_now)


def day(at: date | datetime, now: datetime) -> str:
    """“today”, “tomorrow”, “Tue 24 Nov”, “Mon 4 Jan 2027”."""
    when, today_on = _here(at).date() if isinstance(at, datetime) else at, _here(now).date()
    apart = (when - today_on).days
    return _near(apart) if abs(apart) <= 1 else _calendar_day(when, today_on)


def clock(at: datetime) -> str:
    """The time of day in 24 hours, without a leading zero: “9:05”, “15:17”."""
    return _time(_here(at))


def spoken(at: datetime, now: datetime) -> str:
    """A promised moment as a clerk says it aloud: “by 3:17 in the afternoon”, 下午 3 点 17 分前."""
    here = _here(at)
    parts = (
        (6, pgettext("spoken", "night")),
        (12, pgettext("spoken", "morning")),
        (19, pgettext("spoken", "afternoon")),
    )
    parted = next((word for end, word in parts if here.hour < end), pgettext("spoken", "evening"))
    told = {
        "day": "" if here.date() == _here(now).date() else _("%(day)s, ") % {"day": day(at, now)},
        "part": parted,
        "h": here.hour % 12 or 12,
        "m": here.minute,
    }
    if here.minute:
        return _("%(day)sby %(h)d:%(m)02d in the %(part)s") % told
    return _("%(day)sby %(h)d in the %(part)s") % told


def weekday(when: date) -> str:
    """“Tue”, 周二."""
    return str(WEEKDAYS[when.weekday()])


WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
NEAR = {-1: gettext_lazy("yesterday"), 0: gettext_lazy("today"), 1: gettext_lazy("tomorrow")}
MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)


def _here(at: datetime) -> datetime:
    """An instant in the active time zone; the functions below take it as it is, for a page says hundreds."""
    return timezone.localtime(at)


def _time(here: datetime) -> str:
    return f"{here.hour}:{here.minute:02d}"


def _table(here: datetime, here_now: datetime) -> str:
    return here.strftime("%m-%d %H:%M" if here.year == here_now.year else "%Y-%m-%d %H:%M")


def _near(apart: int) -> str:
    return str(NEAR[apart])


def _calendar_day(when: date, today_on: date) -> str:
    parts = {
        "weekday": weekday(when),
        "d": when.day,
        "month": MONTHS[when.month - 1],
        "y": when.year,
    }
    if when.year == today_on.year:
        return _("%(weekday)s %(d)d %(month)s") % parts
    return _("%(weekday)s %(d)d %(month)s %(y)d") % parts

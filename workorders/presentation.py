"""Clock rows as facts a promise can be drawn from, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common import timewords
from common.calendars import CompanyCalendar, company_calendar
from workorders.choices import Base, ClockKind, ClockState, Target, Verb
from workorders.kinds import CLOCKS
from workorders.models import Clock
from workorders.promise import ClockFacts, Look, PromiseView, view


def limit_words(*, base: str, amount: int) -> str:
    """A limit as people say it: “45 min”, “3 h”, “5 working days”."""
    if base == Base.WORKING_DAYS:
        return timewords.working_days(amount)
    if base == Base.MOMENT:
        return _("by the time that was set")
    words = timewords.duration(timedelta(minutes=amount))
    return _("%(span)s of working time") % {"span": words} if base == Base.WORKING_TIME else words


limit_words_lazy = lazy(limit_words, str)

# What starts a clock, as an event, and what it waits for.
STARTS: Mapping[str, Promise] = {
    Verb.RECEIVE: pgettext_lazy("start", "received"),
    Verb.DISPATCH: pgettext_lazy("start", "dispatched"),
    Verb.ARRIVE: pgettext_lazy("start", "arrival"),
    Verb.FINISH: pgettext_lazy("start", "finished"),
    Verb.ANSWER: pgettext_lazy("start", "answered"),
    Verb.RETURN: pgettext_lazy("start", "returned"),
}
# What a promise is counted from, as part of a sentence.
SINCE: Mapping[str, Promise] = {
    Verb.RECEIVE: pgettext_lazy("since", "of the request"),
    Verb.DISPATCH: pgettext_lazy("since", "of dispatch"),
    Verb.ARRIVE: pgettext_lazy("since", "of arrival"),
    Verb.FINISH: pgettext_lazy("since", "of the repair"),
    Verb.ANSWER: pgettext_lazy("since", "of the answer"),
    Verb.RETURN: pgettext_lazy("since", "of its return"),
}
WAITS: Mapping[str, Promise] = {
    Verb.DISPATCH: gettext_lazy("starts when dispatched"),
    Verb.ARRIVE: gettext_lazy("starts on arrival"),
    Verb.FINISH: gettext_lazy("starts when finished"),
    Verb.ANSWER: gettext_lazy("starts when answered"),
}


def started_by(clock: Clock) -> str:
    """The act that began this run of a clock: its rule's own, or what made it run again (an order that came back)."""
    again = CLOCKS[ClockKind(clock.kind)].restarts_on if clock.ordinal else frozenset()
    return Verb.RETURN if Verb.RETURN in again else clock.starts_on


def facts_of(clock: Clock, *, now: datetime, calendar: CompanyCalendar | None = None, href: str = "") -> ClockFacts:
    """The facts of one clock. ``calendar`` is only asked for clocks counted in working days."""
    days_left = None
    if clock.base == Base.WORKING_DAYS and clock.state == ClockState.RUNNING and now < clock.due_at:
        days_left = (calendar or company_calendar()).work.working_days_between(now, clock.due_at)
    return ClockFacts(
        label=str(clock.get_kind_display()),
        kind=clock.kind,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        stopped_at=clock.stopped_at,
        start_word=STARTS.get(started_by(clock), ""),
        waits_for=WAITS.get(clock.starts_on, ""),
        amount=limit_words_lazy(base=clock.base, amount=clock.amount),
        working_days_left=days_left,
        provisional=clock.is_provisional,
        is_promise=clock.is_promise,
        href=href,
    )


def source_words(clock: Clock) -> str:
    """Where a limit comes from: “十项承诺 · 45 min, average”."""
    amount = limit_words(base=clock.base, amount=clock.amount)
    if clock.target == Target.AVERAGE:
        amount = _("%(amount)s on average") % {"amount": amount}
    return f"{clock.rule.short_name} · {amount}"


def promise_words(clock: Clock) -> str:
    """What a crew has to keep: “Restore, promised within 3 h of arrival”."""
    since = SINCE.get(started_by(clock), "")
    limit = {"clock": clock.get_kind_display(), "since": since}
    limit["amount"] = limit_words(base=clock.base, amount=clock.amount)
    if not since:
        return _("%(clock)s, promised within %(amount)s") % limit
    return _("%(clock)s, promised within %(amount)s %(since)s") % limit


def promise_of(
    clock: Clock | None, *, now: datetime, calendar: CompanyCalendar | None = None, href: str = ""
) -> PromiseView:
    """The promise of a clock as it stands at ``now``."""
    return view(facts_of(clock, now=now, calendar=calendar, href=href) if clock else None, now=now)


RANK = {Look.OVER: 0, Look.WARN: 0, Look.RUN: 0, Look.PAUSED: 1, Look.WAIT: 2, Look.LATE: 3, Look.KEPT: 4, Look.NONE: 5}


def lines(
    clocks: Iterable[Clock],
    *,
    now: datetime,
    calendar: CompanyCalendar | None = None,
    href: Callable[[Clock], str] = lambda clock: "",
) -> list[PromiseView]:
    """The clocks of an order as its page shows them: running first and tightest first, then paused, waiting, ended."""
    views = []
    for clock in clocks:
        if clock.state == ClockState.VOID:
            continue
        facts = replace(facts_of(clock, now=now, calendar=calendar, href=href(clock)), source=source_words(clock))
        views.append(view(facts, now=now))
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(views, key=lambda v: (RANK[v.look], v.facts.due_at or far))

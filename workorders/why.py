"""Why this deadline: a clock's sum like a till receipt, in the reader's language. Pure but for gettext."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from common.calendars import CompanyCalendar, DayRun
from common.choices import DayKind
from common.daynames import day_name
from workorders.choices import ON_THE_WALL, Base, ClockState, Confidence, Target, Verb
from workorders.models import Clock, PolicyRule
from workorders.presentation import limit_words, started_by


@dataclass(frozen=True)
class Line:
    """One line of the sum; a ``minor`` one belongs to the line above it."""

    label: str
    value: str
    minor: bool = False


@dataclass(frozen=True)
class Sum:
    """The whole receipt: head, lines, what comes out, and the rule it was counted by."""

    title: str
    lines: list[Line]
    result: Line
    rule: str
    source: str
    remarks: list[str]


def why(clock: Clock, *, calendar: CompanyCalendar | None, now: datetime) -> Sum | None:
    """How the due instant of ``clock`` came about; None while it has none.

    ``calendar`` is only asked for limits in working time or days.
    """
    if clock.started_at is None or clock.due_at is None or clock.state == ClockState.VOID:
        return None
    lines = [Line(str(Verb(started_by(clock)).label), _moment(clock.started_at, now)), _amount(clock)]
    if calendar and clock.base not in ON_THE_WALL:
        lines += _days(clock, calendar)
    lines += [Line(_("Pauses"), "0"), Line(_("Extension"), pgettext("extension", "none"))]
    return Sum(
        title=_("Why %(instant)s") % {"instant": timewords.instant(clock.due_at, now)},
        lines=lines,
        result=Line(_result_label(clock), _end(clock, now)),
        rule=_rule_words(clock.rule),
        source=f"{clock.rule.source} · {clock.rule.source_ref}",
        remarks=_remarks(clock),
    )


def _amount(clock: Clock) -> Line:
    amount = limit_words(base=clock.base, amount=clock.amount)
    if clock.base == Base.MOMENT:
        return Line(amount, "")
    if clock.base == Base.AROUND_CLOCK:
        hours, minutes = divmod(clock.amount, 60)
        return Line(_("plus %(amount)s, around the clock") % {"amount": amount}, f"{hours}:{minutes:02d}:00")
    return Line(_("plus %(amount)s") % {"amount": amount}, "")


def _days(clock: Clock, calendar: CompanyCalendar) -> Iterator[Line]:
    """One line per day or run of days, those that are skipped by name."""
    started_on, counted = timezone.localtime(clock.started_at).date(), 0
    for run in _split_first(calendar.day_runs(clock.started_at, clock.due_at), started_on):
        label = _run_label(run)
        if clock.base == Base.WORKING_TIME:
            yield Line(label, _hours(run), minor=True)
        elif run.first == started_on:
            yield Line(label, _("not counted, it came in then"), minor=True)
        elif not run.worked:
            yield Line(label, _("not counted"), minor=True)
        else:
            first, counted = counted + 1, counted + _length(run)
            yield Line(label, _day_numbers(first, counted), minor=True)


def _split_first(runs: list[DayRun], day: date) -> Iterator[DayRun]:
    """The day it started stands alone: it is counted in another way than the days after it."""
    for run in runs:
        if run.first == day < run.last:
            yield DayRun(day, day, run.kind, run.note, run.worked)
            run = DayRun(day + timedelta(days=1), run.last, run.kind, run.note, run.worked)
        yield run


def _length(run: DayRun) -> int:
    return (run.last - run.first).days + 1


def _run_label(run: DayRun) -> str:
    """“Mon 11-23 – Fri 11-27”, “National Day, Thu 10-01 – Wed 10-07”."""
    days = _short_day(run.first) if run.first == run.last else f"{_short_day(run.first)} – {_short_day(run.last)}"
    name = day_name(run.note) if run.kind == DayKind.HOLIDAY else ""
    if run.kind == DayKind.MAKEUP:
        name = str(DayKind.MAKEUP.label)
    return _("%(name)s, %(days)s") % {"name": name, "days": days} if name else days


def _hours(run: DayRun) -> str:
    if not run.worked:
        return _("not counted")
    each = timewords.duration(run.worked)
    return each if run.first == run.last else _("%(span)s a day") % {"span": each}


def _day_numbers(first: int, last: int) -> str:
    """“day 1”, “days 1–5”."""
    if first == last:
        return _("day %(n)d") % {"n": first}
    return _("days %(first)d–%(last)d") % {"first": first, "last": last}


def _short_day(day: date) -> str:
    return f"{timewords.weekday(day)} {day.month}-{day.day:02d}"


def _moment(at: datetime, now: datetime) -> str:
    """An instant to the second; its date when it is not today, its weekday always."""
    here = timezone.localtime(at)
    clock = _clock(here)
    same_day = here.date() == timezone.localtime(now).date()
    return f"{timewords.weekday(here.date()) if same_day else _short_day(here.date())} {clock}"


def _end(clock: Clock, now: datetime) -> str:
    """The due instant; the day is said once when it is the day it started."""
    start, end = timezone.localtime(clock.started_at), timezone.localtime(clock.due_at)
    return _clock(end) if start.date() == end.date() else _moment(clock.due_at, now)


def _clock(here: datetime) -> str:
    return f"{here.hour}:{here:%M:%S}" if here.second else f"{here.hour}:{here:%M}"


def _result_label(clock: Clock) -> str:
    words = {"what": clock.get_kind_display()}
    return _("Promised: %(what)s") % words if clock.is_promise else _("Due: %(what)s") % words


def _rule_words(rule: PolicyRule) -> str:
    """“Urban · Fault report · Ten promises · rule version 7, since 1 Jul 2026”."""
    criteria = ("area_class", "customer_class", "channel", "service_type")
    fits = [str(getattr(rule, f"get_{name}_display")()) for name in criteria if getattr(rule, name)]
    version = _("rule version %(version)d, since %(day)s") % {
        "version": rule.version,
        "day": f"{rule.valid_from:%Y-%m-%d}",
    }
    return " · ".join([*fits, str(rule.get_kind_display()), rule.short_name, version])


def _remarks(clock: Clock) -> list[str]:
    remarks = []
    if clock.is_provisional:
        remarks.append(_("The work calendar of these days is not announced yet; the date may still move."))
    if clock.target == Target.AVERAGE:
        remarks.append(
            _("Published as an average over all orders; each order is held to it as well.")
            if clock.per_order
            else _("Published as an average over all orders; a single one may take longer.")
        )
    if clock.rule.is_unconfirmed:
        remarks.append(_("An internal aim that nobody has confirmed yet; customers are not told."))
    elif clock.rule.confidence == Confidence.DEMAND:
        remarks.append(_("Demanded by our own service rules."))
    return remarks

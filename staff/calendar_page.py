"""The year of the work calendar as its page shows it. Pure: no queries, no requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from common.calendars import CompanyCalendar, YearFact
from common.choices import CLOSED_KINDS, DayKind, YearStatus
from common.daynames import day_name
from common.workdays import DayPlan, Spells, write_spells


@dataclass(frozen=True)
class Cell:
    """One day in a month: how it looks, what it says, and whether it stands out among its kind."""

    day: date
    look: str  # off, work, makeup, special
    mark: str
    label: str
    is_today: bool
    is_chosen: bool
    is_ordinary: bool


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday; None fills the corners."""

    name: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Festival:
    """A holiday of the year with the weekend days that are worked for it."""

    name: str
    span: str
    days: int
    makeup: str


@dataclass(frozen=True)
class ChosenDay:
    """One day in full."""

    day: date
    title: str
    plan: DayPlan
    kind: str
    hours: str
    name: str


@dataclass(frozen=True)
class YearPage:
    """Everything the year's page says about the year."""

    year: int
    fact: YearFact
    earlier: int | None
    later: int | None
    months: list[Month]
    weekdays: list[str]
    festivals: list[Festival]
    working_days: int
    hours: str
    chosen: ChosenDay | None

    @property
    def is_provisional(self) -> bool:
        return self.fact.status == YearStatus.PROVISIONAL


def year_page(calendar: CompanyCalendar, year: int, *, today: date, chosen: date | None = None) -> YearPage:
    """The page of a loaded ``year``; ``chosen`` is shown in full."""
    plans = [plan for day, plan in calendar.days.items() if day.year == year]
    ordinary = calendar.ordinary_hours(year)
    cells = {plan.day: _cell(plan, ordinary, today, chosen) for plan in plans}
    return YearPage(
        year=year,
        fact=calendar.years[year],
        earlier=year - 1 if year - 1 in calendar.years else None,
        later=year + 1 if year + 1 in calendar.years else None,
        months=[_month(year, month, cells) for month in range(1, 13)],
        weekdays=[timewords.weekday(date(2024, 1, day)) for day in range(1, 8)],  # the 1st was a Monday
        festivals=_festivals(plans),
        working_days=sum(1 for plan in plans if plan.spells),
        hours=hours_words(ordinary),
        chosen=_chosen(calendar.days[chosen]) if chosen and chosen in calendar.days else None,
    )


def hours_words(spells: Spells) -> str:
    """“8:00–12:00, 14:00–18:00”; a day off says so."""
    if not spells:
        return _("no work")
    return listed(f"{opens.removeprefix('0')}–{closes.removeprefix('0')}" for opens, closes in spells)


def listed(parts: Iterable[str]) -> str:
    """Things in a row, as the language separates them."""
    return pgettext("between things in a list", ", ").join(parts)


def date_words(day: date, *, weekday: bool = True) -> str:
    """“Sun 15 Feb”."""
    parts = {"d": day.day, "month": timewords.MONTHS[day.month - 1], "weekday": timewords.weekday(day)}
    return (_("%(weekday)s %(d)d %(month)s") if weekday else _("%(d)d %(month)s")) % parts


def span_words(first: date, last: date) -> str:
    """“15–23 Feb”, “30 Sep – 2 Oct”, “Thu 1 Oct”."""
    if first == last:
        return date_words(first)
    if first.month == last.month:
        parts = {"d": first.day, "e": last.day, "month": timewords.MONTHS[last.month - 1]}
        return _("%(d)d–%(e)d %(month)s") % parts
    return f"{date_words(first, weekday=False)} – {date_words(last, weekday=False)}"


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row as (first, last)."""
    found = []
    for _key, group in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - timedelta(days=pair[0])):
        row = [day for _n, day in group]
        found.append((row[0], row[-1]))
    return found


def _cell(plan: DayPlan, ordinary: Spells, today: date, chosen: date | None) -> Cell:
    kind, name = DayKind(plan.kind), day_name(plan.note)
    look = "off" if kind in CLOSED_KINDS else {DayKind.MAKEUP: "makeup", DayKind.SPECIAL: "special"}.get(kind, "work")
    marks = {
        DayKind.HOLIDAY: pgettext("mark of a holiday in a small square", "off"),
        DayKind.MAKEUP: pgettext("mark of a make-up day in a small square", "on"),
        DayKind.SPECIAL: pgettext("mark of a special day in a small square", "sp"),
    }
    hours = "" if kind in CLOSED_KINDS or plan.spells == ordinary else hours_words(plan.spells)
    label = listed(part for part in (date_words(plan.day), str(kind.label), name, hours) if part)
    is_ordinary = kind in (DayKind.WORKDAY, DayKind.RESTDAY) and not hours and not plan.note
    mark = marks.get(kind, "" if is_ordinary else "·")
    return Cell(plan.day, look, mark, label, plan.day == today, plan.day == chosen, is_ordinary)


def _month(year: int, month: int, cells: dict[date, Cell]) -> Month:
    first = date(year, month, 1)
    day, weeks = first - timedelta(days=first.weekday()), []
    while day.month == month or day < first:
        week = [day + timedelta(days=n) for n in range(7)]
        weeks.append([cells.get(d) if d.month == month else None for d in week])
        day += timedelta(days=7)
    return Month(str(timewords.MONTHS[month - 1]), weeks)


def _festivals(plans: list[DayPlan]) -> list[Festival]:
    """Holidays in the order of the year, days in lieu with their holiday; make-up days beside the name they bear."""
    off: dict[str, list[date]] = {}
    on: dict[str, list[date]] = {}
    for plan in plans:
        if plan.kind == DayKind.HOLIDAY:
            off.setdefault(plan.note.removesuffix("补假"), []).append(plan.day)
        elif plan.kind == DayKind.MAKEUP:
            on.setdefault(plan.note, []).append(plan.day)
    found = [
        Festival(
            day_name(note) or _("Holiday"),
            listed(span_words(first, last) for first, last in runs(days)),
            len(days),
            listed(date_words(day) for day in on.pop(note, [])),
        )
        for note, days in off.items()
    ]
    rest = [
        Festival(day_name(note) or _("Make-up workday"), "—", 0, listed(map(date_words, days)))
        for note, days in on.items()
    ]
    return found + rest


def _chosen(plan: DayPlan) -> ChosenDay:
    parts = {"d": plan.day.day, "month": timewords.MONTHS[plan.day.month - 1], "y": plan.day.year}
    title = _("%(weekday)s %(d)d %(month)s %(y)d") % (parts | {"weekday": timewords.weekday(plan.day)})
    hours = hours_words(plan.spells)
    return ChosenDay(plan.day, title, plan, str(DayKind(plan.kind).label), hours, day_name(plan.note))


@dataclass(frozen=True)
class ChangedRun:
    """Days in a row that change in the same way."""

    span: str
    before: str
    after: str
    moves: bool


def changed_runs(before: dict[date, DayPlan], after: dict[date, DayPlan]) -> list[ChangedRun]:
    """What a file changes, days in a row with the same change on one line."""
    found: list[tuple[date, date, str, str, bool]] = []
    for day, new in after.items():
        old = before.get(day)
        was, now_is = (_plan_words(old) if old else "—"), _plan_words(new)
        moves = old is None or old.spells != new.spells
        if found and found[-1][1] == day - timedelta(days=1) and found[-1][2:] == (was, now_is, moves):
            found[-1] = (found[-1][0], day, was, now_is, moves)
        else:
            found.append((day, day, was, now_is, moves))
    return [ChangedRun(span_words(first, last), was, now_is, moves) for first, last, was, now_is, moves in found]


def _plan_words(plan: DayPlan) -> str:
    parts = [str(DayKind(plan.kind).label), day_name(plan.note), write_spells(plan.spells).replace("-", "–")]
    return " · ".join(part for part in parts if part)

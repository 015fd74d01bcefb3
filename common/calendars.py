"""The company's work calendar, read from its tables and kept in memory until somebody edits it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from common.choices import DayKind, YearStatus
from common.models import WorkDay, WorkYear
from common.workdays import OFFICE_HOURS, DayPlan, Spells, spell_times
from common.worktime import WorkCalendar

WARN_DAYS = 60  # fewer published days ahead than this: time to load the next year


@dataclass(frozen=True)
class YearFact:
    """What is known of a loaded year."""

    status: str
    source: str = ""
    loaded_at: datetime | None = None
    loaded_by: str = ""


@dataclass(frozen=True)
class DayRun:
    """Days in a row that are alike, for “why this deadline”: one line of the sum. ``worked`` is per day."""

    first: date
    last: date
    kind: str
    note: str
    worked: timedelta


@dataclass(frozen=True)
class CompanyCalendar:
    """The one calendar that promises to customers count by. ``work`` does the sums, the rest knows the days by name.

    ``published_until`` is the last day up to which every day is published; ``last_day`` the last loaded one.
    """

    work: WorkCalendar
    years: Mapping[int, YearFact]
    days: Mapping[date, DayPlan]
    first_day: date
    last_day: date
    published_until: date
    version: int = field(compare=False)

    def is_provisional(self, start: datetime, due: datetime) -> bool:
        """Whether any day from ``start`` to ``due`` is only provisional, so that the sum may still change."""
        first, last = sorted((start, due))
        if last > first:
            last -= timedelta.resolution  # due at midnight is due on the day before
        years = (at.astimezone(self.work.tz).year for at in (first, last))
        return any(
            self.years[year].status == YearStatus.PROVISIONAL
            for year in range(next(years), next(years) + 1)
            if year in self.years
        )

    def published_days_ahead(self, today: date) -> int:
        """How many published days lie after ``today``."""
        return max((self.published_until - today).days, 0)

    def is_running_out(self, today: date) -> bool:
        """Whether an operator should load the next year now."""
        return self.published_days_ahead(today) < WARN_DAYS

    def ordinary_hours(self, year: int) -> Spells:
        """The hours that most working days of the year have."""
        counted = Counter(p.spells for day, p in self.days.items() if day.year == year and p.kind == DayKind.WORKDAY)
        return counted.most_common(1)[0][0] if counted else OFFICE_HOURS

    def day_runs(self, start: datetime, due: datetime) -> list[DayRun]:
        """The days from ``start`` to ``due`` as runs of like days, the days off among them. Raises: BeyondCalendar."""
        worked: dict[date, timedelta] = {}
        for spell in self.work.explain(start, due):
            day = spell.opens.date()
            worked[day] = worked.get(day, timedelta()) + spell.length
        runs: list[DayRun] = []
        day, last = start.astimezone(self.work.tz).date(), due.astimezone(self.work.tz).date()
        while day <= last:
            plan = self.days.get(day) or DayPlan(day, DayKind.WORKDAY if day in worked else DayKind.RESTDAY)
            run = DayRun(day, day, plan.kind, plan.note, worked.get(day, timedelta()))
            before = runs[-1] if runs else None
            if before and (before.kind, before.note, before.worked) == (run.kind, run.note, run.worked):
                runs[-1] = DayRun(before.first, day, run.kind, run.note, run.worked)
            else:
                runs.append(run)
            day += timedelta(days=1)
        return runs

    def with_year(self, year: int, status: str, plan: Mapping[date, DayPlan]) -> "CompanyCalendar":
        """The calendar as it would be with ``plan`` for ``year``; nothing is stored."""
        years = {**self.years, year: YearFact(status)}
        kept = {day: fact for day, fact in self.days.items() if day.year != year}
        return _assemble(years, [*kept.values(), *plan.values()], self.version)


def company_calendar() -> CompanyCalendar:
    """The company's calendar of this moment; one small query, the rest from memory until the next edit.

    Plain SQL, because every page and every act asks. Raises: ImproperlyConfigured when no year is loaded at all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, edition FROM common_calendarstamp")
        stamp = cursor.fetchone()
    if stamp is None:
        raise ImproperlyConfigured("The work calendar is empty. Run: manage.py migrate")
    return _read(*stamp)


def day_edit(day: date) -> tuple[datetime | None, str] | None:
    """When and by whom the day was edited by hand; None when it is as its year's file has it."""
    return WorkDay.objects.filter(day=day, edited_at__isnull=False).values_list("edited_at", "edited_by").first()


@lru_cache(maxsize=2)
def _read(version: int, edition: UUID) -> CompanyCalendar:
    """One reading per edition; editions never come back, also not after a roll-back."""
    years = {y.year: YearFact(y.status, y.source, y.loaded_at, y.loaded_by) for y in WorkYear.objects.all()}
    if not years:
        raise ImproperlyConfigured("The work calendar has no year. Run: manage.py migrate")
    rows = WorkDay.objects.filter(year__in=years).values_list("day", "kind", "spells", "note")
    plans = (DayPlan(day, kind, tuple(map(tuple, spells)), note) for day, kind, spells, note in rows)
    return _assemble(years, plans, version)


def _assemble(years: Mapping[int, YearFact], plans: Iterable[DayPlan], version: int) -> CompanyCalendar:
    days = {plan.day: plan for plan in plans}
    hours: dict[Spells, tuple[tuple[time, time], ...]] = {}
    spells = {day: hours.setdefault(p.spells, spell_times(p.spells)) for day, p in days.items()}
    first_day, last_day = date(min(years), 1, 1), date(max(years), 12, 31)
    unsure = [year for year in range(min(years), max(years) + 1) if _is_unsure(years.get(year))]
    office = spell_times(OFFICE_HOURS)
    work = WorkCalendar(ZoneInfo(settings.TIME_ZONE), dict.fromkeys(range(5), office), spells, last_day)
    published_until = date(unsure[0] - 1, 12, 31) if unsure else last_day
    return CompanyCalendar(work, dict(sorted(years.items())), days, first_day, last_day, published_until, version)


def _is_unsure(year: YearFact | None) -> bool:
    return year is None or year.status != YearStatus.PUBLISHED

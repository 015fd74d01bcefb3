"""Edits of the work calendar: a year from a file, a day by hand."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.calendars import company_calendar
from common.choices import YearStatus
from common.errors import Refusal
from common.models import CalendarStamp, WorkDay, WorkYear
from common.signals import calendar_changed, calendar_preview
from common.workdays import DayPlan, check_day, check_spells, plan_year, shipped_years


@dataclass(frozen=True)
class CalendarChange:
    """What an edit changed: ``days`` with other hours, kind or name; ``before`` and ``after`` by day.

    ``old_status`` and ``status`` are of the year; a new year had none.
    """

    year: int
    before: Mapping[date, DayPlan]
    after: Mapping[date, DayPlan]
    old_status: str | None
    status: str
    version: int = 0
    effects: tuple[str, ...] = ()  # sentences of those above about what moves with it
    is_load: bool = True  # a whole year from a file; else one day by hand

    @property
    def days(self) -> list[date]:
        return list(self.after)

    @property
    def hours_days(self) -> list[date]:
        """Days whose working hours change: the ones that move a deadline."""
        return [
            day
            for day, plan in self.after.items()
            if (old := self.before.get(day)) is None or old.spells != plan.spells
        ]

    def __bool__(self) -> bool:
        return bool(self.after) or self.old_status != self.status


def preview_workdays(*, year: int, rows: Iterable[Mapping[str, Any]], status: str, now: datetime) -> CalendarChange:
    """What `load_workdays` would change, and what moves with it. Writes nothing. Raises: Refusal."""
    plan = plan_year(year, rows)
    change = _compare(year, plan, status)
    planned = company_calendar().with_year(year, status, plan)
    said = calendar_preview.send(sender=WorkYear, planned=planned, days=change.days, now=now)
    effects = tuple(str(sentence) for _receiver, sentence in said if sentence)
    return replace(change, effects=effects)


@transaction.atomic
def load_workdays(
    *, year: int, rows: Iterable[Mapping[str, Any]], status: str, source: str, actor: object | None, now: datetime
) -> CalendarChange:
    """Make ``year`` what the rows of a file say; days the file does not name are ordinary ones.

    Published over provisional makes the year published; the other way round is refused. Sends ``calendar_changed``.
    Raises: Refusal, naming the row. Locks: the calendar stamp. Idempotent: the same file again changes nothing.
    """
    if not source.strip():
        raise Refusal(_("Say where the days come from"), field="source")
    plan = plan_year(year, rows)
    _lock(now)
    change = _compare(year, plan, status)
    if not change:
        return change
    row, _created = WorkYear.objects.update_or_create(
        year=year, defaults={"status": status, "source": source.strip(), "loaded_at": now, "loaded_by": _name(actor)}
    )
    _store(row, change.after.values())
    return _announce(change, actor, now)


@transaction.atomic
def save_day(
    *, day: date, kind: str, spells: Iterable[Iterable[str]], note: str, actor: object | None, now: datetime
) -> CalendarChange:
    """Make one day what somebody says it is. Sends ``calendar_changed``.

    Raises: Refusal, naming the field. Locks: the calendar stamp. Idempotent: the same day again changes nothing.
    """
    hours = check_spells(tuple((opens, closes) for opens, closes in spells))
    plan = check_day(DayPlan(day, kind, hours, note.strip()))
    _lock(now)
    year = WorkYear.objects.filter(year=day.year).first()
    if year is None:
        raise Refusal(_("%(year)d is not loaded") % {"year": day.year}, field="day")
    old = _stored(day.year).get(day)
    if old == plan:
        return CalendarChange(day.year, {}, {}, year.status, year.status)
    _store(year, [plan], edited_at=now, edited_by=_name(actor))
    before = {day: old} if old else {}
    change = CalendarChange(day.year, before, {day: plan}, year.status, year.status, is_load=False)
    return _announce(change, actor, now)


@transaction.atomic
def load_shipped_years(*, now: datetime) -> list[int]:
    """Load the years that come with the product and are not there yet; return them.

    Locks: the calendar stamp. Idempotent: years that are there stay as operators made them.
    """
    there = set(WorkYear.objects.values_list("year", flat=True))
    missing = [shipped for shipped in shipped_years() if shipped.year not in there]
    if missing:
        _lock(now)
    for shipped in missing:
        year, created = WorkYear.objects.get_or_create(
            year=shipped.year, defaults={"status": shipped.status, "source": shipped.source, "loaded_at": now}
        )
        if created:
            _store(year, plan_year(shipped.year, shipped.rows()).values())
    if missing:
        _bump(now)
    return [shipped.year for shipped in missing]


def _compare(year: int, plan: Mapping[date, DayPlan], status: str) -> CalendarChange:
    """The difference of a plan to what is stored. Raises: Refusal when the plan may not go there."""
    years = dict(WorkYear.objects.values_list("year", "status"))
    old_status = years.get(year)
    if status not in YearStatus.values:
        raise Refusal(_("A year is published or provisional"), field="status")
    if old_status == YearStatus.PUBLISHED and status == YearStatus.PROVISIONAL:
        raise Refusal(_("%(year)d is published; a provisional file cannot replace it") % {"year": year}, field="status")
    if years and not {year - 1, year, year + 1} & years.keys():
        nearest = max(years) + 1 if year > max(years) else min(years) - 1
        raise Refusal(_("Load %(year)d first; the calendar has no gaps") % {"year": nearest}, field="year")
    stored = _stored(year)
    after = {day: new for day, new in plan.items() if stored.get(day) != new}
    return CalendarChange(year, {day: stored[day] for day in after if day in stored}, after, old_status, status)


def _stored(year: int) -> dict[date, DayPlan]:
    rows = WorkDay.objects.filter(year_id=year).values_list("day", "kind", "spells", "note")
    return {day: DayPlan(day, kind, tuple(map(tuple, spells)), note) for day, kind, spells, note in rows}


def _store(year: WorkYear, plans: Iterable[DayPlan], *, edited_at: datetime | None = None, edited_by: str = "") -> None:
    rows = [
        WorkDay(
            day=plan.day,
            year=year,
            kind=plan.kind,
            spells=[list(spell) for spell in plan.spells],
            note=plan.note,
            edited_at=edited_at,
            edited_by=edited_by,
        )
        for plan in plans
    ]
    fields = ["kind", "spells", "note", "edited_at", "edited_by"]
    WorkDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=fields)


def _lock(now: datetime) -> None:
    """One edit at a time: whoever holds the stamp may write."""
    CalendarStamp.objects.bulk_create([CalendarStamp(changed_at=now)], ignore_conflicts=True)
    CalendarStamp.objects.select_for_update().get()


def _bump(now: datetime) -> int:
    CalendarStamp.objects.update(version=F("version") + 1, edition=uuid.uuid4(), changed_at=now)
    return CalendarStamp.objects.values_list("version", flat=True).get()


def _announce(change: CalendarChange, actor: object | None, now: datetime) -> CalendarChange:
    change = replace(change, version=_bump(now))
    said = calendar_changed.send(sender=WorkYear, change=change, actor=actor, now=now)
    return replace(change, effects=tuple(str(sentence) for _receiver, sentence in said if sentence))


def _name(actor: object | None) -> str:
    return str(actor)[:60] if actor else ""

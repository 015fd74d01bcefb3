"""A year of the work calendar as a file: reading it, filling it up with ordinary days, refusing what cannot be.

A file names only what is not ordinary: ``day,kind,spells,note``. A line for the day ``*`` gives the ordinary working
hours; Monday to Friday work them, Saturday and Sunday are off. A make-up or working day without spells works them too.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from common.choices import CLOSED_KINDS, OPEN_KINDS, DayKind, YearStatus
from common.errors import Refusal
from common.sheets import read_rows
from common.worktime import END_OF_DAY

T = TypeVar("T")
Spells = tuple[tuple[str, str], ...]  # (("08:00", "12:00"), …), as stored

OFFICE_HOURS: Spells = (("08:00", "12:00"), ("14:00", "18:00"))
COLUMNS = {"day": ["日期"], "kind": ["类型"], "spells": ["时段"], "note": ["说明"]}
KIND_WORDS = {
    "工作日": DayKind.WORKDAY,
    "休息日": DayKind.RESTDAY,
    "周末": DayKind.RESTDAY,
    "节假日": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "调休上班": DayKind.MAKEUP,
    "补班": DayKind.MAKEUP,
    "特殊": DayKind.SPECIAL,
}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|[ T]00:00(?::00)?)?$")
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class DayPlan:
    """One day as a file or a form wants it."""

    day: date
    kind: str
    spells: Spells = ()
    note: str = ""


@dataclass(frozen=True)
class ShippedYear:
    """A year's file that comes with the product."""

    year: int
    status: str
    path: Path

    @property
    def source(self) -> str:
        """Where the days come from, as the notices are called."""
        if self.status == YearStatus.PROVISIONAL:
            return "按《全国年节及纪念日放假办法》（国务院令第 795 号）推算，通知未发布"
        return f"国务院办公厅关于{self.year}年部分节假日安排的通知"

    def rows(self) -> list[dict[str, Any]]:
        return read_year(SimpleUploadedFile(self.path.name, self.path.read_bytes()))


def shipped_years() -> list[ShippedYear]:
    """The files in ``common/data``, by year."""
    years = []
    for path in sorted(DATA.glob("workdays_*.csv")):
        _word, year, *rest = path.stem.split("_")
        years.append(ShippedYear(int(year), YearStatus.PROVISIONAL if rest else YearStatus.PUBLISHED, path))
    return years


def read_year(upload: UploadedFile) -> list[dict[str, Any]]:
    """The rows of a year's file, CSV or XLSX. Raises: Refusal."""
    return list(read_rows(upload, COLUMNS))


def plan_year(year: int, rows: Iterable[Mapping[str, Any]]) -> dict[date, DayPlan]:
    """Every day of ``year``: those in ``rows``, the others ordinary. Raises: Refusal that names the row."""
    ordinary: Spells = OFFICE_HOURS
    named: list[tuple[int, Mapping[str, Any]]] = []
    for number, row in enumerate(rows, start=2):
        line = int(row.get("line") or number)
        if row.get("day") == "*":
            ordinary = _of_row(line, partial(parse_spells, row.get("spells", ""))) or OFFICE_HOURS
        else:
            named.append((line, row))
    plan: dict[date, DayPlan] = {}
    for line, row in named:
        planned = _of_row(line, partial(_plan_day, year, row, ordinary))
        if planned.day in plan:
            raise Refusal(_row(line, _("%(day)s is there twice") % {"day": planned.day}), field="file")
        plan[planned.day] = planned
    first, last = date(year, 1, 1), date(year, 12, 31)
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        plan.setdefault(day, _ordinary_day(day, ordinary))
    return dict(sorted(plan.items()))


def write_year(plans: Iterable[DayPlan], ordinary: Spells) -> str:
    """The file of a year, naming only what is not ordinary; `plan_year` of its rows gives the year again."""
    lines = [("day", "kind", "spells", "note"), ("*", DayKind.WORKDAY.value, write_spells(ordinary), "")]
    for plan in plans:
        if plan != _ordinary_day(plan.day, ordinary):
            spells = "" if plan.kind in OPEN_KINDS and plan.spells == ordinary else write_spells(plan.spells)
            lines.append((plan.day.isoformat(), str(plan.kind), spells, plan.note))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def check_day(plan: DayPlan) -> DayPlan:
    """The plan, if such a day can be. Raises: Refusal naming the field."""
    if plan.kind not in DayKind.values:
        raise Refusal(_("“%(kind)s” is no kind of day") % {"kind": plan.kind}, field="kind")
    if plan.kind in CLOSED_KINDS and plan.spells:
        raise Refusal(_("A day off has no working hours; for short hours call it a special day"), field="spells")
    if plan.kind in OPEN_KINDS and not plan.spells:
        raise Refusal(_("A day on which work is done needs working hours"), field="spells")
    if plan.kind == DayKind.MAKEUP and plan.day.weekday() < 5:
        raise Refusal(_("%(day)s is no Saturday or Sunday, so it cannot be a make-up workday") % {"day": plan.day})
    if len(plan.note) > 60:
        raise Refusal(_("The name may have 60 characters"), field="note")
    if plan.note.startswith(("=", "+", "-", "@")):  # spreadsheets would run it
        raise Refusal(_("The name cannot begin with = + - @"), field="note")
    return plan


def parse_spells(text: str) -> Spells:
    """“08:00-12:00 14:00-18:00” as spells. Raises: Refusal when it cannot be read or spells overlap."""
    spells = []
    for part in text.replace("–", "-").replace("：", ":").replace(",", " ").replace("、", " ").split():
        opens, _dash, closes = part.partition("-")
        spells.append((_clock(opens, part), _clock(closes, part, end=True)))
    return check_spells(tuple(spells))


def check_spells(spells: Spells) -> Spells:
    """Spells in order and apart; only the last may run past midnight, and not into the first. Raises: Refusal."""
    for opens, closes in spells:
        if opens == closes:
            raise Refusal(_("%(opens)s–%(closes)s has no length") % {"opens": opens, "closes": closes}, field="spells")
    for (_opens, closes), (following, _closes) in pairwise(spells):
        if closes > following or closes <= _opens:
            raise Refusal(_("The working hours must follow one another: %(at)s") % {"at": following}, field="spells")
    if spells and spells[-1][1] < spells[-1][0] and spells[-1][1] > spells[0][0]:
        raise Refusal(_("The last hours run past midnight into the first"), field="spells")
    return spells


def write_spells(spells: Iterable[Iterable[str]]) -> str:
    """Spells as a person types them: “08:00-12:00 14:00-18:00”."""
    return " ".join("-".join(spell) for spell in spells)


def spell_times(spells: Iterable[Iterable[str]]) -> tuple[tuple[time, time], ...]:
    """Stored spells as `common.worktime` takes them."""
    return tuple((_time(opens), _time(closes)) for opens, closes in spells)


def _ordinary_day(day: date, ordinary: Spells) -> DayPlan:
    return DayPlan(day, DayKind.WORKDAY, ordinary) if day.weekday() < 5 else DayPlan(day, DayKind.RESTDAY)


def _plan_day(year: int, row: Mapping[str, Any], ordinary: Spells) -> DayPlan:
    day = _date(row.get("day", ""))
    if day.year != year:
        raise Refusal(_("%(day)s is not in %(year)d") % {"day": day, "year": year})
    kind = str(KIND_WORDS.get(row.get("kind", ""), row.get("kind", "").lower()))
    spells = parse_spells(row.get("spells", "") or "")
    if not spells and kind in OPEN_KINDS:
        spells = ordinary
    return check_day(DayPlan(day, kind, spells, row.get("note", "") or ""))


def _date(text: str) -> date:
    """2027-02-05, 2027/2/5, 2027年2月5日, with or without a time of day (as spreadsheets write it)."""
    try:
        return date(*map(int, _DATE.match(text).groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise Refusal(_("“%(day)s” is no date; write it as 2027-02-05") % {"day": text})


def _of_row(line: int, make: Callable[[], T]) -> T:
    try:
        return make()
    except Refusal as refusal:
        raise Refusal(_row(line, refusal.message), field="file")


def _row(line: int, message: object) -> str:
    return _("Row %(line)d: %(message)s") % {"line": line, "message": message}


def _clock(text: str, part: str, *, end: bool = False) -> str:
    try:
        if end and text == "24:00":
            return text
        hour, minute = text.split(":")
        return time(int(hour), int(minute)).strftime("%H:%M")
    except ValueError:
        raise Refusal(_("“%(part)s” is no span of time; write it as 08:00-12:00") % {"part": part}, field="spells")


def _time(text: str) -> time:
    return END_OF_DAY if text == "24:00" else time.fromisoformat(text)

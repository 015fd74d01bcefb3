"""Reads the shared working-time vectors (``../shared/data/vectors``) and puts them to `common.worktime`."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from common.worktime import END_OF_DAY, WorkCalendar

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


def load(name: str) -> list[Any]:
    """Parameters for every vector of a file; one loudly skipped parameter where the folder is not there."""
    path = FOLDER / name
    if not path.exists():
        reason = f"NOT RUN: the shared vectors {name} are not beside the project"
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(v, id=v["id"]) for v in json.loads(path.read_text(encoding="utf-8"))["vectors"]]


def clock(text: str) -> time:
    return END_OF_DAY if text == "24:00" else time.fromisoformat(text)


def spells(pairs: list[list[str]]) -> list[tuple[time, time]]:
    return [(clock(opens), clock(closes)) for opens, closes in pairs]


def calendar_of(vector: Mapping[str, Any]) -> WorkCalendar:
    """The calendar a vector speaks of: holidays win over single days' hours, breaks are cut out."""
    week = {WEEKDAYS.index(day): spells(pairs) for day, pairs in vector["hours"].items()}
    days = {date.fromisoformat(day): spells(pairs) for day, pairs in vector.get("date_hours", {}).items()}
    days |= {date.fromisoformat(day): spells(pairs) for day, pairs in vector.get("extra_workdays", {}).items()}
    days |= {date.fromisoformat(day): [] for day in vector.get("holidays", [])}
    for text, closed in vector.get("breaks", {}).items():
        day = date.fromisoformat(text)
        days[day] = without(days.get(day, week.get(day.weekday(), [])), spells(closed))
    return WorkCalendar(ZoneInfo(vector["tz"]), week, days)


def without(open_spells, closed_spells):
    """Opening hours with closed spans cut out of them."""
    for from_, to in closed_spells:
        pieces = [((a, min(b, from_)), (max(a, to), b)) for a, b in open_spells]
        open_spells = [(a, b) for pair in pieces for a, b in pair if a < b]
    return open_spells


def instant(text: str, cal: WorkCalendar) -> datetime:
    """An instant as a vector writes it; without an offset it is local to the calendar."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=cal.tz)


def add(cal: WorkCalendar, vector: Mapping[str, Any]) -> datetime:
    """``add_time`` with the vector's pauses: one that begins before the sum is due puts its working time on top."""
    start = instant(vector["start"], cal)
    due = cal.add(start, timedelta(seconds=vector["add"]["n"] * UNITS[vector["add"]["unit"]]))
    for from_, to in vector.get("pauses", []):
        if instant(from_, cal) < due:
            due = cal.add(due, cal.between(max(start, instant(from_, cal)), instant(to, cal)))
    return due


def elapsed(cal: WorkCalendar, vector: Mapping[str, Any]) -> float:
    """Working seconds less those paused."""
    total = cal.between(instant(vector["start"], cal), instant(vector["end"], cal))
    for from_, to in vector.get("pauses", []):
        total -= cal.between(instant(from_, cal), instant(to, cal))
    return total.total_seconds()


def answers(vector: Mapping[str, Any], cal: WorkCalendar) -> list[datetime]:
    """The expected instant and those the vector also accepts, in UTC."""
    return [instant(text, cal).astimezone(UTC) for text in [vector["expect"], *vector.get("accept", [])]]

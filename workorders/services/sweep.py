"""The sweep: fire every clock that is due. One place, one statement of truth about alarms (design §5)."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from common import contributions
from notifications.services.outbox import Note, enqueue
from staff.choices import Role
from staff.models import Member
from staff.roster import DutyRoster
from workorders.choices import ClockKind, Situation, Stage
from workorders.models import Clock, Heartbeat
from workorders.services.due import Due, claim
from workorders.signals import clocks_fired

log = logging.getLogger(__name__)
PUT_BACK = timedelta(minutes=5)

# Of constant text whatever the number of rows, as the outbox does it: half the time of a row object for each.
RECORD = """
WITH rung AS (
    SELECT * FROM json_to_recordset(%(rungs)s) AS fired(
        clock_id bigint, generation smallint, stage text, planned_at timestamptz, order_id bigint,
        order_generation smallint, unit_id bigint, data jsonb)
), alarm AS (
    INSERT INTO workorders_alarm (clock_id, generation, stage, planned_at, fired_at)
    SELECT clock_id, generation, stage, planned_at, %(now)s FROM rung ON CONFLICT DO NOTHING
)
INSERT INTO workorders_event (order_id, generation, verb, at, recorded_at, unit_id, text, is_public, data)
SELECT order_id, order_generation, 'alarm', %(now)s, %(now)s, unit_id, '', false, data FROM rung
"""
MOVE = """
UPDATE workorders_clock c SET next_stage = v.next_stage, fire_at = v.fire_at, sweep_error = v.error
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[], %s::text[]) AS v(id, next_stage, fire_at, error)
WHERE c.id = v.id
"""
KINDS = {Stage.WARN: "clock_warn", Stage.BREACH: "clock_breach"}


class Hearers:
    """Who hears of a clock. In units whose alarms are summed up (storm mode) nobody hears of one, unless for safety."""

    def __init__(self, now: datetime) -> None:
        self._roster = DutyRoster(at=now)
        self._gathered = frozenset[int]().union(*(units(now) for units in contributions.gathered_alarms))

    def of(self, clock: Due, roles: list[str]) -> list[Member]:
        """Whoever is on duty for these roles around the order's unit, now; the handler is the assignee if any."""
        if clock.unit_id in self._gathered and not clock.is_safety:
            return []
        found: dict[int, Member] = {}
        for role in roles:
            named = clock.assignee if role == Role.HANDLER else None
            for member in [named] if named else self._roster.who(clock.unit_id, role):
                found[member.pk] = member
        return list(found.values())


@dataclass
class Firing:
    """What one batch will write."""

    rungs: list[dict[str, Any]] = field(default_factory=list)  # one alarm and one timeline row each
    notes: list[Note] = field(default_factory=list)
    moved: list[tuple[int, int, datetime | None, str]] = field(default_factory=list)  # id, next_stage, fire_at, error
    fired: list[tuple[Due, str]] = field(default_factory=list)


def sweep(*, now: datetime, batch: int = 500) -> int:
    """Fire every clock that is due, most overdue first; return how many were handled.

    A run that comes late fires each missed rung once, in order. A row that raises is put back with its error and cannot
    stop the others.
    Locks: the claimed clock rows, one batch per transaction (SKIP LOCKED), so any number may run at once.
    Idempotent: an alarm is unique per clock, generation and stage.
    """
    began, done, failed = monotonic(), 0, 0
    hearers = Hearers(now)
    while True:
        handled, broken = _batch(now, batch, hearers)
        done, failed = done + handled, failed + broken
        if handled < batch:
            break
    beat("sweep", now=now, took_s=monotonic() - began, done=done, failed=failed)
    return done


def _batch(now: datetime, batch: int, hearers: Hearers) -> tuple[int, int]:
    """One transaction; returns (handled, put back). When the database refuses one of its rows, each is taken alone.

    No savepoint: a row locked outside of one and changed inside keeps its old place in the queue's index until the next
    vacuum, and every claim would step over all that fired since.
    """
    clocks: list[Due] = []
    try:
        with transaction.atomic():
            clocks = claim(now, batch)
            return len(clocks), _fire_all(clocks, now, hearers)
    except DatabaseError:
        if not clocks:
            raise
        return len(clocks), sum(_fire_alone(clock, now, hearers) for clock in clocks)


def _fire_all(clocks: list[Due], now: datetime, hearers: Hearers) -> int:
    firing = Firing()
    broken = sum(not _plan(clock, firing, now, hearers) for clock in clocks)
    if clocks:
        write(firing, now)
    return broken


def _fire_alone(clock: Due, now: datetime, hearers: Hearers) -> int:
    """One row in a transaction of its own, unless somebody else has it by now; 1 when it had to be put back."""
    try:
        with transaction.atomic():
            return _fire_all(claim(now, 1, pk=clock.pk), now, hearers)
    except DatabaseError as error:
        log.exception("clock_put_back", extra={"clock": clock.pk, "order": clock.code})
        with transaction.atomic():
            moved = [_put_back(held, error, now) for held in claim(now, 1, pk=clock.pk)]
            if moved:
                write(Firing(moved=moved), now)
        return 1


def _plan(clock: Due, firing: Firing, now: datetime, hearers: Hearers) -> bool:
    """Put what this clock fires into the batch; on trouble put the row back, later, with its error."""
    part = Firing()
    try:
        _fire(clock, part, now, hearers)
    except Exception as error:
        log.exception("clock_put_back", extra={"clock": clock.pk, "order": clock.code})
        firing.moved.append(_put_back(clock, error, now))
        return False
    firing.rungs += part.rungs
    firing.notes += part.notes
    firing.moved += part.moved
    firing.fired += part.fired
    return True


def _put_back(clock: Due, error: Exception, now: datetime) -> tuple[int, int, datetime, str]:
    return clock.pk, clock.next_stage, now + PUT_BACK, f"{type(error).__name__}: {error}"[:500]


def _fire(clock: Due, firing: Firing, now: datetime, hearers: Hearers) -> None:
    """Every rung of the ladder up to ``now``; each is alarmed once, however late the run comes."""
    rung = clock.next_stage
    due = []
    while rung < len(clock.stages) and datetime.fromisoformat(clock.stages[rung]["at"]) <= now:
        due.append(clock.stages[rung])
        rung += 1
    fire_at = datetime.fromisoformat(clock.stages[rung]["at"]) if rung < len(clock.stages) else None
    for step in due:
        people = hearers.of(clock, step["roles"])
        firing.rungs.append(_rung(clock, step, people))
        firing.notes += [_note(clock, step["stage"], member) for member in people]
        firing.fired.append((clock, step["stage"]))
    firing.moved.append((clock.pk, rung, fire_at, ""))


def _rung(clock: Due, step: dict, people: list[Member]) -> dict[str, Any]:
    return {
        "clock_id": clock.pk,
        "generation": clock.generation,
        "stage": step["stage"],
        "planned_at": step["at"],
        "order_id": clock.order_id,
        "order_generation": clock.order_generation,
        "unit_id": clock.unit_id,
        "data": {
            "stage": step["stage"],
            "clock": clock.kind,
            "clock_id": clock.pk,
            "due_at": clock.due_at.isoformat(),
            "told": [member.name for member in people],
        },
    }


def _note(clock: Due, stage: str, member: Member) -> Note:
    language = member.language or settings.LANGUAGE_CODE
    data = {
        "code": clock.code,
        "what": clock.subject or headline(clock.situation, clock.description[:24], language),
        "place": clock.address or "—",
        "clock": clock_word(clock.kind, language),
        "due_at": clock.due_at,
    }
    kind = KINDS.get(stage, "clock_escalate")
    if kind == "clock_escalate":
        data["unit"] = clock.unit_name
    return Note(
        kind=kind,
        data=data,
        about=clock.code,
        dedupe_key=f"{clock.pk}:{clock.generation}:{stage}:{member.pk}",
        member=member,
        urgent=clock.is_safety,
    )


@lru_cache(maxsize=64)
def clock_word(kind: str, language: str) -> str:
    """The staff word of a clock in a language."""
    with translation.override(language):
        return str(ClockKind(kind).label)


@lru_cache(maxsize=512)
def headline(situation: str, fallback: str, language: str) -> str:
    """What a fault looks like, in a language; the customer's first words when it has no situation."""
    with translation.override(language):
        return str(Situation(situation).label) if situation else fallback


def write(firing: Firing, now: datetime) -> None:
    """Alarms, timeline rows, messages and the clocks' next rungs: a constant number of statements per batch."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"rungs": json.dumps(firing.rungs, ensure_ascii=False), "now": now})
        enqueue(firing.notes, now=now)
        cursor.execute(MOVE, [list(column) for column in zip(*firing.moved, strict=True)])
    clocks_fired.send(Clock, fired=firing.fired, now=now)


def beat(name: str, *, now: datetime, took_s: float = 0, done: int = 0, failed: int = 0) -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": now, "took_s": took_s, "done": done, "failed": failed}
    )

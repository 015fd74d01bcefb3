"""The one way into the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from structlog.contextvars import get_contextvars

from staff.choices import AuditAct
from staff.models import AuditEntry, Duty, Member, RoleGrant, Unit

Subject = Unit | Member | RoleGrant | Duty


def record(
    *,
    act: AuditAct,
    subject: Subject,
    actor: Member | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry in the caller's transaction; ``actor`` None is the system itself.

    Of ``before`` and ``after`` only what differs is kept, nothing of what was and is empty. The id of the request
    comes from the log's context.
    """
    was, now_is = dict(before or {}), dict(after or {})
    same = {key for key in was.keys() | now_is.keys() if (was.get(key) or "") == (now_is.get(key) or "")}
    kind, key, name, unit = describe(subject)
    return AuditEntry.objects.create(
        at=now,
        actor=actor,
        act=act,
        subject_kind=kind,
        subject_key=key,
        subject_name=name,
        unit=unit,
        before={key: value for key, value in was.items() if key not in same},
        after={key: value for key, value in now_is.items() if key not in same},
        request_id=str(get_contextvars().get("request_id", ""))[:64],
    )


def describe(subject: Subject) -> tuple[str, str, str, Unit]:
    """Kind, business key, name for people, and the unit it belongs to."""
    if isinstance(subject, Unit):
        return "unit", subject.code, subject.name, subject
    if isinstance(subject, Member):
        return "member", subject.staff_no, subject.name, subject.home_unit
    member = subject.member
    return subject._meta.model_name or "", member.staff_no, member.name, subject.unit


def plain(subject: Unit | Member, fields: list[str]) -> dict[str, Any]:
    """These fields as the audit keeps them: text, numbers, truth values; a linked row by its business key."""
    values = {}
    for field in fields:
        value = getattr(subject, field)
        values[field] = value.code if isinstance(value, Unit) else value
    return values

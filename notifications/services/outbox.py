"""The one way to tell somebody something: a row written with the change it speaks of, sent after the commit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from notifications import kinds
from notifications.choices import Audience, Channel
from notifications.services.nudging import nudge_on_commit
from notifications.services.quiet_hours import quiet_now
from staff.models import Member


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell one recipient on one channel.

    Either ``member`` or ``address``. ``data`` holds the kind's variables: words, numbers, or aware datetimes, which are
    put into words when the message is sent. ``dedupe_key`` is what makes saying it twice impossible.
    """

    kind: str
    data: Mapping[str, Any]
    about: str
    dedupe_key: str
    channel: str = Channel.INAPP
    member: Member | None = None
    address: str = ""
    language: str = ""
    urgent: bool = False


# One statement of constant text whatever the number of rows. Measured: 30-45 µs a row against 300-430 of bulk_create,
# and it tells how many rows were new, which bulk_create(ignore_conflicts=True) cannot.
INSERT = """
INSERT INTO notifications_message
    (member_id, address, channel, kind, language, data, dedupe_key, urgent, about, not_before, created_at)
SELECT member_id, address, channel, kind, language, data, dedupe_key, urgent, about, not_before, %s
FROM json_to_recordset(%s) AS note(
    member_id bigint, address text, channel text, kind text, language text, data jsonb, dedupe_key text,
    urgent boolean, about text, not_before timestamptz)
ON CONFLICT (dedupe_key) DO NOTHING
"""


def enqueue(notes: Iterable[Note], *, now: datetime) -> int:
    """Write messages into the outbox; return how many were new.

    Works inside the caller's transaction, so they exist exactly if the change does; after its commit a sender is
    nudged. Customers' SMS and e-mails wait for the end of the quiet hours unless urgent.

    Raises: kinds.UnknownKind. Idempotent: by ``dedupe_key``.
    Locks: the new keys, in their order, so two callers with the same keys wait for each other and cannot deadlock.
    """
    waiting = sorted(notes, key=lambda note: note.dedupe_key)
    if not waiting:
        return 0
    later = quiet_now(now=now) if any(map(spares_sleep, waiting)) else None
    soon, quiet = now.isoformat(), (later or now).isoformat()
    rows = [_row(note, quiet if spares_sleep(note) else soon) for note in waiting]
    # PostgreSQL keeps no NUL in text; one in a pasted text must not undo the change it came with.
    payload = json.dumps(rows, ensure_ascii=False, cls=DjangoJSONEncoder).replace("\\u0000", "")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [now, payload])
        new = cursor.rowcount
    if new and any(row["not_before"] == soon for row in rows):
        nudge_on_commit()
    return new


def spares_sleep(note: Note) -> bool:
    """Whether quiet hours hold this note back: to a customer, on a channel that rings, and not urgent."""
    return not note.urgent and note.channel != Channel.INAPP and kinds.get(note.kind).audience == Audience.CUSTOMER


def _row(note: Note, not_before: str) -> dict[str, Any]:
    member = note.member
    language = note.language or (member.language if member else "") or settings.LANGUAGE_CODE
    return {
        "member_id": member.pk if member else None,
        "address": note.address,
        "channel": note.channel,
        "kind": note.kind,
        "language": language,
        "data": {k: {"at": v.isoformat()} if isinstance(v, datetime) else v for k, v in note.data.items()},
        "dedupe_key": note.dedupe_key,
        "urgent": note.urgent,
        "about": note.about,
        "not_before": not_before,
    }

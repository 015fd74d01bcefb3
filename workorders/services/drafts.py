"""What somebody is typing, kept until it is saved."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from staff.models import Member
from workorders.models import Draft

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "request_id", "promised"})
LONGEST = 20_000  # characters of one draft; more is not kept, and the form says its own limit


def keep_draft(*, member: Member, place: str, fields: Mapping[str, str], now: datetime) -> bool:
    """Keep what was typed at ``place``; an empty form or one too long is not kept. Returns whether it was."""
    kept = {name: value for name, value in fields.items() if name not in NOT_KEPT and value}
    if not kept or sum(map(len, kept.values())) > LONGEST:
        return False
    Draft.objects.update_or_create(member=member, place=place, defaults={"fields": kept, "saved_at": now})
    return True


def drop_draft(*, member: Member, place: str) -> None:
    """The work was saved or thrown away. Nothing hangs on a draft, so nothing has to be collected first."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workorders_draft WHERE member_id = %s AND place = %s", [member.pk, place])


def draft_at(member: Member, place: str) -> Draft | None:
    """What this member left at ``place``."""
    return Draft.objects.filter(member=member, place=place).first()

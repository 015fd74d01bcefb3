"""Putting a receipt down: the same for every written notice that has to be handed over."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.models import Receipt
from staff.models import Member
from workorders.services.storing import StoredFile


def put_down(
    receipt: Receipt, *, actor: Member, now: datetime, told_at: datetime | None, taken_by: str, at: datetime | None,
    note: str, file: StoredFile,
) -> datetime:  # fmt: skip
    """Who took it, when, and what shows it; saved. Returns when. The caller holds what the receipt belongs to.

    Raises: Refusal without a name, for a time to come or before ``told_at``.
    """
    if not taken_by.strip():
        raise Refusal(_("Write who took it."), field="taken_by")
    at = at or now
    if at > now:
        raise Refusal(_("This time is still to come."), field="at")
    if told_at and at < told_at:
        raise Refusal(_("This is before it was announced."), field="at")
    values: dict[str, Any] = {
        "handed_at": at, "handed_by": actor, "taken_by": taken_by.strip(), "handed_note": note.strip(),
        "proof": file.name, "proof_type": file.content_type,
    }  # fmt: skip
    for name, value in values.items():
        setattr(receipt, name, value)
    receipt.save(update_fields=values)
    return at

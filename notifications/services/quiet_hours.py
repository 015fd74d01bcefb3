"""Quiet hours: when customers are left alone, and changing that."""

import logging
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from notifications.models import QuietHours
from notifications.policies import can_set_quiet_hours
from notifications.quiet import quiet_until
from staff.models import Member

log = logging.getLogger(__name__)

STARTS, ENDS = time(22), time(7)  # design §11; nobody published a figure


def quiet_hours() -> QuietHours:
    """The row in force; before anybody saved one, the defaults."""
    return QuietHours.objects.select_related("updated_by").first() or QuietHours(starts=STARTS, ends=ENDS, version=0)


def quiet_now(*, now: datetime) -> datetime | None:
    """When the quiet hours of ``now`` end; None when customers may be written to. One query, of the times alone."""
    row = QuietHours.objects.values_list("is_on", "starts", "ends").first()
    is_on, starts, ends = row or (True, STARTS, ENDS)
    if not is_on:
        return None
    return quiet_until(now, starts=starts, ends=ends, zone=timezone.get_default_timezone())


@transaction.atomic
def set_quiet_hours(*, is_on: bool, starts: time, ends: time, version: int, actor: Member, now: datetime) -> QuietHours:
    """Keep new quiet hours. Messages that already wait keep their time.

    Raises: Denied, Refusal when somebody else saved since ``version``. Locks: the row.
    """
    require(can_set_quiet_hours(actor))
    row, _new = QuietHours.objects.select_for_update().get_or_create(
        pk=1, defaults={"starts": STARTS, "ends": ENDS, "version": 0}
    )
    if row.version != version:
        raise Refusal(_("%(name)s changed this meanwhile. Look again, then save.") % {"name": row.updated_by or "—"})
    row.is_on, row.starts, row.ends = is_on, starts, ends
    row.version, row.updated_by, row.updated_at = version + 1, actor, now
    row.save()
    log.info("quiet_hours.set on=%s starts=%s ends=%s actor=%s", is_on, starts, ends, actor.staff_no)
    return row

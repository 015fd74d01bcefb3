"""What this room listens to: its table was made, the work calendar is about to change, it has changed."""

import logging
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.calendars import CompanyCalendar
from common.signals import calendar_changed, calendar_preview
from workorders.services.recalculation import preview
from workorders.services.rulebook import load_shipped_rules
from workorders.tasks import recalculate_for_calendar

log = logging.getLogger(__name__)


@receiver(post_migrate, dispatch_uid="workorders.rules")
def ship_rules(sender: Any, **_kwargs: Any) -> None:
    """The shipped rules are there as soon as their table is; edited ones are left alone."""
    if sender.name == "workorders":
        load_shipped_rules()


@receiver(calendar_preview, dispatch_uid="workorders.calendar_preview")
def say_what_moves(sender: Any, planned: CompanyCalendar, now: datetime, **_kwargs: Any) -> str:
    """How many promises another calendar would move."""
    moved = preview(now=now, calendar=planned, rules=False).moved
    return ngettext("%(n)d open order gets another due time.", "%(n)d open orders get another due time.", moved) % {
        "n": moved
    }


@receiver(calendar_changed, dispatch_uid="workorders.calendar_changed")
def move_promises(sender: Any, now: datetime, **_kwargs: Any) -> str:
    """After the commit, put open orders under the new calendar; each move stands in its timeline (design §5)."""
    transaction.on_commit(partial(_ask_for_recalculation, str(uuid4())))
    return _("Due times of open orders follow in the background.")


def _ask_for_recalculation(run_id: str) -> None:
    try:
        recalculate_for_calendar.delay(run_id)
    except Exception:  # the calendar is saved; the rulebook's page says what is still to move
        log.warning("recalculation_not_asked_for", extra={"run_id": run_id}, exc_info=True)

"""What warns when the work calendar runs out: a system check and a line of the health page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.calendars import WARN_DAYS, company_calendar
from common.contributions import HealthLine, health_checks
from common.models import WorkDay


@register(Tags.database)
def calendar_runs_out(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """common.W001: fewer than 60 published days ahead; runs with ``migrate`` and ``check --database default``."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    if WorkDay._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []  # not migrated yet
    try:
        calendar = company_calendar()
    except ImproperlyConfigured as error:
        return [Warning(str(error), id="common.W001")]
    days = calendar.published_days_ahead(timezone.localdate())
    if days >= WARN_DAYS:
        return []
    return [
        Warning(
            f"The work calendar is published for {days} more days, until {calendar.published_until}.",
            hint="Load the next year: manage.py load_workdays YEAR FILE, or Settings → Work calendar.",
            id="common.W001",
        )
    ]


def calendar_days_ahead(now: datetime) -> tuple[bool, int, str]:
    """(enough published days ahead, how many, words for people)."""
    calendar, today = company_calendar(), timezone.localtime(now).date()
    days = calendar.published_days_ahead(today)
    words = ngettext(
        "Published for %(n)d more day, until %(until)s; loaded until %(last)s.",
        "Published for %(n)d more days, until %(until)s; loaded until %(last)s.",
        days,
    ) % {"n": days, "until": calendar.published_until, "last": calendar.last_day}
    if not calendar.is_running_out(today):
        return True, days, words
    return False, days, _("%(words)s Load the next year.") % {"words": words}


health_checks.register(
    "calendar", HealthLine("calendar", calendar_days_ahead, gettext_lazy("Work calendar"), vital=False), order=40
)

"""Letting go of what logins leave behind: ended sessions at once, records of logins after the setting's days."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session

LEAST_DAYS = 180  # 网络安全法 Art. 21


def purge_visits(*, now: datetime) -> int:
    """Delete ended sessions and records of logins past RETENTION_DAYS (never under 180); returns how many records."""
    Session.objects.filter(expire_date__lt=now).delete()
    before = now - timedelta(days=max(settings.RETENTION_DAYS, LEAST_DAYS))
    tables = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(table.objects.filter(attempt_time__lt=before).delete()[0] for table in tables)

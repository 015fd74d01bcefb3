"""Sessions that ended go; records of logins stay for their days."""

from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from staff.services.retention import purge_visits


@pytest.mark.django_db
@pytest.mark.parametrize(("kept_days", "age_days", "left"), [(400, 399, 1), (400, 401, 0), (30, 179, 1), (30, 181, 0)])
def test_record_of_a_login_stays_its_days_and_at_least_six_months(settings, kept_days, age_days, left):
    settings.RETENTION_DAYS = kept_days
    now = timezone.now()
    log = AccessLog.objects.create(username="T001")
    AccessLog.objects.filter(pk=log.pk).update(attempt_time=now - timedelta(days=age_days))
    purge_visits(now=now)
    assert AccessLog.objects.count() == left


@pytest.mark.django_db
def test_ended_session_goes_and_a_live_one_stays():
    now = timezone.now()
    for key, ends in (("a" * 32, -1), ("b" * 32, 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=now + timedelta(hours=ends))
    purge_visits(now=now)
    assert Session.objects.values_list("session_key", flat=True)[0] == "b" * 32

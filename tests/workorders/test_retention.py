"""Old timelines go, figures stay; nothing else can touch an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from tests.workorders.world import NOON, fault
from workorders.models import Clock, Event
from workorders.services.dispatching import cancel
from workorders.services.retention import purge_events


@pytest.fixture
def ended(world):
    order = fault(world)
    return cancel(code=order.code, actor=world.clerk, now=NOON, request_id=uuid4(), reason="误报")


def test_timeline_of_an_ended_order_goes_after_its_days_and_not_before(ended):
    assert purge_events(now=NOON + timedelta(days=200), days=200) == 0
    assert purge_events(now=NOON + timedelta(days=200, seconds=1), days=200) == 2
    assert Clock.objects.filter(order=ended).exists()


def test_open_orders_keep_theirs(world):
    fault(world)
    assert purge_events(now=NOON + timedelta(days=900), days=200) == 0


def test_less_than_six_months_is_refused(db):
    with pytest.raises(ValueError, match="180"):
        purge_events(now=NOON, days=179)


@pytest.mark.parametrize("change", [lambda rows: rows.update(text="x"), lambda rows: rows.delete()])
def test_database_refuses_to_change_or_delete_an_event(ended, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Event.objects.filter(order=ended))
    assert Event.objects.filter(order=ended).count() == 2

"""The worker's part in bringing in history: woken after the commit, never in the way of a save."""

import pytest

from outages import tasks
from outages.models import HistoryRow, HistoryRun, PastStep
from outages.services.history import start_applying
from tests.outages.past import ROW, as_csv, given, old_system
from tests.outages.town import grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return grid()


def test_a_worker_is_woken_to_read_and_to_write(town, monkeypatch, django_capture_on_commit_callbacks):
    for task in (tasks.read_history, tasks.apply_history):
        monkeypatch.setattr(task, "delay", task)
    with django_capture_on_commit_callbacks(execute=True):
        run = given(town, as_csv(ROW), old_system())
        assert HistoryRun.objects.get().state == "reading"
    assert HistoryRun.objects.get().state == "checked"
    with django_capture_on_commit_callbacks(execute=True):
        start_applying(code=run.code, actor=town.supervisor, now=NOON)
    assert (HistoryRun.objects.get().state, PastStep.objects.count()) == ("done", 1)
    HistoryRun.objects.update(finished_at=NOON.replace(year=2020))
    assert (tasks.purge_history_rows(), HistoryRow.objects.count()) == (1, 0)


def test_a_broker_that_is_down_does_not_lose_the_file(town, monkeypatch, django_capture_on_commit_callbacks):
    def down(code):
        raise OSError(code)

    monkeypatch.setattr(tasks.read_history, "delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        given(town, as_csv(ROW), old_system())
    assert HistoryRun.objects.get().state == "reading"

"""What is owed by a moment while an outage lasts: tasks whose clocks the one sweep fires."""

from uuid import uuid4

import pytest

from outages.services.owing import renew_news
from outages.services.restoring import estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope, Writing, edit
from tests.outages.town import HOUR, MIN, dark, done, grid
from tests.workorders.world import NOON
from workorders.choices import State
from workorders.models import Alarm, WorkOrder
from workorders.services.dispatching import accept
from workorders.services.field import finish
from workorders.services.rulebook import load_shipped_rules
from workorders.services.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_leads()
    load_shipped_rules()
    return grid()


class TestNews:
    """Power, or news, by the moment people were told."""

    def test_begun_it_is_owed_by_the_time_people_were_told(self, town):
        outage = dark(town)
        task = outage.news_order
        assert (task.kind, task.unit, task.due_by) == ("task", town.station, NOON + 2 * HOUR)
        assert outage.place in task.subject

    def test_a_time_nobody_knows_is_owed_by_the_next_news(self, town):
        outage = dark(town)
        outage = done(estimate, outage, town.dispatcher, now=NOON + HOUR, reason="还在找", next_news_at=NOON + 3 * HOUR)
        outage.news_order.refresh_from_db()
        assert outage.news_order.due_by == NOON + 3 * HOUR

    @pytest.mark.parametrize(("late", "stages"), [(-MIN / 60, ["warn"]), (0 * MIN, ["warn", "breach"])])
    def test_overdue_it_breaks_like_any_promise(self, town, late, stages):
        dark(town)
        sweep(now=NOON + 2 * HOUR + late)
        assert list(Alarm.objects.order_by("id").values_list("stage", flat=True)) == stages

    def test_a_new_time_moves_the_one_task(self, town):
        outage = dark(town)
        done(estimate, outage, town.dispatcher, now=NOON + HOUR, reason="换电缆", expected_at=NOON + 4 * HOUR)
        assert WorkOrder.objects.get().due_by == NOON + 4 * HOUR
        assert sweep(now=NOON + 2 * HOUR) == 0

    def test_back_it_is_kept_at_the_moment_the_power_was_back(self, town):
        outage = dark(town)
        done(restore, outage, town.dispatcher, now=NOON + 3 * HOUR, at=NOON + HOUR)
        task = WorkOrder.objects.get()
        assert (task.state, task.clocks.get().stopped_at) == (State.CLOSED, NOON + HOUR)

    def test_outage_that_goes_to_another_unit_takes_its_task_along(self, town):
        outage = dark(town)
        facts = Writing({"unit": town.other_station}, Scope(feeders=frozenset({town.east.pk})))
        done(edit, outage, town.writer, now=NOON + MIN, writing=facts, reason="那边的线路")
        task = WorkOrder.objects.get()
        assert (task.unit, task.due_by) == (town.other_station, NOON + 2 * HOUR)

    def test_filed_by_hand_it_is_owed_again_with_the_next_time(self, town):
        outage = dark(town)
        task = outage.news_order
        accept(code=task.code, actor=town.lead, now=NOON, request_id=uuid4())
        finish(code=task.code, actor=town.lead, now=NOON + MIN, request_id=uuid4(), result="说过了")
        outage = done(estimate, outage, town.dispatcher, now=NOON + HOUR, reason="换", expected_at=NOON + 3 * HOUR)
        assert outage.news_order != task
        assert outage.news_order.is_open

    @pytest.mark.parametrize(("at", "opened"), [(HOUR, 1), (2 * HOUR, 0)])
    def test_filed_by_hand_it_is_owed_again_while_its_moment_is_to_come(self, town, at, opened):
        outage = dark(town)
        task = outage.news_order
        accept(code=task.code, actor=town.lead, now=NOON, request_id=uuid4())
        finish(code=task.code, actor=town.lead, now=NOON + MIN, request_id=uuid4(), result="说过了")
        assert [renew_news(now=NOON + at), renew_news(now=NOON + at)] == [opened, 0]
        outage.refresh_from_db()
        assert outage.news_order.is_open is bool(opened)

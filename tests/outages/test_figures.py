"""The reliability page: the same numbers as an independent sum over the tables."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from outages.choices import Cause
from outages.models import Outage
from outages.selectors.figures import figures, served
from outages.services.restoring import begin, restore, restore_part
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.test_pages import desk_of
from tests.outages.town import DAY, HOUR, MIN, announced, dark, done, grid, written
from tests.workorders.world import NOON, at

pytestmark = pytest.mark.django_db
YEAR_END = at("2026-12-31 23:00:00")
BY_SQL = """
SELECT sum(s.customers), sum(s.customers * extract(epoch FROM s.restored_at - s.began_at) / 60)
FROM outages_outagestep s JOIN outages_outage o ON o.id = s.outage_id
WHERE s.restored_at - s.began_at > interval '3 minutes' AND o.kind = ANY(%s)
    AND (s.began_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN '2026-01-01' AND '2026-12-31'
"""


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: NOON + 5 * MIN)
    load_shipped_leads()
    return grid()


def by_sql(*kinds):
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, [list(kinds)])
        return cursor.fetchone()


@pytest.fixture
def year(town):
    """A fault in two stages, a brief one, planned work, and one over New Year."""
    fault = dark(town)
    done(restore_part, fault, town.lead, now=NOON + HOUR, transformers=[town.boxes[0].pk])
    done(restore, fault, town.lead, now=NOON + 2 * HOUR)
    done(restore, dark(town), town.lead, now=NOON + 2 * MIN)
    plan = announced(town)
    done(begin, plan, town.dispatcher, now=NOON + 8 * DAY)
    done(restore, plan, town.lead, now=NOON + 8 * DAY + 4 * HOUR)
    late = at("2026-12-31 23:30:00")
    done(begin, over := written(town), town.dispatcher, now=late, expected_at=late + 2 * HOUR)
    done(restore, over, town.lead, now=late + 2 * HOUR)
    Outage.objects.filter(pk=over.pk).update(cause=Cause.WEATHER)
    return town


def test_figures_are_those_of_an_independent_sum(year):
    found = figures(2026, None, YEAR_END + 2 * HOUR)
    times, minutes = by_sql("fault")
    assert found.served == 6  # the five of the grid and the one of the world
    assert found.whole.unplanned.customer_interruptions == times
    assert found.whole.unplanned.saidi_min == pytest.approx(float(minutes) / 6)
    times, minutes = by_sql("planned")
    assert (found.whole.planned.customer_interruptions, found.whole.planned.customer_minutes) == (times, float(minutes))


def test_months_add_up_and_new_year_belongs_to_the_old_one(year):
    found = figures(2026, None, at("2027-02-01 00:00:00"))
    assert [row.label.month for row in found.months] == list(range(1, 13))
    whole = found.whole.unplanned.customer_minutes
    assert sum(row.unplanned.customer_minutes for row in found.months) == pytest.approx(whole)
    assert found.months[-1].unplanned.customer_minutes == 4 * 120
    assert figures(2027, None, at("2027-02-01 00:00:00")).whole.unplanned.customer_interruptions == 0


def test_variants_leave_out_what_came_from_outside(year):
    found = figures(2026, None, at("2027-02-01 00:00:00")).variants
    assert found[1].customer_minutes - found[2].customer_minutes == 4 * 120


def test_a_unit_has_its_own_outages_and_customers(year):
    assert served(year.station) == 6
    assert served(year.other_station) == 0
    found = figures(2026, year.other_station, YEAR_END)
    assert (found.whole.unplanned.saifi, found.whole.unplanned.customer_interruptions) == (None, 0)


def test_one_customers_own_matter_is_no_interruption_of_supply(town):
    one = written(town, "arrears", scope=Scope(supply_points=frozenset({town.points[0].pk})))
    done(begin, one, town.dispatcher, expected_at=NOON + HOUR)
    assert figures(2026, None, NOON + HOUR).whole.unplanned.customer_interruptions == 0


def test_page_says_what_cannot_be_said_as_a_dash(town):
    answer = desk_of(town.supervisor).get(reverse("outages:figures"))
    assert answer.status_code == 200
    assert "—" in answer.text
    assert "No outage in this year." in answer.text


def test_page_shows_the_year_and_takes_no_nonsense(year, django_assert_max_num_queries):
    desk = desk_of(year.supervisor)
    for query in ({}, {"year": "2026"}, {"year": "x"}, {"year": "99999"}, {"unit": "nowhere"}, {"unit": "CB"}):
        assert desk.get(reverse("outages:figures"), query).status_code == 200
    with django_assert_max_num_queries(14):
        desk.get(reverse("outages:figures"))

"""The bad day of a frozen list: the feeder is re-hung while the outage is announced. The list stays, it is said."""

import pytest
from django.urls import reverse

from customers.models import SupplyPoint, Transformer
from outages.models import Affected
from outages.selectors.drift import Drift, drift_of
from outages.selectors.places import touching
from outages.services.restoring import begin, restore
from outages.services.shipping import load_shipped_leads
from tests.outages.test_pages import desk_of
from tests.outages.town import DAY, HOUR, announced, done, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


@pytest.fixture
def outage(town):
    """Announced for feeder east: boxes 0 and 1, five supply points."""
    return announced(town)


def listed(outage) -> list[int]:
    return sorted(Affected.objects.filter(version__outage=outage).values_list("supply_point_id", flat=True))


def drift(outage) -> Drift | None:
    return drift_of(outage, outage.versions.get(number=outage.version))


def test_an_untouched_network_says_nothing(outage):
    assert drift(outage) is None


def test_a_transformer_re_hung_leaves_the_list_and_is_named(town, outage):
    before = listed(outage)
    Transformer.objects.filter(pk=town.boxes[1].pk).update(feeder=town.west)
    assert drift(outage) == Drift(0, 2, 0, 0, "", "1 号变")
    assert listed(outage) == before
    assert touching([town.points[3]], NOON)[town.points[3].pk] == outage


def test_a_transformer_that_joined_is_named_and_its_customers_are_not_told(town, outage):
    Transformer.objects.filter(pk=town.boxes[2].pk).update(feeder=town.east)
    assert drift(outage) == Drift(1, 0, 0, 0, "2 号变", "")
    assert touching([town.points[5]], NOON) == {}


def test_a_place_moved_to_another_box_or_another_customer_is_counted(town, outage):
    SupplyPoint.objects.filter(pk=town.points[0].pk).update(transformer=town.boxes[1])
    SupplyPoint.objects.filter(pk=town.points[1].pk).update(customer=town.points[5].customer, is_main=False)
    assert drift(outage) == Drift(0, 0, 1, 1, "", "")


def test_what_is_over_is_no_longer_compared(town, outage):
    done(begin, outage, town.dispatcher, now=NOON + 8 * DAY)
    done(restore, outage, town.lead, now=NOON + 8 * DAY + HOUR)
    Transformer.objects.filter(pk=town.boxes[1].pk).update(feeder=town.west)
    outage.refresh_from_db()
    assert drift(outage) is None


def test_a_list_too_long_for_a_page_is_not_compared(town, outage, monkeypatch):
    monkeypatch.setattr("outages.selectors.drift.MOST_COMPARED", 4)
    Transformer.objects.filter(pk=town.boxes[1].pk).update(feeder=town.west)
    assert drift(outage) is None


def test_the_page_says_that_the_list_stays(town, outage):
    desk, address = desk_of(town.dispatcher), reverse("outages:detail", args=[outage.code])
    assert "since this list was frozen" not in desk.get(address).text
    Transformer.objects.filter(pk=town.boxes[1].pk).update(feeder=town.west)
    answer = desk.get(address).text
    assert "The list stays as people were told." in answer
    assert "2 supply points of the list no longer hang there: 1 号变" in answer

"""The dispatch board's map: areas, outages, orders by shape, crews at home."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Area
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.test_pages import desk_of
from tests.outages.town import HOUR, MIN, announced, dark, grid
from tests.workorders.world import NOON, fault
from workorders.services.rulebook import load_shipped_rules

pytestmark = pytest.mark.django_db
LATER = NOON + MIN


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    load_shipped_rules()
    load_shipped_leads()
    town = grid()
    for n, area in enumerate(town.areas[1:]):
        ring = [[111 + n / 10, 30.0], [111.1 + n / 10, 30.0], [111.1 + n / 10, 30.1], [111.0 + n / 10, 30.1]]
        boundary = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        Area.objects.filter(pk=area.pk).update(boundary=boundary, crew=[town.crew, town.crew2][n])
    return town


def board(town):
    answer = desk_of(town.dispatcher).get(reverse("workorders:dispatch"))
    assert answer.status_code == 200
    return answer


def layer(answer):
    ((_template, shown),) = answer.context["board"].maps
    return shown


def test_orders_stand_in_their_area_with_the_shape_of_their_promise(town):
    point = town.points[0]
    waiting = fault(town.world, customer=point.customer, supply_point=point, now=LATER)
    fault(town.world, customer=point.customer, supply_point=point, now=NOON - HOUR)
    shown = layer(board(town))
    assert {mark.code: mark.shape for mark in shown.marks}[waiting.code] == "give"
    assert sorted(mark.shape for mark in shown.marks) == ["give", "over"]
    assert len({(mark.x, mark.y) for mark in shown.marks}) == 2


def test_outages_colour_their_areas_and_crews_stand_at_home(town):
    announced(town, scope=Scope(transformers=frozenset({town.boxes[2].pk})))
    dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
    shown = layer(board(town))
    assert {shape.name: shape.look for shape in shown.drawing.shapes} == {"东苑": "off", "云集": "planned"}
    assert {sign.name for sign in shown.crews} == {"城北一班", "城北二班"}


def test_a_house_without_outlines_has_no_map(town):
    Area.objects.update(boundary=None)
    answer = board(town)
    assert answer.context["board"].maps == []
    assert "dh-bmap" not in answer.text


def test_each_mark_leads_to_its_order(town):
    point = town.points[0]
    order = fault(town.world, customer=point.customer, supply_point=point, now=LATER)
    answer = board(town)
    assert f"order={order.code}#dh-looked" in answer.text

"""The wrong customer or place put right: everything that had come from the wrong file follows, and the crew hears."""

from datetime import timedelta
from uuid import uuid4

import pytest

from customers.models import Area, Contact, Customer, SupplyPoint, Transformer
from notifications.models import Message
from tests.workorders import pages
from tests.workorders.world import NOON, World
from workorders.models import Event, WorkOrder
from workorders.services.amending import amend

MIN = timedelta(minutes=1)


@pytest.fixture
def other(world: World) -> SupplyPoint:
    """Another customer at another door, in another station's area."""
    area = Area.objects.get(pk=world.supply_point.transformer.area_id)
    area.pk, area.code, area.name, area.station = None, "DJ", "点军街道", world.other_station
    area.save()
    old = world.supply_point.transformer
    transformer = Transformer.objects.create(code="T-9", name="江南 01", feeder=old.feeder, area=area)
    customer = Customer.objects.create(
        account_no="4200590248", name="陈淑英", klass="residential", created_at=NOON, updated_at=NOON
    )
    Contact.objects.create(customer=customer, name="陈淑英", phone="13800001111", is_primary=True)
    return SupplyPoint.objects.create(
        customer=customer, address="建设路 22 号", meter_no="M-9", transformer=transformer, is_main=True
    )


def put_right(order: WorkOrder, world: World, **values) -> WorkOrder:
    frame = {"code": order.code, "actor": world.supervisor, "now": NOON + 30 * MIN, "request_id": uuid4()}
    return amend(**frame, reason="报错了户号", **values)


def test_right_customer_brings_name_phone_address_and_station_along(world, other):
    order = put_right(pages.received(world), world, customer=other.customer, supply_point=other)
    assert (order.contact_name, order.contact_phone) == ("陈淑英", "13800001111")
    assert (order.address, order.unit) == ("建设路 22 号", world.other_station)
    before = Event.objects.get(order=order, verb="amend").data["before"]
    assert {"customer", "supply_point", "contact_name", "contact_phone", "address", "unit"} == set(before)


def test_what_was_typed_is_left_alone(world, other):
    order = pages.received(world)
    WorkOrder.objects.update(contact_name="邻居老王", contact_phone="13711112222", address="楼下配电间")
    order = put_right(order, world, customer=other.customer, supply_point=other)
    assert (order.contact_name, order.contact_phone) == ("邻居老王", "13711112222")
    assert order.address == "楼下配电间"


def test_order_in_hand_stays_with_its_crew_who_hears_of_the_right_door(world, other):
    order = put_right(pages.accepted(world), world, customer=other.customer, supply_point=other)
    assert order.unit == world.crew
    told = Message.objects.get(kind="order_amended", channel="inapp")
    assert told.member == world.handler
    assert told.data["place"] == "建设路 22 号"


def test_other_words_of_the_customer_are_no_news_to_the_crew(world):
    put_right(pages.accepted(world), world, description="说得更清楚了")
    assert not Message.objects.filter(kind="order_amended").exists()

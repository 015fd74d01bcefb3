"""For tests of pages: people at their desks, orders at every stage, made through the services only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from staff.models import Member
from tests.workorders.world import NOON, World, fault
from workorders.choices import CallBackResult
from workorders.models import WorkOrder
from workorders.services.closing import answer, call_back
from workorders.services.dispatching import accept, dispatch_order, return_order
from workorders.services.field import arrive, finish, set_off

MIN = timedelta(minutes=1)


def desk_of(member: Member, **headers: str) -> Client:
    """A browser in which this member is logged in."""
    client = Client(headers=headers)
    client.force_login(member)
    return client


def page(order: WorkOrder) -> str:
    return reverse("workorders:detail", args=[order.code])


def act_url(order: WorkOrder, act: str) -> str:
    return reverse("workorders:act", args=[order.code, act])


def do(service: Callable[..., WorkOrder], order: WorkOrder, actor: Member, after: timedelta, **own: Any) -> WorkOrder:
    return service(code=order.code, actor=actor, now=NOON + after, request_id=uuid4(), **own)


# ── the stages of a fault report; each leads through the one before it ──


def received(world: World, now: datetime = NOON, **values: Any) -> WorkOrder:
    return fault(world, now=now, **values)


def dispatched(world: World) -> WorkOrder:
    return do(dispatch_order, received(world), world.dispatcher, MIN, unit=world.crew)


def accepted(world: World) -> WorkOrder:
    return do(accept, dispatched(world), world.handler, 3 * MIN)


def on_the_way(world: World) -> WorkOrder:
    return do(set_off, accepted(world), world.handler, 5 * MIN)


def on_site(world: World) -> WorkOrder:
    return do(arrive, on_the_way(world), world.handler, 9 * MIN)


def finished(world: World) -> WorkOrder:
    return do(finish, on_site(world), world.handler, 12 * MIN, result="换了表前空开", cause="breaker")


def answered(world: World) -> WorkOrder:
    return do(answer, finished(world), world.agent, 14 * MIN, text="已经来电")


def called_back(world: World) -> WorkOrder:
    return do(call_back, answered(world), world.agent2, 16 * MIN, result=CallBackResult.SATISFIED)


def returned(world: World) -> WorkOrder:
    return do(return_order, dispatched(world), world.handler, 4 * MIN, reason="wrong_unit")

"""A small day's work around one instant: every sort of order that a figure may count, made through the services."""

from datetime import datetime, timedelta
from uuid import uuid4

from tests.workorders.world import World, fault
from workorders.choices import CallBackResult
from workorders.models import WorkOrder
from workorders.services.closing import answer, call_back, close
from workorders.services.dispatching import cancel, dispatch_order
from workorders.services.field import arrive, finish
from workorders.services.lateness import tell_late

MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def live(world: World, now: datetime) -> None:
    """Orders as they stand at ``now``."""
    fault(world, now=now - MIN)  # soon
    fault(world, now=now - 3 * MIN)  # its dispatch is due at this very instant: not late yet
    _untold(world, now)
    _told(world, now)
    _kept_and_filed(world, now)
    _came_late(world, now)
    fault(world, now=now - 26 * HOUR, kind="complaint", situation="", subject="态度")  # nobody got in touch
    desk = {"situation": "", "customer": None, "supply_point": None}
    fault(world, now=now - HOUR, kind="praise", subject="谢谢", **desk)  # held by the hall itself
    question = fault(world, now=now - 2 * HOUR, kind="inquiry", subject="电价", **desk)
    _do(answer, question, world.clerk, now - 2 * HOUR + MIN, text="谷段便宜")
    _do(cancel, fault(world, now=now - 30 * MIN), world.clerk, now - 20 * MIN, reason="来电了")


def _do(service, order: WorkOrder, actor, at: datetime, **own) -> WorkOrder:
    return service(code=order.code, actor=actor, now=at, request_id=uuid4(), **own)


def _given(world: World, at: datetime, crew=None) -> WorkOrder:
    order = fault(world, now=at)
    return _do(dispatch_order, order, world.dispatcher, at + MIN, unit=crew or world.crew)


def _untold(world: World, now: datetime) -> None:
    """Past its promise, and nobody has said why."""
    _given(world, now - 70 * MIN)


def _told(world: World, now: datetime) -> None:
    order = _given(world, now - 80 * MIN, world.crew2)
    _do(tell_late, order, world.dispatcher, now - 40 * MIN, reason="job_before", new_time=now + HOUR)


def _kept_and_filed(world: World, now: datetime) -> None:
    start = now - 5 * HOUR
    order = _given(world, start)
    _do(arrive, order, world.handler, start + 30 * MIN)
    _do(finish, order, world.handler, start + 60 * MIN, result="换了空开", cause="breaker")
    _do(answer, order, world.agent, start + 65 * MIN, text="来电了")
    _do(call_back, order, world.agent2, start + 90 * MIN, result=CallBackResult.SATISFIED)
    _do(close, order, world.agent2, start + 91 * MIN)


def _came_late(world: World, now: datetime) -> None:
    """Broken, and over: both limits of one arrival, so that promises and orders are not the same number."""
    start = now - 4 * HOUR
    _do(arrive, _given(world, start), world.handler, start + 65 * MIN)

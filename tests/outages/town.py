"""A small network for tests: two feeders, three transformers, six supply points of five customers."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from customers.models import Area, Contact, Customer, Feeder, SupplyPoint, Transformer
from outages.choices import Kind
from outages.models import Outage
from outages.services.announcing import publish
from outages.services.restoring import begin
from outages.services.writing import Scope, Writing, approve, check, draft
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.remembering import remembered
from tests.workorders.world import NOON, World, build

DAY, HOUR, MIN = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass
class Grid:
    """Handles to the network and the people; build it with `grid`."""

    world: World
    east: Feeder
    west: Feeder
    boxes: list[Transformer]
    points: list[SupplyPoint]
    areas: list[Area] = field(default_factory=list)
    writer: Member | None = None  # a second dispatcher

    def __getattr__(self, name: str) -> Any:
        if "world" not in self.__dict__:  # a copy that is just being made
            raise AttributeError(name)
        return getattr(self.world, name)


@remembered
def grid() -> Grid:
    """East has boxes 0 (points 0, 1, 2) and 1 (3, 4), west has box 2 (5); points 0 and 3 are one customer's."""
    world = build()
    east, west = Feeder.objects.create(code="F-E", name="夷兴线"), Feeder.objects.create(code="F-W", name="桥边线")
    district = Area.objects.create(code="A-D", name="西陵区", station=world.station)
    areas = [
        Area.objects.create(code=f"A-{n}", name=name, station=world.station, parent=district)
        for n, name in enumerate(("东苑街道", "云集街道"))
    ]
    boxes = [
        Transformer.objects.create(code=f"T-{n}", name=f"{n} 号变", feeder=feeder, area=areas[area])
        for n, (feeder, area) in enumerate(((east, 0), (east, 1), (west, 1)))
    ]
    people = [_customer(n) for n in range(5)]
    hung = [(0, 0), (1, 0), (2, 0), (0, 1), (3, 1), (4, 2)]
    points = [
        SupplyPoint.objects.create(
            customer=people[who],
            transformer=boxes[box],
            address=f"果园二路 {n} 号",
            is_main=n != 3,
            meter_no=f"77000{n}",
        )
        for n, (who, box) in enumerate(hung)
    ]
    writer = Member.objects.create_user(
        staff_no="W1", name="邓写", home_unit=world.desk, password="x", pinyin="dengxie"
    )  # fmt: skip
    RoleGrant.objects.create(member=writer, role=Role.DISPATCHER, unit=world.company)
    return Grid(world, east, west, boxes, points, [district, *areas], writer)


def _customer(n: int) -> Customer:
    customer = Customer.objects.create(
        account_no=f"420000010{n}", name=f"陈{n}", pinyin=f"chen{n}", initials=f"c{n}", created_at=NOON, updated_at=NOON
    )
    Contact.objects.create(customer=customer, phone=f"1391234000{n}", is_primary=True)
    return customer


def written(town: Grid, kind: str = Kind.FAULT, *, scope: Scope | None = None, **facts: Any) -> Outage:
    """A draft by the writer, of feeder east unless told."""
    own = {"kind": kind, "unit": town.station, "feeder": town.east, "place": "东苑街道一带", "reason": "电缆坏了"}
    if kind in (Kind.PLANNED, Kind.TEMPORARY):
        own |= {"starts_at": NOON + 8 * DAY, "ends_at": NOON + 8 * DAY + 4 * HOUR}
    scope = Scope(feeders=frozenset({town.east.pk})) if scope is None else scope
    writing = Writing(own | facts, scope)
    return draft(writing=writing, actor=town.writer, now=NOON, request_id=uuid4())


def done(act: Any, outage: Outage, actor: Member | None, *, now=NOON, **own: Any) -> Outage:
    """One act, as a press of its button."""
    return act(code=outage.code, actor=actor, now=now, request_id=uuid4(), **own)


def announced(town: Grid, kind: str = Kind.PLANNED, **facts: Any) -> Outage:
    """Written, checked, approved and announced by three people."""
    outage = written(town, kind, **facts)
    done(check, outage, town.dispatcher)
    done(approve, outage, town.supervisor)
    return done(publish, outage, town.dispatcher)


def dark(town: Grid, **facts: Any) -> Outage:
    """A fault that was confirmed at noon, back at four as far as anybody knows."""
    return done(begin, written(town, Kind.FAULT, **facts), town.dispatcher, expected_at=NOON + 2 * HOUR)

"""A small town for tests: one station with two crews, a hall, a desk, one of each role, one customer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from customers.models import Area, Contact, Customer, Feeder, SupplyPoint, Transformer
from staff.choices import AreaClass, Role, UnitKind
from staff.models import Member, RoleGrant, Unit
from tests.remembering import remembered
from workorders.choices import Channel, Kind, Situation
from workorders.models import WorkOrder
from workorders.services.intake import Intake, receive

CITY = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A local instant: ``at("2026-11-20 14:32:10")``."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


NOON = at("2026-11-20 14:32:10")  # a Friday


@dataclass
class World:
    """Handles to everything; build it with `build`."""

    company: Unit
    station: Unit
    crew: Unit
    crew2: Unit
    hall: Unit
    desk: Unit
    other_station: Unit
    people: dict[str, Member] = field(default_factory=dict)
    customer: Customer | None = None
    supply_point: SupplyPoint | None = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


@remembered
def build() -> World:
    """Make the town."""
    company = Unit.objects.add_root({"code": "XL", "name": "西陵供电服务中心", "kind": UnitKind.COMPANY})

    def unit(parent: Unit, code: str, name: str, kind: str) -> Unit:
        return Unit.objects.add_child(Unit.objects.get(pk=parent.pk), {"code": code, "name": name, "kind": kind})

    station = unit(company, "CB", "城北供电所", UnitKind.STATION)
    world = World(
        company=company,
        station=station,
        crew=unit(station, "CB1", "城北一班", UnitKind.CREW),
        crew2=unit(station, "CB2", "城北二班", UnitKind.CREW),
        hall=unit(company, "YY", "营业厅", UnitKind.HALL),
        desk=unit(company, "PG", "派工台", UnitKind.DESK),
        other_station=unit(company, "DJ", "点军供电所", UnitKind.STATION),
    )
    for key, name, home, role, where in [
        ("clerk", "李婉清", world.hall, Role.CLERK, world.hall),
        ("agent", "周婷", world.desk, Role.AGENT, company),
        ("agent2", "胡敏", world.desk, Role.AGENT, company),
        ("dispatcher", "覃国栋", world.desk, Role.DISPATCHER, company),
        ("handler", "向军", world.crew, Role.HANDLER, world.crew),
        ("handler2", "望平", world.crew2, Role.HANDLER, world.crew2),
        ("lead", "谭勇", station, Role.UNIT_LEAD, station),
        ("supervisor", "黄志远", company, Role.SUPERVISOR, company),
        ("manager", "何亮", company, Role.MANAGER, company),
        ("admin", "鲁斌", company, Role.ADMINISTRATOR, company),
        ("auditor", "郑伟", company, Role.AUDITOR, company),
        ("stranger", "付强", world.other_station, Role.HANDLER, world.other_station),
    ]:
        member = Member.objects.create_user(
            f"T{len(world.people):03d}",
            "Denghuo-2026",
            name=name,
            home_unit=home,
            phone=f"1390000{len(world.people):04d}",
        )
        RoleGrant.objects.create(member=member, role=role, unit=where)
        world.people[key] = member
    _customer(world)
    return world


def _customer(world: World, area_class: str = AreaClass.URBAN) -> None:
    area = Area.objects.create(
        code="A1", name="夜明珠街道", area_class=area_class, station=world.station, crew=world.crew
    )
    transformer = Transformer.objects.create(
        code="T1", name="桔城路 03 台区", feeder=Feeder.objects.create(code="F1", name="夜明珠一线"), area=area
    )
    world.customer = Customer.objects.create(
        account_no="4200361772", name="陈淑兰", klass="residential", created_at=NOON, updated_at=NOON
    )
    Contact.objects.create(customer=world.customer, name="陈淑兰", phone="13912342716", is_primary=True)
    world.supply_point = SupplyPoint.objects.create(
        customer=world.customer, address="桔城路 18 号 2 栋 1 单元", door="302", meter_no="330013381",
        transformer=transformer, is_main=True,
    )  # fmt: skip


def fault(world: World, *, now: datetime = NOON, actor: Member | None = None, **values: Any) -> WorkOrder:
    """A fault report taken at the counter."""
    fields: dict[str, Any] = {
        "kind": Kind.FAULT,
        "channel": Channel.COUNTER,
        "situation": Situation.WHOLE,
        "description": "下午突然停电，楼道灯也不亮。",
        "customer": world.customer,
        "supply_point": world.supply_point,
        "contact_name": "陈淑兰",
        "contact_phone": "13912342716",
        "address": "桔城路 18 号 2 栋 1 单元",
    } | values
    return receive(intake=Intake(**fields), actor=actor or world.clerk, now=now, request_id=uuid4())

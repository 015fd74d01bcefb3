"""A plan of orderly use for tests: four firms in three batches, written, handed in, approved."""

from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from customers.choices import CustomerKlass
from customers.models import Contact, Customer
from outages.models import OrderlyPlan, OrderlyRun, RunUser
from outages.orderly_choices import Measure
from outages.services.orderly.approving import approve, submit
from outages.services.orderly.handing import hand_over
from outages.services.orderly.planning import BatchWriting, draft, write_batch
from outages.services.orderly.running import Demand, activate
from tests.outages.town import HOUR, Grid, grid
from tests.workorders.world import NOON, World

D = Decimal
START = NOON.replace(minute=0, second=0) + 20 * HOUR  # ten tomorrow morning


@dataclass
class Works:
    """Handles to the town, its firms and one plan; build it with `works`."""

    town: Grid | World
    firms: list[Customer] = field(default_factory=list)
    plan: OrderlyPlan | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["town"], name)


def works() -> Works:
    """Shift: firms 0 and 1 (2.0 + 1.5 MW). Avoid: firm 2 (3.0). Cut: firm 3 (4.0). For 5.0 of 40.0 MW, level II."""
    made = Works(grid())
    made.firms = [firm(n) for n in range(4)]
    made.plan = planned(made)
    for name, measure, users in (
        ("纺织错峰", Measure.SHIFT, {0: "2.0", 1: "1.5"}),
        ("水泥避峰", Measure.AVOID, {2: "3.0"}),
        ("电炉限停", Measure.CUT, {3: "4.0"}),
    ):
        batched(made, name, measure, users)
    return made


def firm(n: int, **facts: Any) -> Customer:
    """A factory with a mobile number."""
    made = Customer.objects.create(
        account_no=f"430000010{n}", name=f"宜昌第{n}机械厂", pinyin="jixiechang", initials="jxc",
        klass=CustomerKlass.INDUSTRIAL, created_at=NOON, updated_at=NOON, **facts,
    )  # fmt: skip
    Contact.objects.create(customer=made, phone=f"1380000000{n}", is_primary=True)
    return made


def planned(made: Works, **facts: Any) -> OrderlyPlan:
    """A draft without batches, by the dispatcher."""
    own = {"name": "迎峰度冬 2026", "unit": made.company, "peak_mw": D("40.0"), "shortage_mw": D("5.0")}
    return draft(facts=own | facts, actor=made.dispatcher, now=NOON, request_id=uuid4())


def batched(made: Works, name: str, measure: str, users: dict[int, str], **own: Any) -> None:
    """A batch of firms by their number."""
    writing = BatchWriting(name, measure, {made.firms[n].pk: D(mw) for n, mw in users.items()})
    done(write_batch, made, made.dispatcher, writing=writing, **own)


def done(act: Any, made: Works, actor: Any, *, now=NOON, **own: Any) -> Any:
    """One act on the plan, as a press of its button."""
    call = {"code": made.plan.code, "number": made.plan.number, "request_id": uuid4()} | own
    event = act(actor=actor, now=now, **call)
    made.plan = OrderlyPlan.objects.get(pk=made.plan.pk)
    return event


def in_force(made: Works) -> OrderlyPlan:
    """Handed in and approved by two people."""
    done(submit, made, made.dispatcher, skip_reason="本县没有可以限电的用户")
    done(approve, made, made.supervisor)
    return made.plan


def demand(**other: Any) -> Demand:
    """Ten to twelve tomorrow, 5.0 MW short of 40.0."""
    own = {"starts_at": START, "ends_at": START + 2 * HOUR, "shortage_mw": D("5.0"), "peak_mw": D("40.0")}
    return Demand(**own | {"reason": "全省高温，电力不够用"} | other)


def running(made: Works, **other: Any) -> OrderlyRun:
    """The plan in force, activated for tomorrow: shift and avoid are asked."""
    in_force(made)
    return done(activate, made, made.dispatcher, demand=demand(**other)).run


def acted(act: Any, run: OrderlyRun, actor: Any, *, now=NOON, **own: Any) -> Any:
    """One act on a run."""
    return act(**{"code": run.code, "actor": actor, "now": now, "request_id": uuid4()} | own)


def asked_user(world: World) -> RunUser:
    """In a town of one station: its plan in force and activated, and the one user, who has signed on a picture."""
    own = {"unit": world.station, "peak_mw": D("40.0"), "shortage_mw": D("2.0"), "name": "迎峰度冬 2026"}
    made = Works(world, [firm(0)])
    made.plan = draft(facts=own, actor=world.dispatcher, now=NOON, request_id=uuid4())
    batched(made, "纺织错峰", Measure.SHIFT, {0: "2.0"})
    run = running(made)
    picture = BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    proof = SimpleUploadedFile("签字.png", picture.getvalue())
    acted(hand_over, run, world.dispatcher, account=made.firms[0].account_no, taken_by="王师傅", proof=proof)
    return run.users.select_related("customer", "run__plan").get()

"""One order as the simulation remembers it: who it is about, how far it has come, what was decided about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random

from simulation.cast import place_of
from simulation.city.places import Place
from simulation.sayings import ALL, Saying
from staff.choices import AreaClass
from workorders.choices import ClockState, Kind, ServiceType, State, Verb
from workorders.models import Event, WorkOrder

S = State
VISITS = {
    ServiceType.METER_CHECK: 1.0,
    ServiceType.READING_ANOMALY: 0.5,
    ServiceType.APPLIANCE_DAMAGE: 1.0,
    ServiceType.VOLTAGE_QUALITY: 1.0,
    ServiceType.RECONNECTION: 0.45,
    ServiceType.OTHER: 0.6,
}


@dataclass
class Story:
    """``rng`` is the order's own, so that its fate does not depend on what happens to others."""

    code: str
    kind: str
    service_type: str
    state: str
    received_at: datetime
    area_class: str
    unit: str
    rng: Random
    saying: Saying | None = None
    place: Place | None = None
    storm: bool = False
    is_safety: bool = False
    due_at: datetime | None = None  # the tightest running clock
    promised_at: datetime | None = None  # the promise the customer heard, while it runs
    did: set[str] = field(default_factory=set)
    tries: int = 0
    serial: int = 0  # of the main step that is planned; older plans are void
    goes_out: bool = False
    is_called_first: bool = False
    is_laggard: bool = False
    was_told: bool = False
    misled: bool = False  # first goes to a unit it does not belong to
    withdrawn: bool = False
    plan: dict[str, datetime] = field(default_factory=dict)
    last_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in (S.CLOSED, S.CANCELLED, S.MERGED)

    @property
    def is_fault(self) -> bool:
        return self.kind == Kind.FAULT

    @property
    def is_instant(self) -> bool:
        """Answered by whoever was asked first."""
        return bool(self.saying and self.saying.instant and self.kind == Kind.INQUIRY)

    def follow(self, order: WorkOrder, at: datetime) -> None:
        """Take over what an act made of the order."""
        self.state, self.due_at, self.last_at = order.state, order.next_due_at, at
        clock = order.promise_clock
        running = clock is not None and clock.state == ClockState.RUNNING
        self.promised_at = clock.due_at if running else None


def tell(order: WorkOrder, seed: int, at: datetime, *, storm: bool = False, did: Iterable[str] = ()) -> Story:
    """The story of an order from here on; the same order at the same moment always gets the same one."""
    story = Story(
        code=order.code,
        kind=order.kind,
        service_type=order.service_type,
        state=order.state,
        received_at=order.received_at,
        area_class=order.area_class,
        unit=order.unit.code,
        rng=Random(f"{seed} {order.code} {at.isoformat()}"),
        saying=by_words().get(order.description),
        place=place_of(order.address),
        storm=storm or "雨" in order.description[:12],
        is_safety=order.is_safety,
        did=set(did),
    )
    story.follow(order, at)
    story.was_told = order.late_told_at is not None
    _decide(story, fresh=not did)
    return story


def _decide(story: Story, *, fresh: bool) -> None:
    """Draw what only the whole order knows: is the customer called first, does somebody go there, does it go astray."""
    draw = story.rng.random
    chance = {Kind.COMPLAINT: 1.0, Kind.TIP_OFF: 0.0, Kind.FAULT: 0.4}.get(story.kind, 0.25)
    story.is_called_first = draw() < chance
    story.goes_out = story.is_fault or draw() < VISITS.get(story.service_type, 0)
    if fresh:
        story.misled = draw() < (0.03 if story.is_fault else 0.05)
        story.withdrawn = not story.is_safety and draw() < 0.025


def revive(orders: Iterable[WorkOrder], seed: int, at: datetime) -> list[Story]:
    """Stories of orders that are open already, with what has been done to them."""
    orders = list(orders)
    did: dict[int, list[str]] = {order.pk: [Verb.RECEIVE] for order in orders}
    last = {order.pk: order.received_at for order in orders}
    rows = Event.objects.filter(order__in=orders).exclude(verb=Verb.ALARM).order_by("recorded_at", "id")
    for order_id, verb, recorded_at in rows.values_list("order_id", "verb", "recorded_at"):
        did[order_id].append(verb)
        last[order_id] = recorded_at
    stories = [tell(order, seed, at, did=did[order.pk]) for order in orders]
    for story, order in zip(stories, orders, strict=True):
        story.tries = did[order.pk].count(Verb.CALL_TRIED)
        story.last_at = last[order.pk]
    return stories


@cache
def by_words() -> dict[str, Saying]:
    """Sayings by the customer's words, so that an order read back finds its own."""
    return {saying.says: saying for saying in ALL}


def travel(story: Story) -> timedelta:
    """How long the way takes."""
    low, high, mode = {AreaClass.URBAN: (5, 28, 10), AreaClass.RURAL: (18, 66, 32), AreaClass.REMOTE: (30, 92, 50)}[
        story.place.area_class if story.place else story.area_class
    ]
    return timedelta(minutes=story.rng.triangular(low, high, mode) * (1.35 if story.storm else 1))


def labour(story: Story) -> timedelta:
    """How long the work on site takes."""
    minutes = min(story.rng.lognormvariate(3.85, 0.55), 230)
    return timedelta(minutes=max(12, minutes) * (1.3 if story.storm else 1))

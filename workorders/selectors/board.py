"""The dispatch board: crews with their load, orders to give, the crew to give each to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from customers.models import Area
from staff.choices import Role, UnitKind
from staff.models import Member, Unit
from staff.roster import DutyRoster
from staff.selectors import scope_of
from workorders.choices import Kind, State
from workorders.kinds import ON_SITE, goes_out
from workorders.models import WorkOrder
from workorders.selectors.orders import open_orders

IN_HAND = (State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS)


# What the dispatch desk follows after it was given: whatever somebody drives out for, and what nobody has taken yet.
FOLLOWED = Q(kind=Kind.FAULT) | Q(service_type__in=ON_SITE) | Q(state=State.DISPATCHED)


def under_way(actor: Member) -> QuerySet[WorkOrder]:
    """Orders given and not finished, as far as the dispatch desk follows them."""
    return open_orders(actor).filter(FOLLOWED, state__in=IN_HAND)


@dataclass
class CrewLoad:
    """A crew as the board shows it; ``load`` counts the orders in its hands."""

    unit: Unit
    load: int
    working: int
    people: list[Member] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.load >= self.unit.capacity

    @property
    def slots(self) -> list[tuple[float, float, bool]]:
        """One for each job it can take: place and width on the bar in per cent, and whether it is taken."""
        step = 100 / max(self.unit.capacity, 1)
        return [(round(n * step + 0.6, 2), round(step - 2, 2), n < self.load) for n in range(self.unit.capacity)]

    @property
    def load_words(self) -> str:
        return _("%(load)d of %(room)d in hand") % {"load": self.load, "room": self.unit.capacity}

    @property
    def word(self) -> str:
        if not self.load:
            return _("idle")
        return _("repairing") if self.working else _("on the way")


def crew_loads(actor: Member, *, now: datetime) -> list[CrewLoad]:
    """The crews this dispatcher reaches, in the order of the tree; five queries whatever their number."""
    reached = scope_of(actor).unit_ids(
        Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER, Role.UNIT_LEAD
    )
    crews = list(Unit.objects.filter(kind=UnitKind.CREW, is_active=True, pk__in=reached))
    counts = {
        row["unit"]: row
        for row in WorkOrder.objects.filter(unit__in=crews, state__in=IN_HAND, closed_at__isnull=True)
        .order_by()
        .values("unit")
        .annotate(load=Count("pk"), working=Count("pk", filter=Q(state=State.IN_PROGRESS)))
    }
    areas: dict[int, list[str]] = {}
    for crew_id, name in Area.objects.filter(crew__in=crews).values_list("crew_id", "name"):
        areas.setdefault(crew_id, []).append(name.removesuffix("街道"))
    roster = DutyRoster(at=now, roles={Role.HANDLER})
    return [
        CrewLoad(
            unit=crew,
            load=counts.get(crew.pk, {}).get("load", 0),
            working=counts.get(crew.pk, {}).get("working", 0),
            people=roster.who(crew.pk, Role.HANDLER),
            areas=areas.get(crew.pk, []),
        )
        for crew in crews
    ]


@dataclass(frozen=True)
class Suggestion:
    """The crew to give an order to, and why, in a few words."""

    crew: CrewLoad
    why: str


def suggest(order: WorkOrder, crews: Iterable[CrewLoad]) -> Suggestion | None:
    """The home crew of the place if it has a hand free, else the least loaded of its station, else of all.

    Never the crew it has just come back from. None for work that nobody has to go out for: a person picks the
    department.
    """
    crews = [crew for crew in crews if crew.unit != sent_back_by(order)]
    if not crews or not goes_out(order.kind, order.service_type):
        return None
    area = area_of(order)
    home = next((c for c in crews if area and c.unit.pk == area.crew_id), None)
    if home and not home.is_full:
        return Suggestion(home, _("its own area · %(load)s") % {"load": load_words(home)})
    station = station_path(order)
    near = [c for c in crews if c.unit.path.startswith(station) and not c.is_full]
    best = min(near or crews, key=lambda c: (c.load / max(c.unit.capacity, 1), c.unit.path))
    return Suggestion(best, load_words(best))


def sent_back_by(order: WorkOrder) -> Unit | None:
    """The unit that an order has just come back from; nobody suggests it again."""
    return order.unit if order.state == State.RETURNED else None


def area_of(order: WorkOrder) -> Area | None:
    """Where the trouble is, as far as the files know."""
    return order.supply_point.transformer.area if order.supply_point else None


def station_path(order: WorkOrder) -> str:
    """The tree path of the station whose crews are near; of the unit that has the order where no station is known."""
    area = area_of(order)
    return area.station.path if area and area.station else order.unit.path


def load_words(crew: CrewLoad) -> str:
    """“idle”, “2 of 4 in hand”; the same wherever a crew is offered or shown."""
    return crew.load_words if crew.load else _("idle")

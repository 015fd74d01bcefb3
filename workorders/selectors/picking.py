"""Which unit to give an order to: the likely ones with their load, the suggested one first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.choices import UnitKind
from staff.models import Member, Unit
from staff.selectors import handling_units
from workorders.kinds import goes_out
from workorders.models import WorkOrder
from workorders.selectors.board import IN_HAND, CrewLoad, crew_loads, load_words, sent_back_by, station_path, suggest

NEAR = 6


@dataclass(frozen=True)
class UnitChoice:
    """A unit that could take it; ``words``: “idle · its area”."""

    unit: Unit
    words: str = ""
    is_suggested: bool = False


def unit_choices(
    order: WorkOrder, actor: Member, *, now: datetime, but: Unit | None = None
) -> tuple[list[UnitChoice], list[UnitChoice]]:
    """The likely units, best first, and all other units that handle orders. ``but``: the unit to leave out."""
    near = near_units(order, actor, now=now, but=but)
    shown = {choice.unit.pk for choice in near} | ({but.pk} if but else set())
    rest = [UnitChoice(unit) for unit in handling_units() if unit.pk not in shown]
    return near, rest


def near_units(
    order: WorkOrder,
    actor: Member,
    *,
    now: datetime,
    but: Unit | None = None,
    crews: Iterable[CrewLoad] | None = None,
) -> list[UnitChoice]:
    """The likely units, best first, without the one the order has just come back from.

    ``crews``: what they have in hand, where the page knows it already.
    """
    unlikely = but or sent_back_by(order)
    if not goes_out(order.kind, order.service_type):
        return _desks(order, unlikely)
    return _crews(order, crew_loads(actor, now=now) if crews is None else crews, unlikely)


def _crews(order: WorkOrder, crews: Iterable[CrewLoad], but: Unit | None) -> list[UnitChoice]:
    """Crews: the one the board would suggest, then those of the same station by load, then the others by load."""
    crews = [crew for crew in crews if but is None or crew.unit.pk != but.pk]
    best = suggest(order, crews)
    if best is None:
        return []
    station = station_path(order)

    def rank(crew: CrewLoad) -> tuple[bool, bool, float, str]:
        aside = not crew.unit.path.startswith(station)
        return crew is not best.crew, aside, crew.load / max(crew.unit.capacity, 1), crew.unit.path

    return [
        UnitChoice(c.unit, best.why if c is best.crew else load_words(c), c is best.crew)
        for c in sorted(crews, key=rank)[:NEAR]
    ]


def _desks(order: WorkOrder, but: Unit | None) -> list[UnitChoice]:
    """For work at a desk: the station of the place, then departments and stations by how much they have in hand."""
    area = order.supply_point.transformer.area if order.supply_point else None
    home_id = area.station_id if area and area.station_id else order.unit_id
    kinds = [UnitKind.DEPARTMENT, UnitKind.STATION, UnitKind.HALL, UnitKind.DESK, UnitKind.REMOTE_DESK]
    units = [u for u in handling_units().filter(kind__in=kinds) if but is None or u.pk != but.pk]
    loads = _open_counts(units)
    place = {kind: n for n, kind in enumerate(kinds)}
    units.sort(key=lambda u: (u.pk != home_id, place[UnitKind(u.kind)], loads.get(u.pk, 0), u.path))
    return [UnitChoice(u, _in_hand(loads.get(u.pk, 0)), u.pk == home_id) for u in units[:NEAR]]


def _open_counts(units: Iterable[Unit]) -> dict[int, int]:
    held = WorkOrder.objects.filter(unit__in=units, state__in=IN_HAND, closed_at__isnull=True).order_by()
    return dict(held.values_list("unit").annotate(n=Count("pk")))


def _in_hand(n: int) -> str:
    return ngettext("%(n)d in hand", "%(n)d in hand", n) % {"n": n} if n else _("idle")

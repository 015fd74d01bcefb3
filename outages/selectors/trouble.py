"""Where the power goes off again and again, and where the voltage keeps being low (req 50)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from customers.models import Area, Feeder, SupplyPoint, Transformer
from customers.selectors.files import visible_to as visible_customers
from outages.asked import Asked
from outages.choices import ScopeKind
from outages.models import Affected, GridNeed, OutageStep
from outages.selectors.needs import Subject, Thing, code_of, needs_of
from outages.selectors.steps import LONG, Microseconds, Unnest, below, by_box, steps_in
from staff.models import Member
from workorders.selectors.figures import ABOUT_VOLTAGE
from workorders.selectors.orders import visible_to as visible_orders

MOST_SPOTS = 50
STATION = "supply_point__transformer__area__station__path"
CANDIDATES = 500  # transformers whose places are looked at


class Trouble(models.TextChoices):
    """What the list is of."""

    FEEDER = "feeder", _("Feeders")
    TRANSFORMER = "transformer", _("Transformers")
    PLACE = "place", _("Places")
    VOLTAGE = "voltage", _("Low voltage by transformer")
    VOLTAGE_AREA = "voltage_area", _("Low voltage by area")


@dataclass(frozen=True)
class Spot:
    """A thing with how often it was in trouble; ``query`` finds what is counted."""

    subject: Subject
    times: int
    lasted: timedelta | None
    query: str
    need: GridNeed | None = None


Found = list[tuple[int, int, timedelta | None]]  # id, how often, how long


def spots(asked: Asked, actor: Member, what: Trouble, least: int) -> list[Spot]:
    """Those in trouble ``least`` times or more, the worst first; one more than are shown, when there are more."""
    ways: dict[Trouble, tuple[ScopeKind, Callable[[], Found]]] = {
        Trouble.FEEDER: (ScopeKind.FEEDER, lambda: _feeders(asked, least)),
        Trouble.TRANSFORMER: (ScopeKind.TRANSFORMER, lambda: _boxes(asked, least)),
        Trouble.PLACE: (ScopeKind.SUPPLY_POINT, lambda: _places(asked, actor, least)),
        Trouble.VOLTAGE: (ScopeKind.TRANSFORMER, lambda: _voltage(asked, actor, "transformer", least)),
        Trouble.VOLTAGE_AREA: (ScopeKind.AREA, lambda: _voltage(asked, actor, "transformer__area", least)),
    }
    kind, find = ways[what]
    found = find()
    ids = [pk for pk, _times, _lasted in found]
    things, needs = _things(kind, ids), needs_of(kind, ids)
    return [
        Spot(Subject(kind, things[pk]), times, lasted, _query(asked, what, things[pk]), needs.get(pk))
        for pk, times, lasted in found
        if pk in things
    ]


def _things(kind: ScopeKind, ids: list[int]) -> dict[int, Thing]:
    rows: dict[ScopeKind, QuerySet[Any]] = {
        ScopeKind.FEEDER: Feeder.objects.all(),
        ScopeKind.TRANSFORMER: Transformer.objects.select_related("feeder", "area").defer("area__boundary"),
        ScopeKind.AREA: Area.objects.defer("boundary"),
        ScopeKind.SUPPLY_POINT: SupplyPoint.objects.select_related("transformer"),
    }
    return rows[kind].in_bulk(ids)


def _query(asked: Asked, what: Trouble, thing: Thing) -> str:
    if what in (Trouble.VOLTAGE, Trouble.VOLTAGE_AREA):
        here = {"area" if what == Trouble.VOLTAGE_AREA else "transformer": code_of(thing)}
        days = {"since": asked.period.first.isoformat(), "until": asked.period.last.isoformat()}
        return urlencode({"standing": "all", "about": "voltage", **here, **days})
    if isinstance(thing, SupplyPoint):
        return asked.query_of(place=thing.meter_no, lasting="long")
    return asked.query_of(**{what.value: code_of(thing)}, lasting="long")


def _often(rows: QuerySet[Any], key: str, least: int) -> QuerySet[Any]:
    """Outages by a column, counted once each however many groups they had."""
    spent = ExpressionWrapper(Microseconds(F("lasted")), output_field=DecimalField())
    grouped = rows.filter(LONG).order_by().values(key=F(key))
    counted = grouped.annotate(times=Count("outage", distinct=True), spent_us=Sum(spent))
    return counted.filter(times__gte=least).order_by("-times", "-spent_us", "key")


def _read(rows: QuerySet[Any]) -> Found:
    return [(row["key"], row["times"], timedelta(microseconds=int(row["spent_us"] or 0))) for row in rows]


def _feeders(asked: Asked, least: int) -> Found:
    """How long is not said of a feeder: its parts were off at once and one after the other."""
    named = steps_in(asked.selection()).filter(outage__feeder__isnull=False)
    rows = _often(named, "outage__feeder", least)[: MOST_SPOTS + 1]
    return [(pk, times, None) for pk, times, _lasted in _read(rows)]


def _boxes(asked: Asked, least: int) -> Found:
    return _read(_often(by_box(steps_in(asked.selection())), "box", least)[: MOST_SPOTS + 1])


def _places(asked: Asked, actor: Member, least: int) -> Found:
    """Places below the transformers named this often, as the lists were frozen; cut off alone or with all others."""
    steps = steps_in(asked.selection()).filter(LONG)
    named = _often(steps.annotate(box=Unnest("transformers")), "box", least)[:CANDIDATES]
    boxes = [row["key"] for row in named]
    here = Affected.objects.filter(
        transformer_id__in=boxes,
        version__number=F("version__outage__version"),
        version__outage__in=steps.order_by().values("outage"),
    )
    seen = SupplyPoint.objects.filter(customer__in=visible_customers(actor)).exclude(meter_no="")
    counted = here.filter(supply_point__in=seen).order_by().values(key=F("supply_point_id"))
    rows = counted.annotate(times=Count("version__outage", distinct=True)).filter(times__gte=least)
    return [(row["key"], row["times"], None) for row in rows.order_by("-times", "key")[: MOST_SPOTS + 1]]


def _voltage(asked: Asked, actor: Member, above: str, least: int) -> Found:
    """Orders about the voltage by what is above the place, those that were cancelled or merged left out."""
    orders = visible_orders(actor).filter(ABOUT_VOLTAGE, below(STATION, asked.paths))
    orders = orders.filter(received_at__gte=asked.period.start, received_at__lt=asked.period.end)
    rows = orders.order_by().values(key=F(f"supply_point__{above}")).annotate(times=Count("pk"))
    rows = rows.filter(times__gte=least, key__isnull=False).order_by("-times", "key")
    return [(row["key"], row["times"], None) for row in rows[: MOST_SPOTS + 1]]


def steps_of_place(steps: QuerySet[OutageStep], meter_no: str, actor: Member) -> QuerySet[OutageStep]:
    """Of these steps, those that a place was in as the lists were frozen; none of a place this person may not see."""
    seen = SupplyPoint.objects.filter(customer__in=visible_customers(actor))
    point = seen.exclude(meter_no="").filter(meter_no=meter_no).first()
    if point is None:
        return steps.none()
    rows = Affected.objects.filter(supply_point=point, version__number=F("version__outage__version"))
    found = dict(rows.values_list("version__outage", "transformer_id"))
    return steps.filter(outage__in=found, transformers__overlap=list(set(found.values())) or [0])

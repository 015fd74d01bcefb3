"""What the grid needs, as it was said last, and what hangs below it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from customers.models import Area, Feeder, SupplyPoint, Transformer
from customers.selectors.files import visible_to as visible_customers
from outages.choices import ScopeKind
from outages.models import GridNeed
from outages.policies import FIGURES
from outages.selectors.steps import below
from staff.models import Member
from staff.selectors import scope_of

Thing = Feeder | Transformer | Area | SupplyPoint
ABOVE = ("feeder", "transformer__feeder", "transformer__area", "area", "supply_point__transformer__area", "actor")
STATION = {
    ScopeKind.FEEDER: "feeder__transformers__area__station__path",
    ScopeKind.TRANSFORMER: "transformer__area__station__path",
    ScopeKind.AREA: "area__station__path",
    ScopeKind.SUPPLY_POINT: "supply_point__transformer__area__station__path",
}


@dataclass(frozen=True)
class Subject:
    """A thing of the network that trouble comes back to; its pages are found by kind and code."""

    kind: ScopeKind
    thing: Thing

    @property
    def code(self) -> str:
        return code_of(self.thing)

    @property
    def label(self) -> str:
        """A place by its street: the door is nobody's business here."""
        return str(self.thing)

    @property
    def note(self) -> str:
        """What stands above it."""
        if isinstance(self.thing, Transformer):
            return f"{self.thing.feeder} · {self.thing.area}"
        return str(self.thing.transformer) if isinstance(self.thing, SupplyPoint) else ""


def code_of(thing: Thing) -> str:
    """What an address calls it; a place goes by its meter."""
    return thing.meter_no if isinstance(thing, SupplyPoint) else thing.code


def subject_of(need: GridNeed) -> Subject:
    """What a word was about."""
    return Subject(next(kind for kind in ScopeKind if getattr(need, f"{kind}_id")), need.thing)


def latest() -> QuerySet[GridNeed]:
    """The word that holds of each thing."""
    same = Q(pk__in=[])
    for kind in ScopeKind:
        same |= Q(**{f"{kind}__isnull": False, kind: OuterRef(kind)})
    newer = GridNeed.objects.filter(same, pk__gt=OuterRef("pk"))
    return GridNeed.objects.filter(~Exists(newer)).select_related(*ABOVE).defer(*OUTLINES)


OUTLINES = ("transformer__area__boundary", "area__boundary", "supply_point__transformer__area__boundary")


def needs_of(kind: ScopeKind, ids: Iterable[int]) -> dict[int, GridNeed]:
    """The word that holds of each of these things, by id; one query."""
    return {getattr(need, f"{kind}_id"): need for need in latest().filter(**{f"{kind}__in": list(ids)})}


def standing_needs(actor: Member, paths: Collection[str]) -> QuerySet[GridNeed]:
    """Projects that are promised and not yet said to be done, the earliest first."""
    here = Q(pk__in=[])
    for kind, path in STATION.items():
        here |= Q(**{f"{kind}__isnull": False}) & below(path, paths)
    places = Q(supply_point__isnull=True) | Q(supply_point__customer__in=visible_customers(actor))
    ids = GridNeed.objects.filter(here, places).values("pk")
    return latest().filter(pk__in=ids, is_needed=True).order_by("promised_on", "id")


def overdue(need: GridNeed, today: date) -> bool:
    """Promised for a day that is past; on the day itself it is still in time."""
    return need.is_needed and need.promised_on is not None and need.promised_on < today


def stations_of(subject: Subject) -> list[str]:
    """Tree paths of the units that supply below it."""
    thing = subject.thing
    if isinstance(thing, Feeder):
        areas = Area.objects.filter(transformers__feeder=thing)
    elif isinstance(thing, Area):
        areas = Area.objects.filter(Q(pk=thing.pk) | Q(parent=thing))
    else:
        area_id = thing.area_id if isinstance(thing, Transformer) else thing.transformer.area_id
        areas = Area.objects.filter(pk=area_id)
    paths = areas.filter(station__isnull=False).values_list("station__path", flat=True)
    return list(paths.order_by().distinct())


def get_subject_for(actor: Member, kind: str, code: str) -> Subject:
    """A feeder, transformer, area or place of the units this person counts for. Raises: Http404."""
    find: dict[str, QuerySet[Any]] = {
        ScopeKind.FEEDER: Feeder.objects.filter(code=code),
        ScopeKind.TRANSFORMER: Transformer.objects.filter(code=code).select_related("feeder", "area"),
        ScopeKind.AREA: Area.objects.filter(code=code),
        ScopeKind.SUPPLY_POINT: SupplyPoint.objects.filter(
            meter_no=code, customer__in=visible_customers(actor)
        ).select_related("transformer"),
    }
    thing: Thing | None = find[ScopeKind(kind)].first() if kind in find and code else None
    if thing is None:
        raise Http404(code)
    subject = Subject(ScopeKind(kind), thing)
    paths, scope = stations_of(subject), scope_of(actor)
    if paths and not any(scope.reaches_path(path, *FIGURES) for path in paths):
        raise Http404(code)
    return subject


def history_of(subject: Subject) -> list[GridNeed]:
    """Everything that was said of it, the latest first."""
    return list(GridNeed.objects.filter(**{subject.kind: subject.thing}).select_related("actor").order_by("-id"))

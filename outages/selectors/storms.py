"""Which storm holds where."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from outages.models import Storm
from staff.models import Unit

SHOWN = 20


def storms_now(at: datetime) -> QuerySet[Storm]:
    """Those that hold at this moment."""
    begun = Storm.objects.filter(begins_at__lte=at, until__gt=at)
    return begun.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at)).select_related("unit")


def open_storms(at: datetime) -> list[Storm]:
    """Those that hold, and those that wait for the second person."""
    rows = Storm.objects.filter(until__gt=at, ended_at__isnull=True).select_related("unit", "asked_by", "begun_by")
    return list(rows.order_by("id"))


def past_storms(at: datetime) -> list[Storm]:
    """The latest that are over, or came to nothing."""
    rows = Storm.objects.filter(Q(until__lte=at) | Q(ended_at__lte=at)).select_related("unit", "asked_by", "begun_by")
    return list(rows.order_by("-id")[:SHOWN])


def storm_of(unit: Unit, at: datetime) -> Storm | None:
    """The storm that holds for a unit: its own, or one of a unit above it."""
    return next((storm for storm in storms_now(at) if unit.path.startswith(storm.unit.path)), None)


def units_in_storm(at: datetime) -> frozenset[int]:
    """Every unit for which a storm holds; one query while none does, two otherwise."""
    return under(storm.unit.path for storm in storms_now(at))


def under(paths: Iterable[str]) -> frozenset[int]:
    """The units at and below these places of the tree."""
    wanted = Q(pk__in=())
    for path in paths:
        wanted |= Q(path__startswith=path)
    return frozenset(Unit.objects.filter(wanted).values_list("pk", flat=True)) if wanted.children[1:] else frozenset()


def storms_between(start: datetime, end: datetime) -> list[Storm]:
    """Those that held at some time in it: figures mark them."""
    rows = Storm.objects.filter(begins_at__lt=end, until__gt=start).select_related("unit")
    return [storm for storm in rows.order_by("begins_at") if storm.over_at > start]

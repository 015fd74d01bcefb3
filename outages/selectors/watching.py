"""The lists of what is watched before summer and winter, and what the figures offer for them (req 53)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from common.periods import midnight
from customers.models import Feeder, Transformer
from outages.choices import Cause, ScopeKind, Season
from outages.models import OutageStep, WatchItem
from outages.policies import FIGURES, PLANNERS
from outages.selectors.needs import Subject
from outages.selectors.steps import LONG, Selection, below, by_box, steps_in, whole_boxes
from staff.models import Member
from staff.selectors import scope_of

LOOKED_BACK = timedelta(days=365)
OFTEN = 3  # outages in a year that make a thing worth an offer
MOST_OFFERS = 8
SUMMER_IS_NEXT = range(3, 9)  # months in which the next peak is the summer's


@dataclass(frozen=True)
class Evidence:
    """What the figures say of a thing: outages of the year up to a day, and how many were too much load."""

    outages: int
    overloads: int
    since: date
    until: date

    def as_json(self) -> dict[str, Any]:
        """As an item keeps it."""
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return {"outages": self.outages, "overloads": self.overloads, **days}


@dataclass(frozen=True)
class Offer:
    """A feeder or transformer that the figures offer for the list."""

    subject: Subject
    evidence: Evidence


def next_season(today: date) -> tuple[Season, int]:
    """The peak that comes next; a winter bears the year it begins in."""
    if today.month in SUMMER_IS_NEXT:
        return Season.SUMMER, today.year
    return Season.WINTER, today.year if today.month >= SUMMER_IS_NEXT.stop else today.year - 1


def is_over(season: str, year: int, today: date) -> bool:
    """Whether its peak is behind us."""
    here = next_season(today)
    return (year, season == Season.WINTER) < (here[1], here[0] == Season.WINTER)


def visible_items(actor: Member) -> QuerySet[WatchItem]:
    """Those of the units this person counts for, and those that are theirs to do."""
    own = Q(unit_id__in=scope_of(actor).unit_ids(*FIGURES)) | Q(member=actor)
    things = ("feeder", "transformer__feeder", "transformer__area", "unit", "member", "order")
    return WatchItem.objects.filter(own).select_related(*things).defer("transformer__area__boundary")


def get_item_for(actor: Member, code: str) -> WatchItem:
    """One of them. Raises: Http404 when it is not there or not theirs to see."""
    item = visible_items(actor).filter(code=code).first()
    if item is None:
        raise Http404(code)
    return item


def subject_of(item: WatchItem) -> Subject:
    """What it is about."""
    return Subject(ScopeKind.FEEDER if item.feeder_id else ScopeKind.TRANSFORMER, item.thing)


def evidence_of(subject: Subject, actor: Member, now: datetime) -> Evidence:
    """What the year up to now says of one thing, as far as this person counts; one query."""
    steps = _lately(actor, now)
    if isinstance(subject.thing, Feeder):
        rows = steps.filter(outage__feeder=subject.thing)
    else:
        rows = whole_boxes(steps).filter(transformers__contains=[subject.thing.pk])
    return _evidence(rows.aggregate(**_COUNTS), now)


def offers(actor: Member, season: str, year: int, now: datetime) -> list[Offer]:
    """Transformers, then feeders, with overloads or many outages within a year that are not on the list; the worst
    first.
    """
    steps = _lately(actor, now)
    listed = WatchItem.objects.filter(season=season, year=year)
    on_list = {
        "transformer": set(listed.values_list("transformer", flat=True)),
        "feeder": set(listed.values_list("feeder", flat=True)),
    }
    boxes = _worst(by_box(steps), "box", on_list["transformer"])
    feeders = _worst(steps.filter(outage__feeder__isnull=False), "outage__feeder", on_list["feeder"])
    found_boxes = Transformer.objects.select_related("feeder", "area").defer("area__boundary").in_bulk([*boxes])
    found_feeders = Feeder.objects.in_bulk([*feeders])
    return [
        Offer(Subject(kind, things[pk]), _evidence(row, now))
        for kind, things, rows in (
            (ScopeKind.TRANSFORMER, found_boxes, boxes), (ScopeKind.FEEDER, found_feeders, feeders),
        )
        for pk, row in rows.items()
        if pk in things
    ]  # fmt: skip


_COUNTS = {
    "outages": Count("outage", distinct=True),
    "overloads": Count("outage", distinct=True, filter=Q(outage__cause=Cause.OVERLOAD)),
}


def _lately(actor: Member, now: datetime) -> QuerySet[OutageStep]:
    since = midnight(localdate(now) - LOOKED_BACK)
    return steps_in(Selection(since, now, scope_of(actor).paths(*FIGURES))).filter(LONG)


def _worst(rows: QuerySet[Any], key: str, listed: set[int]) -> dict[int, dict[str, Any]]:
    counted = rows.order_by().values(key=F(key)).annotate(**_COUNTS)
    worst = counted.filter(Q(overloads__gte=1) | Q(outages__gte=OFTEN)).order_by("-overloads", "-outages", "key")
    found = [row for row in worst[: MOST_OFFERS + len(listed)] if row["key"] not in listed]
    return {row["key"]: row for row in found[:MOST_OFFERS]}


def _evidence(row: dict[str, Any], now: datetime) -> Evidence:
    today = localdate(now)
    return Evidence(row["outages"], row["overloads"], today - LOOKED_BACK, today)


def devices_like(actor: Member, text: str) -> list[Subject]:
    """Feeders and transformers with this code, or else this name, that hang below units this person plans for."""
    paths = scope_of(actor).paths(*PLANNERS)
    boxes = Transformer.objects.filter(below("area__station__path", paths)).select_related("feeder", "area")
    feeders = Feeder.objects.filter(below("transformers__area__station__path", paths)).distinct()
    for name in ("code", "name"):
        found = [Subject(ScopeKind.TRANSFORMER, box) for box in boxes.filter(**{name: text})[:5]]
        found += [Subject(ScopeKind.FEEDER, feeder) for feeder in feeders.filter(**{name: text})[:5]]
        if found:
            return found
    return []

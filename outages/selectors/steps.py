"""The interruptions behind figures: which steps count, and their sums, made by the database."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import TruncDate
from django.utils import timezone

from common.periods import midnight
from customers.models import Area, Transformer
from outages.choices import AHEAD, CAUSE_CLASS, OF_ONE
from outages.models import OutageStep, PastStep, ScopePick
from outages.reliability import SUSTAINED
from outages.selectors.history import Origin
from outages.tally import Tally
from staff.models import Unit

PLANNED = Q(outage__kind__in=AHEAD)
ENDED_LONG, BRIEF, ONGOING = Q(lasted__gt=SUSTAINED), Q(lasted__lte=SUSTAINED), Q(restored_at__isnull=True)
LONG = ENDED_LONG | ONGOING


class Unnest(Func):
    """Each element of an array, a row of its own."""

    function = "unnest"
    set_returning = True
    output_field = BigIntegerField()


class Microseconds(Func):
    """A span in whole microseconds, exact below 285 years: sums of it are exact, at any number of customers."""

    template = "(date_part('epoch', %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Selection:
    """Steps that began in [start, end), of the units below ``paths``, without some days."""

    start: datetime
    end: datetime
    paths: tuple[str, ...]
    without: tuple[date, ...] = ()
    origin: Origin = Origin.OWN


def below(field: str, paths: Collection[str]) -> Q:
    """Rows whose unit is in one of these subtrees; the company's takes in everything, also what has no unit."""
    if any(len(path) == Unit.steplen for path in paths):
        return Q()
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


def steps_in(chosen: Selection) -> QuerySet[OutageStep]:
    """Every interruption of supply; what a single customer was cut off for is none in these statistics."""
    rows = OutageStep.objects.filter(below("outage__unit__path", chosen.paths)).exclude(outage__kind__in=OF_ONE)
    return _within(rows, chosen)


def past_steps_in(chosen: Selection) -> QuerySet[PastStep]:
    """Every interruption that another system recorded and somebody brought in."""
    return _within(PastStep.objects.filter(below("unit__path", chosen.paths)), chosen)


def _within(rows: QuerySet[Any], chosen: Selection) -> QuerySet[Any]:
    rows = rows.filter(began_at__gte=chosen.start, began_at__lt=chosen.end)
    for day in chosen.without:
        rows = rows.exclude(began_at__gte=midnight(day), began_at__lt=midnight(day + timedelta(days=1)))
    lasted = ExpressionWrapper(F("restored_at") - F("began_at"), output_field=DurationField())
    return rows.annotate(lasted=lasted)


@dataclass(frozen=True)
class Told:
    """Steps of one table, and where that table says what figures are split by."""

    steps: QuerySet[Any]
    planned: Q
    cause: str
    unit: str
    feeder: str


def told_in(chosen: Selection) -> list[Told]:
    """Our own steps, imported ones, or both, as asked."""
    own = Told(steps_in(chosen), PLANNED, "outage__cause", "outage__unit__path", "outage__feeder")
    past = Told(past_steps_in(chosen), Q(is_planned=True), "cause", "unit__path", "feeder")
    return {Origin.OWN: [own], Origin.IMPORTED: [past], Origin.BOTH: [own, past]}[chosen.origin]


def whole_boxes(steps: QuerySet[OutageStep]) -> QuerySet[OutageStep]:
    """Without those that took in nothing but single supply points: the transformer above them had power."""
    picks = ScopePick.objects.filter(outage=OuterRef("outage"))
    return steps.exclude(
        Exists(picks.filter(supply_point__isnull=False)) & ~Exists(picks.filter(supply_point__isnull=True))
    )


def by_box(steps: QuerySet[OutageStep]) -> QuerySet[OutageStep]:
    """A row for every transformer of every step, its id as ``box``."""
    return whole_boxes(steps).annotate(box=Unnest("transformers"))


def on_boxes(steps: QuerySet[OutageStep], boxes: QuerySet[Transformer]) -> QuerySet[OutageStep]:
    """Steps that took in one of these transformers as a whole."""
    ids = list(boxes.values_list("pk", flat=True))
    return whole_boxes(steps).filter(transformers__overlap=ids or [0])


def sums(name: str, which: Q = Q(), *, each: Any = None) -> dict[str, Any]:  # noqa: B008 - Q is never changed
    """The aggregates of a `Tally`, to be read by `tally_of` under the same name. ``each``: what a step weighs."""
    customers = F("customers") if each is None else each
    spent = ExpressionWrapper(customers * Microseconds(F("lasted")), output_field=DecimalField())
    return {
        f"{name}_interrupted": Sum(customers, filter=which & LONG),
        f"{name}_ended": Sum(customers, filter=which & ENDED_LONG),
        f"{name}_ended_us": Sum(spent, filter=which & ENDED_LONG),
        f"{name}_momentary": Sum(customers, filter=which & BRIEF),
        f"{name}_ongoing": Count("pk", filter=which & ONGOING),
        f"{name}_steps": Count("pk", filter=which),
    }


def tally_of(row: dict[str, Any], name: str) -> Tally:
    """The sums of a row."""
    return Tally(*(int(row[f"{name}_{part.name}"] or 0) for part in fields(Tally)))


@dataclass(frozen=True)
class DayTally:
    """What began on one day for one cause, planned or not."""

    day: date
    cause: str
    is_planned: bool
    tally: Tally


def day_tallies(chosen: Selection, *, unplanned_ended: bool = False) -> list[DayTally]:
    """Sums by day, cause and whether it was planned: months, causes and major event days come of them; a query a table.

    ``unplanned_ended``: only of what was not planned, lasted and is over.
    """
    return [row for told in told_in(chosen) for row in _by_day(told, unplanned_ended)]


def _by_day(told: Told, unplanned_ended: bool) -> Iterator[DayTally]:
    steps = told.steps.filter(~told.planned & ENDED_LONG) if unplanned_ended else told.steps
    began = TruncDate("began_at", tzinfo=timezone.get_default_timezone())
    planned = Case(When(told.planned, then=Value(True)), default=Value(False))
    grouped: QuerySet[Any] = steps.order_by().values(day=began, why=F(told.cause), ahead=planned)
    for row in grouped.annotate(**sums("all")).order_by("day", "why", "ahead"):
        yield DayTally(row["day"], row["why"], row["ahead"], tally_of(row, "all"))


def unplanned(chosen: Selection) -> Tally:
    """The sums of everything that was not planned."""
    found = (told.steps.aggregate(**sums("all", ~told.planned)) for told in told_in(chosen))
    return sum((tally_of(row, "all") for row in found), Tally())


Tallies = dict[Any, tuple[Tally, Tally]]  # by key: unplanned, planned


def tallies_by(chosen: Selection, column: Literal["unit", "feeder"]) -> Tallies:
    """Sums by unit (its tree path) or feeder (its id), those with the most customer-minutes first; a query a table."""
    found: Tallies = {}
    for told in told_in(chosen):
        for key, pair in tallies(told.steps, getattr(told, column), planned=told.planned).items():
            found[key] = add([found[key], pair]) if key in found else pair
    return dict(sorted(found.items(), key=lambda item: -(item[1][0].ended_us + item[1][1].ended_us)))


def tallies(
    steps: QuerySet[Any], key: Any, *, most: int | None = None, each: Any = None, planned: Q = PLANNED
) -> Tallies:
    """Sums by a column or expression, those with the most customer-minutes first; one query."""
    wanted = sums("unplanned", ~planned, each=each) | sums("planned", planned, each=each) | sums("all", each=each)
    named = {"key": F(key) if isinstance(key, str) else key}
    grouped: QuerySet[Any] = steps.order_by().values(**named)
    rows = grouped.annotate(**wanted).order_by(F("all_ended_us").desc(nulls_last=True), "key")
    return {row["key"]: (tally_of(row, "unplanned"), tally_of(row, "planned")) for row in rows[:most]}


def box_tallies(steps: QuerySet[OutageStep], *, most: int | None = None) -> Tallies:
    """Sums by transformer, each counted as one: how often and how long it was without power itself."""
    return tallies(by_box(steps), "box", most=most, each=Value(1))


def add(pairs: Iterable[tuple[Tally, Tally]]) -> tuple[Tally, Tally]:
    """Sums of sums."""
    unplanned, planned = Tally(), Tally()
    for one, other in pairs:
        unplanned, planned = unplanned + one, planned + other
    return unplanned, planned


def areas_of_boxes(boxes: Sequence[int] | None = None) -> dict[int, Area]:
    """The area of each transformer."""
    rows = Transformer.objects.select_related("area").defer("area__boundary")
    return {box.pk: box.area for box in (rows if boxes is None else rows.filter(pk__in=boxes))}


class BoxCodes(Func):
    """The codes of transformers by their ids, as one text."""

    template = "(SELECT string_agg(code, ' ' ORDER BY code) FROM customers_transformer WHERE id = ANY(%(expressions)s))"
    output_field = CharField()


def for_export(steps: QuerySet[OutageStep], customers: int) -> QuerySet[OutageStep]:
    """With what a figure can be made of again: transformers by code, the class of the cause, how many were served."""
    classes = [When(outage__cause=cause, then=Value(name)) for cause, name in CAUSE_CLASS.items()]
    return steps.annotate(
        boxes=BoxCodes("transformers"),
        cause_class=Case(*classes, default=Value("internal")),
        served=Value(customers),
    )

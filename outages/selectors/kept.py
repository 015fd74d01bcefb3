"""What was announced or promised against what happened: planned windows, times of return, arrivals (req 55)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Avg,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)  # fmt: skip
from django.db.models.fields.json import KT
from django.db.models.functions import Abs, Cast, Coalesce
from django.utils.timezone import localdate

from outages.asked import Asked
from outages.choices import AHEAD, OF_ONE, LiveLine
from outages.models import Outage, OutageVersion
from outages.reliability import US_PER_MIN
from outages.selectors.steps import Microseconds, below
from workorders.choices import ClockKind, Kind, Target
from workorders.models import PolicyRule
from workorders.rules import rulebook
from workorders.selectors.figures import Kept, Spent, decided_clocks, due_promises, kept_by, spent_by_rule

SPAN = DurationField()


def _began(asked: Asked) -> QuerySet[Outage]:
    rows = Outage.objects.filter(below("unit__path", asked.paths), began_at__lt=asked.period.end)
    return rows.filter(began_at__gte=asked.period.start).exclude(kind__in=OF_ONE)


def _span(end: Any, start: Any) -> ExpressionWrapper:
    return ExpressionWrapper(end - start, output_field=SPAN)


# ── planned: the announced window against what happened ─────────────────


def planned_in(asked: Asked) -> QuerySet[Outage]:
    """Announced outages that took place: ``told_from`` and ``told_to`` as people had been told when it began.

    ``over``: how much later the power was back than told; negative when it was earlier, None while it is off.
    """
    told = OutageVersion.objects.filter(outage=OuterRef("pk"), at__lte=OuterRef("began_at")).order_by("-number")

    def window(name: str) -> Coalesce:
        held = told.annotate(instant=Cast(KT(f"told__{name}"), DateTimeField())).values("instant")[:1]
        return Coalesce(Subquery(held), F(name))

    rows = _began(asked).filter(kind__in=AHEAD).annotate(told_from=window("starts_at"), told_to=window("ends_at"))
    return rows.annotate(
        over=_span(F("restored_at"), F("told_to")),
        told_span=_span(F("told_to"), F("told_from")),
        actual_span=_span(F("restored_at"), F("began_at")),
    )


IN_TIME = Q(over__lte=timedelta(0))


def too_long(now: datetime) -> Q:
    """Back later than told, or still off past the time that was told."""
    return Q(over__gt=timedelta(0)) | Q(restored_at__isnull=True, told_to__lt=now)


@dataclass(frozen=True)
class PlannedSummary:
    """How the announced windows were kept."""

    whole: int
    in_time: int
    too_long: int
    told: timedelta | None  # on average
    actual: timedelta | None
    avoidable: int
    judged: int  # whether it could have been avoided has been said
    live_asked: int  # live-line work was considered
    live_done: int

    @property
    def share(self) -> float | None:
        """Of those that have ended or should have: in time."""
        decided = self.in_time + self.too_long
        return self.in_time / decided if decided else None


def planned_summary(asked: Asked) -> PlannedSummary:
    """One query."""
    ended = Q(restored_at__isnull=False)
    row = planned_in(asked).aggregate(
        whole=Count("pk"),
        in_time=Count("pk", filter=IN_TIME),
        too_long=Count("pk", filter=too_long(asked.now)),
        told=Avg("told_span", filter=ended),
        actual=Avg("actual_span", filter=ended),
        avoidable=Count("pk", filter=Q(is_avoidable=True)),
        judged=Count("pk", filter=Q(is_avoidable__isnull=False)),
        live_asked=Count("pk", filter=~Q(live_line=LiveLine.NOT_ASKED)),
        live_done=Count("pk", filter=Q(live_line=LiveLine.IN_PART)),
    )
    return PlannedSummary(**row)


# ── faults: the first and the last time of return that people were told ─


def faults_in(asked: Asked) -> QuerySet[Outage]:
    """Outages nobody announced; ``first_over``, ``last_over``: how much later than told the power was back."""
    rows = _began(asked).exclude(kind__in=AHEAD)
    return rows.annotate(
        first_over=_span(F("restored_at"), F("first_expected_at")),
        last_over=_span(F("restored_at"), F("last_expected_at")),
    )


@dataclass(frozen=True)
class Told:
    """What became of the times of return that were told: the first, or the last."""

    told: int
    kept: int
    missed_min: float | None  # how far off they were on average, early or late

    @property
    def share(self) -> float | None:
        return self.kept / self.told if self.told else None


@dataclass(frozen=True)
class ReturnSummary:
    """Faults that are over, how many people were told a time for, and how it was kept."""

    over: int
    first: Told
    last: Told


def return_summary(asked: Asked) -> ReturnSummary:
    """One query."""

    def sums(name: str) -> dict[str, Any]:
        missed = ExpressionWrapper(Abs(Microseconds(F(f"{name}_over"))), output_field=FloatField())
        return {
            f"{name}_told": Count("pk", filter=Q(**{f"{name}_over__isnull": False})),
            f"{name}_kept": Count("pk", filter=Q(**{f"{name}_over__lte": timedelta(0)})),
            f"{name}_missed": Avg(missed),
        }

    row = (
        faults_in(asked).filter(restored_at__isnull=False).aggregate(over=Count("pk"), **sums("first"), **sums("last"))
    )

    def told(name: str) -> Told:
        missed = row[f"{name}_missed"]
        return Told(row[f"{name}_told"], row[f"{name}_kept"], None if missed is None else missed / US_PER_MIN)

    return ReturnSummary(row["over"], told("first"), told("last"))


# ── arrivals: the average that is promised, and the cap ─────────────────


@dataclass(frozen=True)
class Promise:
    """A published limit on faults, and what the period made of it."""

    rule: PolicyRule
    spent: Spent
    kept: Kept
    month: str
    unit: str  # the code of the one unit it is about, if it is one

    @property
    def query(self) -> str:
        """What finds the orders on which it ended."""
        return self._query("ended")

    @property
    def broken_query(self) -> str:
        """What finds the orders on which it was broken."""
        return self._query("broken")

    def _query(self, what: str) -> str:
        said = {"standing": "all", "promise": f"{what}:{self.month}:{self.rule.key}", "unit": self.unit}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def limit(self) -> timedelta:
        return timedelta(minutes=self.rule.amount)

    @property
    def is_average(self) -> bool:
        return self.rule.target == Target.AVERAGE

    @property
    def reached(self) -> timedelta | None:
        """What is held against the limit: the average, or the longest."""
        return self.spent.average if self.is_average else self.spent.longest

    @property
    def is_broken(self) -> bool:
        """An average by the average, a cap by a single order."""
        if self.is_average:
            return self.spent.average is not None and self.spent.average > self.limit
        return self.kept.broken > 0


def fault_rules(asked: Asked) -> list[PolicyRule]:
    """The published limits of arrival and restoration in force when the period ended, or today.

    Averages and caps side by side: of each clock, area class and target the tightest. Source: the rule rows.
    """
    on = min(asked.period.last, localdate(asked.now))
    tightest: dict[tuple[str, str, str], PolicyRule] = {}
    for rule in rulebook():
        in_force = rule.valid_from <= on and (rule.valid_to is None or rule.valid_to >= on)
        wanted = rule.kind == Kind.FAULT and rule.clock in (ClockKind.ARRIVE, ClockKind.RESTORE) and not rule.channel
        slot = (rule.clock, rule.area_class, rule.target)
        if in_force and wanted and rule.is_promise and (slot not in tightest or rule.amount < tightest[slot].amount):
            tightest[slot] = rule
    return sorted(tightest.values(), key=lambda rule: (rule.clock, rule.target != Target.AVERAGE, rule.amount))


def promises(asked: Asked) -> list[Promise]:
    """Each with what became of it on the orders of these units; two queries."""
    month, now, here = asked.period.key, asked.now, below("order__unit__path", asked.paths)
    spent = spent_by_rule(decided_clocks(month=month, now=now).filter(here))
    kept = kept_by(due_promises(month=month, now=now).filter(here), "rule__key")
    top = asked.unit or (asked.tops[0] if len(asked.tops) == 1 else None)
    return [
        Promise(
            rule, spent.get(rule.key, Spent()), kept.get((rule.key,), Kept()), month, top.code if top else "",
        )
        for rule in fault_rules(asked)
    ]  # fmt: skip

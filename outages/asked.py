"""What a page of figures was asked for: a period, units, how it is split. It all stands in the address."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.periods import QUARTERS, Period
from outages.policies import FIGURES
from outages.selectors.history import Origin, first_past_year
from outages.selectors.steps import Selection
from staff.directory import visible_units
from staff.models import Member, Unit

YEARS_BACK = 5


class Split(models.TextChoices):
    """What stands in a row of its own."""

    MONTH = "month", pgettext_lazy("split", "Month")
    QUARTER = "quarter", pgettext_lazy("split", "Quarter")
    YEAR = "year", pgettext_lazy("split", "Year")
    UNIT = "unit", _("Unit")
    AREA = "area", _("Area")
    FEEDER = "feeder", _("Feeder")
    TRANSFORMER = "transformer", _("Transformer")
    CAUSE = "cause", _("Cause")


OF_TIME = frozenset({Split.MONTH, Split.QUARTER, Split.YEAR})


@dataclass(frozen=True)
class Asked:
    """One person's choices; what the address does not say, or says wrongly, is this year in everything they reach."""

    period: Period
    units: list[Unit]
    unit: Unit | None
    split: Split
    leaves_out: bool  # major event days
    now: datetime
    years: list[int] = field(default_factory=list)
    origin: Origin = Origin.OWN
    has_past: bool = False  # somebody has brought history in

    @property
    def paths(self) -> tuple[str, ...]:
        """Tree paths of the units it is about: the one chosen, else each that this person's roles begin with."""
        return (self.unit.path,) if self.unit else tuple(unit.path for unit in self.tops)

    @property
    def tops(self) -> list[Unit]:
        """The highest units this person reaches."""
        kept: list[Unit] = []
        for unit in sorted(self.units, key=lambda unit: (unit.depth, unit.path)):
            if not any(unit.path.startswith(top.path) for top in kept):
                kept.append(unit)
        return kept

    @property
    def until(self) -> datetime:
        """The end of the period, or now while it runs; not before it began."""
        return max(self.period.start, min(self.period.end, self.now))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What of a year can be chosen."""
        year = self.period.year
        some = [Period(year, quarter=n) for n in QUARTERS] + [Period(year, month=n) for n in range(1, 13)]
        return [(period.key.removeprefix(f"{year}-"), period.short) for period in some]

    @property
    def part(self) -> str:
        return self.period.key.removeprefix(str(self.period.year)).removeprefix("-")

    @property
    def query(self) -> str:
        """The same choices in another address, without the split."""
        return self.query_of()

    def query_of(self, **more: Any) -> str:
        """… and more of them; “period=2026-Q4&unit=CB”."""
        said = {"period": self.period.key, "unit": self.unit.code if self.unit else "", "history": self.origin, **more}
        return urlencode({name: value for name, value in said.items() if value})

    def selection(self, *, without: tuple[date, ...] = (), period: Period | None = None) -> Selection:
        """The steps of the period, or of another one, in these units."""
        chosen = period or self.period
        return Selection(chosen.start, chosen.end, self.paths, without, self.origin)


def asked_of(query: QueryDict, actor: Member, now: datetime) -> Asked:
    """Read the choices; three queries."""
    this_year, first_past = localdate(now).year, first_past_year()
    last = this_year - YEARS_BACK + 1
    years = list(range(this_year, min(last, first_past or last) - 1, -1))
    units = list(visible_units(actor, FIGURES))
    split, origin = query.get("by", ""), query.get("history", "")
    return Asked(
        period=_period(query, years),
        units=units,
        unit=next((unit for unit in units if unit.code == query.get("unit")), None),
        split=Split(split) if split in Split.values else Split.MONTH,
        leaves_out=query.get("days") == "out",
        now=now,
        years=years,
        origin=Origin(origin) if origin in Origin.values else Origin.OWN,
        has_past=first_past is not None,
    )


def _period(query: QueryDict, years: list[int]) -> Period:
    """From ``period=2026-Q4`` as links say it, or ``year=2026&part=Q4`` as a form does."""
    year, part = query.get("year", ""), query.get("part", "")
    for key in (query.get("period", ""), f"{year}-{part}" if part else year):
        try:
            period = Period.parse(key)
        except ValueError:
            continue
        if period.year in years:
            return period
    return Period(years[0])

"""The rules of the trade that come with the house: lead times, who is told in writing, levels of shortage."""

import csv
from pathlib import Path

from django.db.models import Model

from outages.models import LeadRule, ShortageLevel, WrittenRule

DATA = Path(__file__).resolve().parents[1] / "data"


def load_shipped_leads() -> int:
    """Write rules that are not there yet; edited ones are left alone. Idempotent. Returns how many were new."""
    return _load(LeadRule, "lead_rules.csv") + _load(WrittenRule, "written_rules.csv")


def load_shipped_levels() -> int:
    """The same for the levels of a shortage."""
    return _load(ShortageLevel, "shortage_levels.csv")


def _load(table: type[Model], name: str) -> int:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [table(**row) for row in csv.DictReader(file)]
    before = table.objects.count()  # type: ignore[attr-defined]
    table.objects.bulk_create(rows, ignore_conflicts=True)  # type: ignore[attr-defined]
    return table.objects.count() - before  # type: ignore[attr-defined]

"""The rules of the trade that come with the house: lead times, and who is told in writing."""

import csv
from pathlib import Path

from django.db.models import Model

from outages.models import LeadRule, WrittenRule

DATA = Path(__file__).resolve().parents[1] / "data"


def load_shipped_leads() -> int:
    """Write rows that are not there yet; edited ones are left alone. Idempotent. Returns how many were new."""
    return sum(_load(model, name) for model, name in ((LeadRule, "lead_rules"), (WrittenRule, "written_rules")))


def _load(model: type[Model], name: str) -> int:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [model(**row) for row in csv.DictReader(file)]
    before = model.objects.count()  # type: ignore[attr-defined]
    model.objects.bulk_create(rows, ignore_conflicts=True)  # type: ignore[attr-defined]
    return model.objects.count() - before  # type: ignore[attr-defined]

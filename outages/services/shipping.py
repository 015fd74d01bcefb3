"""The lead times that come with the house."""

import csv
from pathlib import Path

from outages.models import LeadRule

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "lead_rules.csv"


def load_shipped_leads() -> int:
    """Write rows that are not there yet; edited ones are left alone. Idempotent. Returns how many were new."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [LeadRule(**row) for row in csv.DictReader(file)]
    before = LeadRule.objects.count()
    LeadRule.objects.bulk_create(rows, ignore_conflicts=True)
    return LeadRule.objects.count() - before

"""How long ahead an outage has to be announced."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from outages.models import LeadRule, Outage


@dataclass(frozen=True)
class Lead:
    """``latest``: the last moment at which announcing it is in time; ``rule`` says who demands it."""

    rule: LeadRule
    latest: datetime

    def is_late(self, now: datetime) -> bool:
        """In time at the very moment, late after it."""
        return now > self.latest


def lead_of(outage: Outage) -> Lead | None:
    """What the rules of the day it begins ask; None when nothing is asked of its kind, or it has no beginning yet."""
    if outage.starts_at is None:
        return None
    rules = LeadRule.objects.filter(kind=outage.kind, valid_from__lte=localdate(outage.starts_at))
    rule = rules.order_by("-valid_from").first()
    return Lead(rule, outage.starts_at - timedelta(hours=rule.hours)) if rule else None

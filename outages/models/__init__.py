"""Tables of the outages room."""

from outages.models.lead import LeadRule
from outages.models.notice import Notice, NoticeKind
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.public import Asking, Subscription
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick

__all__ = [
    "Affected",
    "Asking",
    "LeadRule",
    "Notice",
    "NoticeKind",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "Report",
    "ScopePick",
    "Subscription",
]

"""Tables of the outages room."""

from outages.models.lead import LeadRule
from outages.models.need import GridNeed
from outages.models.notice import Notice, NoticeKind
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick
from outages.models.watch import WatchItem

__all__ = [
    "Affected",
    "GridNeed",
    "LeadRule",
    "Notice",
    "NoticeKind",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "Report",
    "ScopePick",
    "WatchItem",
]

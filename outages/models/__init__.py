"""Tables of the outages room."""

from outages.models.lead import LeadRule
from outages.models.notice import Notice, NoticeKind
from outages.models.orderly import Batch, BatchUser, Exemption, OrderlyPlan, ShortageLevel
from outages.models.orderly_run import Achieved, OrderlyEvent, OrderlyRun, RunUser
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.receipt import Receipt
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick

__all__ = [
    "Achieved",
    "Affected",
    "Batch",
    "BatchUser",
    "Exemption",
    "LeadRule",
    "Notice",
    "NoticeKind",
    "OrderlyEvent",
    "OrderlyPlan",
    "OrderlyRun",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "Receipt",
    "Report",
    "RunUser",
    "ScopePick",
    "ShortageLevel",
]

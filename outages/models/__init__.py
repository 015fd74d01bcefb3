"""Tables of the outages room."""

from outages.models.calling import Call, CallReason, CallResult, CallTry
from outages.models.lead import LeadRule
from outages.models.notice import Notice, NoticeKind
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.posting import Posting
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick

__all__ = [
    "Affected",
    "Call",
    "CallReason",
    "CallResult",
    "CallTry",
    "LeadRule",
    "Notice",
    "NoticeKind",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "Posting",
    "Report",
    "ScopePick",
]

"""Tables of the outages room."""

from outages.models.calling import Call, CallReason, CallResult, CallTry
from outages.models.lead import LeadRule, ListedBy, WrittenRule
from outages.models.notice import Notice, NoticeKind
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.posting import Posting
from outages.models.receipt import Receipt
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick
from outages.models.storm import Storm
from outages.models.written import WrittenNotice

__all__ = [
    "Affected",
    "Call",
    "CallReason",
    "CallResult",
    "CallTry",
    "LeadRule",
    "ListedBy",
    "Notice",
    "NoticeKind",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "Receipt",
    "Posting",
    "Report",
    "ScopePick",
    "Storm",
    "WrittenNotice",
    "WrittenRule",
]

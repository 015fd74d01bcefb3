"""Tables of the outages room."""

from outages.models.calling import Call, CallReason, CallResult, CallTry
from outages.models.history import HistoryRow, HistoryRun, HistorySource, PastStep
from outages.models.lead import LeadRule, ListedBy, WrittenRule
from outages.models.need import GridNeed
from outages.models.notice import Notice, NoticeKind
from outages.models.orderly import Batch, BatchUser, Exemption, OrderlyPlan, ShortageLevel
from outages.models.orderly_run import Achieved, OrderlyEvent, OrderlyRun, RunUser
from outages.models.outage import Outage, OutageEvent, OutageStep
from outages.models.posting import Posting
from outages.models.public import Asking, Subscription
from outages.models.receipt import Receipt
from outages.models.report import Report
from outages.models.scope import Affected, OutageVersion, ScopePick
from outages.models.storm import Storm
from outages.models.watch import WatchItem
from outages.models.written import WrittenNotice

__all__ = [
    "Achieved",
    "Affected",
    "Asking",
    "Batch",
    "BatchUser",
    "Call",
    "CallReason",
    "CallResult",
    "CallTry",
    "Exemption",
    "GridNeed",
    "HistoryRow",
    "HistoryRun",
    "HistorySource",
    "LeadRule",
    "ListedBy",
    "Notice",
    "NoticeKind",
    "OrderlyEvent",
    "OrderlyPlan",
    "OrderlyRun",
    "Outage",
    "OutageEvent",
    "OutageStep",
    "OutageVersion",
    "PastStep",
    "Posting",
    "Receipt",
    "Report",
    "RunUser",
    "ScopePick",
    "ShortageLevel",
    "Storm",
    "Subscription",
    "WatchItem",
    "WrittenNotice",
    "WrittenRule",
]

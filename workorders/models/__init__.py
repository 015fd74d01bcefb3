"""The tables of promises."""

from workorders.models.clock import Alarm, Clock, ClockSegment, Heartbeat
from workorders.models.order import Attachment, CallBack, CodeSequence, Draft, Event, WorkOrder
from workorders.models.rule import PolicyRule, RulebookStamp

__all__ = [
    "Alarm",
    "Attachment",
    "CallBack",
    "Clock",
    "ClockSegment",
    "CodeSequence",
    "Draft",
    "Event",
    "Heartbeat",
    "PolicyRule",
    "RulebookStamp",
    "WorkOrder",
]

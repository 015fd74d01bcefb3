"""Reads behind the timeline: constant in number, bounded in size, whatever the length of the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from notifications.choices import Channel
from notifications.models import Message
from workorders.choices import Verb
from workorders.models import Event, WorkOrder

PAGE = 50
MESSAGES = 200
EVERYTHING = 5000  # printing shows the whole story, within reason
ALARM_KINDS = ("clock_warn", "clock_breach", "clock_escalate")


@dataclass(frozen=True)
class Stretch:
    """A stretch of an order's history, newest first; ``earlier`` is where the one before it begins, or ""."""

    events: Sequence[Event]
    messages: Sequence[Message]
    earlier: str = ""


def stretch_of(order: WorkOrder, *, public: bool = False, before: str = "", whole: bool = False) -> Stretch:
    """The latest rows, or those before a place that a stretch named; two queries.

    ``public``: only what the customer sees. ``whole``: everything, for paper.
    """
    rows = _events(order, public)
    place = _place(order, before) if before else None
    if place:
        rows = rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))
    size = EVERYTHING if whole else PAGE
    events = list(rows[: size + 1])
    more = len(events) > size
    events = events[:size]
    since = min((e.recorded_at for e in events), default=None) if more else None
    messages = _messages(order, since=since, until=place.recorded_at if place else None, alarms=not public)
    return Stretch(events, messages[: EVERYTHING if whole else MESSAGES], str(events[-1].pk) if more else "")


def _events(order: WorkOrder, public: bool) -> QuerySet[Event]:
    superseding = Event.objects.filter(supersedes=OuterRef("pk"))
    rows = Event.objects.filter(order=order).select_related("actor__home_unit")
    rows = rows.annotate(is_superseded=Exists(superseding)).order_by("-at", "-id")
    return rows.filter(is_public=True) if public else rows


def _place(order: WorkOrder, before: str) -> Event | None:
    return Event.objects.filter(order=order, pk=int(before)).first() if before.isdigit() else None


def _messages(order: WorkOrder, *, since: datetime | None, until: datetime | None, alarms: bool) -> QuerySet[Message]:
    """What the customer was told, and (for who has read them) the in-app alarms."""
    wanted = ~Q(address="")
    if alarms:
        wanted |= Q(kind__in=ALARM_KINDS, channel=Channel.INAPP)
    rows = Message.objects.filter(wanted, about=order.code).select_related("member").order_by("-id")
    if since:
        rows = rows.filter(created_at__gte=since)
    return rows.filter(created_at__lt=until) if until else rows


def latest_acts(order: WorkOrder, *, limit: int) -> list[Event]:
    """The last things people did to an order, newest first; alarms change nothing and are left out."""
    rows = Event.objects.filter(order=order).exclude(verb=Verb.ALARM).select_related("actor__home_unit")
    return list(rows.order_by("-id")[:limit])

"""Reads of the notifications room: one's own inbox, everything that went out, how the sender is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from notifications.choices import Channel, MessageState
from notifications.models import Message
from notifications.policies import can_see_outgoing
from staff.models import Member

MAILBOX_ROWS = 100


# ── one's own inbox ─────────────────────────────────────────────────────


def inbox(member: Member) -> QuerySet[Message]:
    """In-app messages of this person that have arrived."""
    return Message.objects.filter(member=member, channel=Channel.INAPP, state=MessageState.SENT)


def unread(member: Member) -> QuerySet[Message]:
    """Those not opened yet, newest first."""
    return inbox(member).filter(read_at__isnull=True).order_by("-id")


def get_own_message(member: Member, number: int) -> Message:
    """One's own message. Raises: Http404 for anybody else's."""
    return get_object_or_404(inbox(member), pk=number)


# ── everything that went out ────────────────────────────────────────────


def visible_messages(actor: Member) -> QuerySet[Message]:
    """Every message, for those who may see what goes out; nothing for others."""
    rows = Message.objects.select_related("member", "acted_by")
    return rows if can_see_outgoing(actor) else rows.none()


def get_message_for(actor: Member, number: int) -> Message:
    """A message of the outgoing list. Raises: Http404 when it does not exist for this person."""
    return get_object_or_404(visible_messages(actor), pk=number)


def failed_since(since: datetime) -> int:
    """How many messages written since then did not go out, counted up to a thousand."""
    return Message.objects.filter(state=MessageState.FAILED, created_at__gte=since).order_by("-id")[:1000].count()


def messages_about(code: str) -> QuerySet[Message]:
    """What was written about an order, newest first; upper rooms show it in their timeline."""
    return Message.objects.filter(about=code).exclude(about="").select_related("member").order_by("-id")


def mailbox(search: str) -> list[Message]:
    """The newest e-mails and SMS, whatever their state, whole or those to addresses that contain ``search``."""
    rows = Message.objects.filter(channel__in=[Channel.EMAIL, Channel.SMS]).select_related("member").order_by("-id")
    if search:
        rows = rows.filter(
            Q(address__icontains=search)
            | Q(channel=Channel.SMS, member__phone__contains=search)
            | Q(channel=Channel.EMAIL, member__email__icontains=search)
        )
    return list(rows[:MAILBOX_ROWS])


# ── the sender ──────────────────────────────────────────────────────────

_WAITING = " UNION ALL ".join(
    f"SELECT min(not_before) AS since FROM notifications_message"  # noqa: S608  (constants of ours)
    f" WHERE state IN ('queued', 'retry') AND channel = '{channel}' AND {urgency}"
    for channel in Channel.values
    for urgency in ("urgent", "NOT urgent")
)
SENDER_STATE = f"""
SELECT (SELECT beat_at FROM notifications_senderheartbeat),
       (SELECT min(since) FROM ({_WAITING}
            UNION ALL SELECT min(not_before) FROM notifications_message WHERE state = 'in_flight') AS waiting)
"""  # noqa: S608


@dataclass(frozen=True)
class SenderState:
    """When a sender last showed itself, and since when the oldest due message waits; ages in seconds at ``now``."""

    beat_at: datetime | None
    waiting_since: datetime | None
    now: datetime

    @property
    def silent_s(self) -> int:
        """Since when no sender has been heard; 0 when none ever was, as on a fresh system."""
        return _age_s(self.beat_at, self.now)

    @property
    def oldest_s(self) -> int:
        """How long the oldest message that should have gone is waiting."""
        return _age_s(self.waiting_since, self.now)

    @property
    def is_stale(self) -> bool:
        """Whether people must be told."""
        return max(self.silent_s, self.oldest_s) > settings.STALE_AFTER_S


def sender_state(now: datetime) -> SenderState:
    """How the sender is. One query of first entries in indexes, whatever waits."""
    with connection.cursor() as cursor:
        cursor.execute(SENDER_STATE)
        beat_at, since = cursor.fetchone()
    return SenderState(beat_at, since, now)


def _age_s(at: datetime | None, now: datetime) -> int:
    return max(0, int((now - at) / timedelta(seconds=1))) if at else 0

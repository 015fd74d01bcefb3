"""The outbox and the words it sends."""

from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from common.contributions import about_links
from notifications import kinds
from notifications.addresses import masked
from notifications.choices import WAITING, Channel, MessageState, Reason
from staff.models import Member


class Message(models.Model):
    """One message to one recipient on one channel: the outbox row, written with the change it speaks of.

    The recipient is a ``member`` (whose phone or e-mail is looked up when it is sent) or a bare ``address``.
    ``subject`` and ``body`` are the words as they were sent. ``lease_until`` is also the sender's token: who holds
    another value may not record a failure. Columns that a bulk INSERT … SELECT need not name have database defaults.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.CharField(max_length=254, db_default="")
    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    data = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    subject = models.CharField(max_length=200, db_default="")
    body = models.TextField(db_default="")
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=MessageState, db_default=MessageState.QUEUED)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    not_before = models.DateTimeField()
    urgent = models.BooleanField(db_default=False)
    provider_id = models.CharField(max_length=100, db_default="")
    reason = models.CharField(max_length=20, choices=Reason, db_default="")
    error = models.CharField(max_length=300, db_default="")
    about = models.CharField(max_length=40, db_default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            # Not unique=True on the field: that would add a second, pattern-matching index to every insert.
            models.UniqueConstraint(fields=["dedupe_key"], name="notif_message_once"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, address="") | (Q(member__isnull=True) & ~Q(address="")),
                name="notif_message_member_xor_address",
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.INAPP) | Q(member__isnull=False), name="notif_message_inapp_to_member"
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.IN_FLIGHT, lease_until__isnull=False)
                | (~Q(state=MessageState.IN_FLIGHT) & Q(lease_until__isnull=True)),
                name="notif_message_lease_in_flight",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                name="notif_message_sent_at_iff_sent",
            ),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="notif_message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notif_message_channel_known"),
        ]
        indexes = [
            # Channel and urgency lead, so that a login code never waits behind a million outage notices.
            models.Index(
                fields=["channel", "urgent", "not_before"], condition=Q(state__in=WAITING), name="notif_message_due"
            ),
            models.Index(fields=["lease_until"], condition=Q(state=MessageState.IN_FLIGHT), name="notif_message_lease"),
            models.Index(
                fields=["member", "-id"],
                condition=Q(channel=Channel.INAPP, state=MessageState.SENT, read_at__isnull=True),
                name="notif_message_unread",
            ),
            models.Index(
                fields=["member", "-id"],
                condition=Q(channel=Channel.INAPP, state=MessageState.SENT),
                name="notif_message_inbox",
            ),
            # … and by number: whoever heard of a thing may be a million, read page by page.
            models.Index(fields=["about", "id"], condition=~Q(about=""), name="notif_message_about"),
            models.Index(fields=["-id"], condition=Q(state=MessageState.FAILED), name="notif_message_failed"),
            BrinIndex(fields=["created_at"], autosummarize=True, name="notif_message_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.channel} · {self.state}"

    @property
    def to_masked(self) -> str:
        """The recipient for people who need not know the number: a member by name, an address masked."""
        return self.member.name if self.member else masked(self.address)

    @property
    def kind_label(self) -> str:
        """What the kind is called; its code when no room declares it any more."""
        return kinds.label(self.kind)

    @property
    def about_url(self) -> str:
        """The page of what it is about; empty when no room knows the code."""
        return next((url for link in about_links if self.about and (url := link(self.about))), "")

    @property
    def is_waiting(self) -> bool:
        """It will go out by itself."""
        return self.state in WAITING

    @property
    def is_stopped(self) -> bool:
        """It did not go out and will not by itself; a person may send it again."""
        return self.state in (MessageState.FAILED, MessageState.WITHHELD)

    @property
    def look(self) -> MessageState:
        """The state with its tag and icon."""
        return MessageState(self.state)

    @property
    def way(self) -> Channel:
        """The channel with its icon."""
        return Channel(self.channel)


class Template(models.Model):
    """The words somebody wrote in place of a kind's registered ones. No row: the registered words are in force."""

    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "language"], name="notif_template_once"),
            models.CheckConstraint(condition=~Q(body=""), name="notif_template_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.channel} · {self.language}"


class QuietHours(models.Model):
    """The one row that says when customers are left alone, half-open [starts, ends) in the company's zone."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    starts = models.TimeField()
    ends = models.TimeField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="notif_quiet_hours_one_row")]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class SenderHeartbeat(models.Model):
    """The one row by which pages know that a sender is alive."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="notif_heartbeat_one_row")]

    def __str__(self) -> str:
        return f"{self.beat_at:%m-%d %H:%M:%S}"

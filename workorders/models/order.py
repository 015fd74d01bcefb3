"""The order itself, its timeline and what hangs on it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.choices import display
from customers.models import Customer, SupplyPoint
from staff.choices import AreaClass
from staff.models import Member, Unit
from workorders.choices import (
    ENDED,
    WINDOW,
    CallBackResult,
    Channel,
    Kind,
    Phase,
    ServiceType,
    Situation,
    State,
    Verb,
)


def tracking_token() -> str:
    """An address nobody guesses, printed as a QR code on the receipt."""
    return secrets.token_urlsafe(12)


class WorkOrder(models.Model):
    """Whatever somebody must do for a customer before some moment.

    ``unit`` must act now; ``first_owner`` answers for the customer until a handler has accepted (req 23).
    ``next_clock`` and ``promise_clock`` are the two selectors of design §11, kept here by the one write path so that
    lists need no sort.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    tail = models.CharField(max_length=8)  # the digits people say on the phone
    token = models.CharField(max_length=24, default=tracking_token, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    service_type = models.CharField(_("service"), max_length=20, choices=ServiceType, blank=True)
    situation = models.CharField(_("situation"), max_length=20, choices=Situation, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    is_safety = models.BooleanField(_("safety"), default=False)
    area_class = models.CharField(_("area class"), max_length=10, choices=AreaClass)

    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    supply_point = models.ForeignKey(SupplyPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    description = models.TextField(_("what the customer said"))
    details = models.JSONField(default=dict, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")
    assignee = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned")
    first_owner = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="first_asked")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    is_supervised = models.BooleanField(default=False)
    is_first_contact = models.BooleanField(default=False)  # answered by whoever was asked

    received_at = models.DateTimeField(_("received"))
    due_by = models.DateTimeField(null=True, blank=True)  # a task is done by a moment that was set for it
    ruled_on = models.DateField()  # the day whose rules hold; a recalculation moves it
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)  # the new time the customer was told
    next_news_at = models.DateTimeField(null=True, blank=True)  # … or when there will be news
    late_reason = models.CharField(max_length=200, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    bounces = models.PositiveSmallIntegerField(default=0)  # returns and transfers: inside moves (req 24)

    generation = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    # No index on these two: nobody looks an order up by them, and every act would have to move two more entries.
    next_clock = models.ForeignKey(
        "workorders.Clock", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    next_due_at = models.DateTimeField(null=True, blank=True)
    promise_clock = models.ForeignKey(
        "workorders.Clock", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    promise_due_at = models.DateTimeField(null=True, blank=True)  # while it runs

    class Meta:
        ordering = ["-id"]
        constraints = [
            # not unique=True on the field: that would keep a second index, for searches by a token's beginning
            models.UniqueConstraint(fields=["token"], name="workorders_order_token"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), closed_at__isnull=False)
                | (~Q(state__in=sorted(ENDED)) & Q(closed_at__isnull=True)),
                name="workorders_order_closed_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RESOLVED, State.ANSWERED]) | ~Q(result=""),
                name="workorders_order_result_written",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.TASK) | Q(due_by__isnull=False), name="workorders_task_has_a_moment"
            ),
        ]
        indexes = [
            # the queue: open orders by time left, over everything and within a unit or a person
            models.Index(fields=["next_due_at", "id"], name="workorders_queue", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["closed_at"], name="workorders_ended", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["unit", "next_due_at", "id"], name="workorders_queue_unit", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["assignee", "next_due_at", "id"],
                name="workorders_queue_member",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["state", "next_due_at", "id"],
                name="workorders_queue_state",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(  # taken in and not yet given to anybody: still with whoever was asked first (req 23)
                fields=["first_owner", "next_due_at", "id"],
                name="workorders_queue_taken",
                condition=Q(closed_at__isnull=True, assignee__isnull=True),
            ),
            models.Index(fields=["received_at"], name="workorders_received"),
            models.Index(fields=["contact_phone"], name="workorders_phone"),
            models.Index(fields=["tail"], name="workorders_tail"),
            models.Index(fields=["parent"], name="workorders_parent", condition=Q(parent__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code

    get_kind_display = display("kind", Kind)
    get_state_display = display("state", State)
    get_situation_display = display("situation", Situation)

    # Not columns: filled by `selectors.progress.mark_progress` (and by the lock, for policies) where they are asked.
    done_by_ids: frozenset[int] = frozenset()  # who handled or answered, and so does not call back
    is_on_way: bool = False  # the crew has set off and is not there yet
    is_called_back: bool = False

    @property
    def headline(self) -> str:
        """What this order is about, in a few words."""
        if self.subject:
            return self.subject
        if self.situation:
            return self.get_situation_display()
        return self.description[:24]

    @property
    def window(self) -> int:
        """Which of the six windows is lit."""
        return WINDOW[State(self.state)]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Event(models.Model):
    """One row of the timeline: append-only (a trigger refuses UPDATE and DELETE).

    ``at`` is when it happened, ``recorded_at`` when it was written. ``request_id`` makes a change idempotent.
    ``supersedes`` puts another row's instant right without touching it. ``text`` is typed by people, ``data`` carries
    values that pages put into words in the reader's language.
    """

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="events", db_index=False)
    generation = models.PositiveSmallIntegerField(default=1)
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)  # the customer sees it, in the customer's words
    data = models.JSONField(default=dict, blank=True)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    request_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_id"], condition=Q(request_id__isnull=False), name="workorders_event_request_once"
            ),
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(supersedes__isnull=False), name="workorders_event_superseded_once"
            ),
        ]
        # Few on purpose: a sweep writes thousands of rows a second, and a timeline is only ever read by its order.
        indexes = [
            models.Index(fields=["order", "-at", "-id"], name="workorders_timeline"),
            models.Index(fields=["at"], name="workorders_finished", condition=Q(verb=Verb.FINISH)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.verb}"


class CallBack(models.Model):
    """One attempt to ask the customer after the work; never by the one who handled or answered."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="call_backs")
    generation = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(_("what came of it"), max_length=16, choices=CallBackResult)
    remark = models.TextField(_("what the customer said"), blank=True)
    caller = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["called_at"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.result}"


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A name of our own: nothing of what the sender typed reaches the file system."""
    return f"attachments/{attachment.order_id % 1000:03d}/{attachment.public_id}"


class Attachment(models.Model):
    """A photo or a document on an order; images are re-encoded, files served through a permission check."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    phase = models.CharField(max_length=10, blank=True)  # before, during, after the repair
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def phase_label(self) -> str:
        """“Before”, “During”, “After”, or nothing."""
        return str(Phase(self.phase).label) if self.phase in Phase.values else ""


class CodeSequence(models.Model):
    """The running number of a day, per kind letters; taken by one atomic upsert."""

    prefix = models.CharField(max_length=12, primary_key=True)  # BX-261120
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last}"


class Draft(models.Model):
    """What somebody typed and has not saved: kept on the server, so that nothing is lost."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=60)  # intake/fault, orders/BX-…/answer
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="workorders_draft_once")]

    def __str__(self) -> str:
        return self.place

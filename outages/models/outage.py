"""An outage, the stages it comes back in, and its timeline."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.choices import display
from customers.models import Feeder
from outages.choices import AHEAD, OF_ONE, Boundary, Cause, Kind, LiveLine, State, Verb
from staff.models import Member, Unit
from workorders.models import WorkOrder


class Outage(models.Model):
    """An interruption of supply, announced or not: what it takes in, when, why, and what people are told.

    Three pairs of instants, never mixed: ``starts_at``/``ends_at`` were announced, ``began_at``/``restored_at``
    happened, ``expected_at`` (or ``next_news_at``, when nobody knows) is what people are told now.
    ``version`` numbers what was frozen: what people were told, and the exact list of whom it takes in.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outages", verbose_name=_("unit"))
    feeder = models.ForeignKey(
        Feeder, null=True, blank=True, on_delete=models.PROTECT, related_name="outages", verbose_name=_("feeder")
    )
    place = models.CharField(_("where, as people call it"), max_length=80)
    reason = models.CharField(_("why, as people read it"), max_length=200, blank=True)

    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    restored_at = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)
    next_news_at = models.DateTimeField(null=True, blank=True)
    first_expected_at = models.DateTimeField(null=True, blank=True)  # the first and the last time of return
    last_expected_at = models.DateTimeField(null=True, blank=True)  # that people were told; kept for counting

    # the fault record (req 49, 55, 57)
    equipment = models.CharField(_("equipment"), max_length=80, blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause, default=Cause.UNKNOWN)
    boundary = models.CharField(_("on whose side"), max_length=10, choices=Boundary, default=Boundary.UNKNOWN)
    from_customer = models.BooleanField(_("began at a customer's"), default=False)
    is_spread = models.BooleanField(_("spread beyond where it began"), default=False)
    loss_kwh = models.DecimalField(
        _("energy not delivered, kWh"), max_digits=12, decimal_places=1, null=True, blank=True
    )
    live_line = models.CharField(_("live-line work"), max_length=12, choices=LiveLine, blank=True)
    is_avoidable = models.BooleanField(_("could have been avoided"), null=True, blank=True)

    version = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)  # of the present version
    written_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    checked_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField(null=True, blank=True)
    # an announcement later than the rule allows: why, and who let it pass besides whoever wrote it (counted)
    late_reason = models.CharField(_("why it is announced late"), max_length=200, blank=True)
    late_allowed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # while it is off: the task of saying when it is back, due when we said we would know (design §1)
    news_order = models.OneToOneField(WorkOrder, null=True, on_delete=models.SET_NULL, related_name="+")
    # once announced: the task of handing every written notice over, due when the receipts must be there (req 52)
    written_order = models.OneToOneField(WorkOrder, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()  # what the public reads as “last updated”
    revision = models.PositiveIntegerField(default=1)  # two editors: the second is told

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outages_ends_after_start"),
            models.CheckConstraint(condition=Q(restored_at__gte=F("began_at")), name="outages_back_after_off"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.UNDER_WAY, State.RESTORED, State.REVIEWED]) | Q(began_at__isnull=False),
                name="outages_off_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RESTORED, State.REVIEWED]) | Q(restored_at__isnull=False),
                name="outages_back_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at", "id"], name="outages_by_state"),
            models.Index(fields=["changed_at"], name="outages_by_change"),
            models.Index(fields=["restored_at"], name="outages_by_end", condition=Q(restored_at__isnull=False)),
            models.Index(fields=["feeder", "starts_at"], name="outages_by_feeder"),
        ]

    def __str__(self) -> str:
        return self.code

    get_kind_display = display("kind", Kind)
    get_state_display = display("state", State)
    get_cause_display = display("cause", Cause)

    @property
    def is_ahead(self) -> bool:
        """Of a kind that is announced before it begins."""
        return self.kind in AHEAD

    @property
    def is_public(self) -> bool:
        """Whether there is a page without login for it."""
        return self.published_at is not None and self.kind not in OF_ONE

    @property
    def is_off(self) -> bool:
        return self.state == State.UNDER_WAY

    @property
    def starts(self) -> datetime | None:
        """When it began, or is to begin."""
        return self.began_at or self.starts_at

    @property
    def back_at(self) -> datetime | None:
        """When power is, or is told to be, back; None when nobody knows."""
        if self.restored_at:
            return self.restored_at
        return self.expected_at if self.is_off else self.ends_at


class OutageStep(models.Model):
    """A group of transformers that came back together; what is still off has no ``restored_at``."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    transformers = ArrayField(models.BigIntegerField())  # ids, as they hung when the list was frozen
    customers = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["outage", "number"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "number"], name="outages_step_once"),
            models.CheckConstraint(condition=Q(restored_at__gte=F("began_at")), name="outages_step_back_after_off"),
        ]
        indexes = [models.Index(fields=["began_at"], name="outages_step_began")]

    def __str__(self) -> str:
        return f"{self.outage_id}/{self.number}"


class OutageEvent(models.Model):
    """One row of the timeline: append-only. ``request_id`` makes an act idempotent."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="events", db_index=False)
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_id"], condition=Q(request_id__isnull=False), name="outages_event_request_once"
            )
        ]
        indexes = [models.Index(fields=["outage", "at", "id"], name="outages_event_story")]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.verb}"

    get_verb_display = display("verb", Verb)

"""A plan put to use: the window, whom it asked, proof that they were told, what they brought, and the story."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.choices import display
from customers.models import Customer
from outages.models.orderly import Batch, OrderlyPlan, megawatts
from outages.models.receipt import Receipt
from outages.orderly_choices import Ground, Level, RunState, Verb
from outages.shortage import percent_of
from staff.models import Member, Unit


class OrderlyRun(models.Model):
    """One use of a version in force, for a window. Its level is computed from shortage and peak of that day."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    plan = models.ForeignKey(OrderlyPlan, on_delete=models.PROTECT, related_name="runs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    ended_at = models.DateTimeField(null=True)
    shortage_mw = megawatts(_("shortage, MW"))
    peak_mw = megawatts(_("forecast peak, MW"))
    level = models.CharField(max_length=3, choices=Level)
    reason = models.CharField(_("why, as users read it"), max_length=120)
    receipts_due_at = models.DateTimeField(_("receipts by"))
    state = models.CharField(max_length=12, choices=RunState, default=RunState.ACTIVE)
    learnt = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outages_run_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("starts_at"), ended_at__lte=F("ends_at")), name="outages_run_ended_inside"
            ),
            models.CheckConstraint(
                condition=Q(shortage_mw__gt=0, shortage_mw__lte=F("peak_mw")), name="outages_run_shortage_fits"
            ),
            models.CheckConstraint(
                condition=Q(receipts_due_at__lte=F("starts_at")), name="outages_run_receipts_before_start"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(state=RunState.ACTIVE), name="outages_run_to_come")]

    def __str__(self) -> str:
        return self.code

    get_level_display = display("level", Level)
    get_state_display = display("state", RunState)

    @property
    def percent(self) -> Decimal:
        """The shortage as a share of the peak."""
        return percent_of(self.shortage_mw, self.peak_mw)

    @property
    def over_at(self) -> datetime:
        """When nothing is asked any more."""
        return self.ended_at or self.ends_at

    @property
    def is_active(self) -> bool:
        return self.state == RunState.ACTIVE


class RunUser(Receipt):
    """A user that a run takes in, with the notice they sign for.

    ``left_out`` says why somebody of a batch was not asked. ``is_told``: the short message was written; without it
    they are called.
    """

    run = models.ForeignKey(OrderlyRun, on_delete=models.CASCADE, related_name="users", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    mw = megawatts()
    left_out = models.CharField(max_length=12, choices=Ground, blank=True)
    is_told = models.BooleanField(default=False)

    class Meta(Receipt.Meta):
        ordering = ["batch", "id"]
        constraints = [
            *Receipt.Meta.constraints,
            models.UniqueConstraint(fields=["run", "customer"], name="outages_run_user_once"),
            models.CheckConstraint(
                condition=Q(left_out="") | Q(is_told=False, handed_at__isnull=True), name="outages_left_out_not_asked"
            ),
        ]
        indexes = [models.Index(fields=["run", "batch", "id"], name="outages_run_user_list")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.customer_id}"

    get_left_out_display = display("left_out", Ground)


class Achieved(models.Model):
    """Megawatts achieved from one instant to another: of one user, or of a whole batch when ``user`` is empty."""

    run = models.ForeignKey(OrderlyRun, on_delete=models.CASCADE, related_name="achieved")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(RunUser, null=True, on_delete=models.CASCADE, related_name="achieved")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    mw = megawatts(_("achieved, MW"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["run", "starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outages_achieved_ends_after_start"),
            models.CheckConstraint(condition=Q(mw__gte=0), name="outages_achieved_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.mw}"


class OrderlyEvent(models.Model):
    """One row of the story of a plan and its runs: append-only. ``request_id`` makes an act idempotent."""

    plan = models.ForeignKey(OrderlyPlan, on_delete=models.CASCADE, related_name="events", db_index=False)
    run = models.ForeignKey(OrderlyRun, null=True, on_delete=models.CASCADE, related_name="events", db_index=False)
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField()
    actor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_id"], condition=Q(request_id__isnull=False), name="outages_orderly_request_once"
            )
        ]
        indexes = [
            models.Index(fields=["plan", "-id"], name="outages_orderly_plan_story"),
            models.Index(fields=["run", "-id"], condition=Q(run__isnull=False), name="outages_orderly_run_story"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.verb}"

    get_verb_display = display("verb", Verb)

"""Plans of orderly use: levels of shortage, versions of a plan, batches of users, those who are never asked."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.choices import display
from customers.models import Customer
from outages.orderly_choices import Ground, Level, Measure, PlanState
from outages.shortage import percent_of
from staff.models import Member, Unit


def megawatts(label: Any = None) -> models.DecimalField:
    """A column of megawatts with one decimal, as plans and people say them."""
    return models.DecimalField(label, max_digits=8, decimal_places=1)


class ShortageLevel(models.Model):
    """From ``valid_from`` on, a shortage of more than ``from_percent`` of the peak (or just that much) is ``level``."""

    level = models.CharField(max_length=3, choices=Level)
    from_percent = models.DecimalField(max_digits=4, decimal_places=1)
    from_included = models.BooleanField()
    source = models.CharField(max_length=200)
    source_ref = models.CharField(max_length=20)
    confidence = models.CharField(max_length=2)
    valid_from = models.DateField()

    class Meta:
        ordering = ["valid_from", "-from_percent"]
        constraints = [models.UniqueConstraint(fields=["level", "valid_from"], name="outages_level_once")]

    def __str__(self) -> str:
        return f"{self.level} {self.from_percent} %"


class OrderlyPlan(models.Model):
    """A version of a plan: how many megawatts it can bring when power is short, and by whom.

    Every version is a row of its own under one ``code``. Triggers keep what was approved as it is, and refuse an
    approval by one of ``writers``. The level follows from peak and shortage by the rules of the day it was written.
    """

    code = models.CharField(_("code"), max_length=20)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    peak_mw = megawatts(_("peak demand, MW"))
    shortage_mw = megawatts(_("shortage to be covered, MW"))
    level = models.CharField(_("level"), max_length=3, choices=Level)
    skip_reason = models.CharField(_("why it leaves out a measure"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=PlanState, default=PlanState.DRAFT)
    writers = ArrayField(models.BigIntegerField(), default=list)  # members who wrote any of it: none of them approves
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)  # two editors: the second is told

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="outages_plan_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state=PlanState.APPROVED), name="outages_plan_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=[PlanState.DRAFT, PlanState.SUBMITTED]),
                name="outages_plan_one_being_written",
            ),
            models.CheckConstraint(
                condition=Q(shortage_mw__gt=0, shortage_mw__lte=F("peak_mw")), name="outages_plan_shortage_fits"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.APPROVED, PlanState.SUPERSEDED])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="outages_plan_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"

    get_level_display = display("level", Level)
    get_state_display = display("state", PlanState)

    @property
    def percent(self) -> Decimal:
        """The shortage as a share of the peak."""
        return percent_of(self.shortage_mw, self.peak_mw)

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT


class Batch(models.Model):
    """Users of whom one measure is asked together."""

    plan = models.ForeignKey(OrderlyPlan, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=40)
    measure = models.CharField(_("measure"), max_length=5, choices=Measure)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="outages_batch_once")]

    def __str__(self) -> str:
        return self.name

    get_measure_display = display("measure", Measure)


class BatchUser(models.Model):
    """A user and the megawatts asked of them; once in a plan. A trigger refuses who is exempt."""

    plan = models.ForeignKey(OrderlyPlan, on_delete=models.CASCADE, related_name="users", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="users")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    mw = megawatts()

    class Meta:
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "customer"], name="outages_batch_user_once"),
            models.CheckConstraint(condition=Q(mw__gt=0), name="outages_batch_user_brings_something"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.mw}"


class Exemption(models.Model):
    """Somebody who is never asked, put down by hand with a reason; who is exempt by their file needs no row."""

    plan = models.ForeignKey(OrderlyPlan, on_delete=models.CASCADE, related_name="exemptions", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["plan", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "customer"], name="outages_exemption_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="outages_exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.ground}"

    get_ground_display = display("ground", Ground)

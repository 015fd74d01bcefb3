"""Rules of the trade: dated rows with their source, never constants in code."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.choices import AreaClass
from workorders.choices import (
    UNCONFIRMED,
    Base,
    Channel,
    ClockKind,
    Confidence,
    CustomerClass,
    Kind,
    ServiceType,
    Target,
    Verb,
)


class PolicyRule(models.Model):
    """One time limit: when it applies, how long it is, whom it tells, where it was read.

    A blank criterion fits everything. Rules of one ``family`` (one source) compete, the most specific wins; rules of
    different families run side by side. An edit makes a new ``version`` of the same ``key``; open orders keep theirs.
    """

    key = models.CharField(_("key"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    family = models.CharField(_("family"), max_length=40, help_text=_("Rules of one source share a family."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    service_type = models.CharField(_("service"), max_length=20, choices=ServiceType, blank=True)
    area_class = models.CharField(_("area class"), max_length=10, choices=AreaClass, blank=True)
    customer_class = models.CharField(_("customer class"), max_length=20, choices=CustomerClass, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, blank=True)

    clock = models.CharField(_("clock"), max_length=20, choices=ClockKind)
    starts_on = models.CharField(_("counted from"), max_length=20, choices=Verb)
    base = models.CharField(_("counted in"), max_length=20, choices=Base)
    amount = models.PositiveIntegerField(
        _("amount"), help_text=_("Minutes, or days when counted in working days; not used where the moment is set.")
    )
    same_time_of_day = models.BooleanField(
        _("same time of day"), default=False, help_text=_("Otherwise due at the close of the last working day.")
    )
    target = models.CharField(_("target"), max_length=10, choices=Target, default=Target.CAP)
    per_order = models.BooleanField(_("counts for every order"), default=True)
    warn_percent = models.PositiveSmallIntegerField(
        _("warn at, % of the limit"), default=70, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    ladder = models.JSONField(_("escalation"), default=list)

    source = models.CharField(_("source"), max_length=200)
    source_ref = models.CharField(_("row"), max_length=20)
    label = models.CharField(_("short name"), max_length=40)
    label_en = models.CharField(_("English short name"), max_length=40, blank=True)
    confidence = models.CharField(_("confidence"), max_length=2, choices=Confidence)
    is_published = models.BooleanField(_("published to customers"), default=False)
    confirmed_by = models.ForeignKey("staff.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "service_type", "clock", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="workorders_rule_version"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="workorders_rule_amount_positive"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="workorders_rule_dates"
            ),
            models.CheckConstraint(
                condition=~Q(base=Base.MOMENT) | Q(kind=Kind.TASK), name="workorders_rule_moment_of_tasks"
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=99), name="workorders_rule_warn_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def short_name(self) -> str:
        """The name of its source in the reader's language, where an English one is stored: “Ten promises”."""
        return self.label_en if self.label_en and get_language() == "en" else self.label

    @property
    def is_unconfirmed(self) -> bool:
        """An internal aim until an administrator confirms it; never shown to a customer."""
        return self.confidence in UNCONFIRMED and self.confirmed_at is None

    @property
    def is_promise(self) -> bool:
        """Whether a customer may be told this limit."""
        return self.is_published and not self.is_unconfirmed


class RulebookStamp(models.Model):
    """The edition of the rulebook: a single row, new at random with every edit, so that processes know when their copy
    is old. Random, because a number could come back after a rollback.
    """

    edition = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="workorders_rulebook_single_row")]

    def __str__(self) -> str:
        return str(self.edition)

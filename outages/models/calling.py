"""Whom we call, because nothing else reaches them or because a promise to them is at risk; what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choices import display
from customers.models import Customer
from outages.models.notice import Notice
from staff.models import Member


class CallReason(models.TextChoices):
    """Why somebody is called."""

    NO_NUMBER = "no_number", _("No mobile number")
    FAILED = "failed", _("SMS did not arrive")
    AT_RISK = "at_risk", _("Promise at risk")


class CallResult(models.TextChoices):
    """What came of a call."""

    REACHED = "reached", pgettext_lazy("call", "Reached and told")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "No answer")
    NOT_REACHED = "not_reached", pgettext_lazy("call", "Cannot be reached")


class Call(models.Model):
    """One customer to be called about one notice. ``result`` is that of the last try; empty, nobody has called yet."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="calls", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=12, choices=CallReason)
    added_at = models.DateTimeField()
    result = models.CharField(max_length=12, choices=CallResult, blank=True, db_default="")
    tried_at = models.DateTimeField(null=True)
    tried_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "customer"], name="outages_call_once"),
            models.CheckConstraint(
                condition=Q(result="", tried_at__isnull=True) | (~Q(result="") & Q(tried_at__isnull=False)),
                name="outages_call_result_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["notice", "result", "id"], name="outages_call_list")]

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.customer_id}"

    get_why_display = display("why", CallReason)
    get_result_display = display("result", CallResult)


class CallTry(models.Model):
    """One time the phone was taken up. Append-only: who called, when, what came of it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tries")
    result = models.CharField(max_length=12, choices=CallResult)
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.result}"

    get_result_display = display("result", CallResult)

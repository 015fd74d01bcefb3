"""Telling everybody an outage concerns of one change: what is told, to whom, and how far that has got."""

from django.db import models
from django.utils.translation import pgettext_lazy

from common.choices import display
from outages.models.outage import Outage, OutageEvent
from outages.models.scope import OutageVersion


class NoticeKind(models.TextChoices):
    """What a notice says."""

    ANNOUNCED = "announced", pgettext_lazy("notice", "Announced")
    OFF = "off", pgettext_lazy("notice", "Power is off")
    CHANGED = "changed", pgettext_lazy("notice", "Changed")
    ESTIMATE = "estimate", pgettext_lazy("notice", "New time of return")
    BACK = "back", pgettext_lazy("notice", "Power is back")
    POSTPONED = "postponed", pgettext_lazy("notice", "Put off")
    CANCELLED = "cancelled", pgettext_lazy("notice", "Called off")


class Notice(models.Model):
    """One change told once to each household. Written with the change; spread afterwards, page by page.

    ``earlier``, ``listed`` and ``followed`` are the places it has got to: among those who were told before (by
    message), in the frozen list (by customer), among those who asked to hear of it (by subscription); None there is
    nobody left.
    """

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="notices")
    event = models.OneToOneField(OutageEvent, on_delete=models.CASCADE, related_name="notice")
    version = models.ForeignKey(OutageVersion, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    kind = models.CharField(max_length=12, choices=NoticeKind)
    data = models.JSONField()
    at = models.DateTimeField()
    earlier = models.BigIntegerField(null=True, default=0)
    listed = models.BigIntegerField(null=True, default=0)
    followed = models.BigIntegerField(null=True, default=0)
    queued = models.PositiveIntegerField(default=0)  # messages written
    unreached = models.PositiveIntegerField(default=0)  # customers of the list without a mobile number: to be called
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="outages_notice_undone")]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.kind}"

    get_kind_display = display("kind", NoticeKind)

"""Storm mode: asked for by one person, switched on by another, over by itself."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.models import Member, Unit


class Storm(models.Model):
    """A time in which more comes than anybody can answer one by one, in a unit and all below it.

    No job switches it off: it holds from ``begins_at`` until ``until`` or ``ended_at``, whichever comes first.
    ``digested_until``: alarms that fired before it have been summed up for those who answer for them.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    reason = models.CharField(_("what is coming down on us"), max_length=200)
    until = models.DateTimeField(_("until"))
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    begins_at = models.DateTimeField(null=True)  # when the second person switched it on
    begun_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    digested_until = models.DateTimeField(null=True)
    request_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("asked_at")), name="outages_storm_ends"),
            models.CheckConstraint(
                condition=Q(begins_at__isnull=True, begun_by__isnull=True)
                | (Q(begins_at__isnull=False, begun_by__isnull=False) & ~Q(begun_by=F("asked_by"))),
                name="outages_storm_two_people",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="outages_storm_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["until"], name="outages_storm_until")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.until:%Y-%m-%d %H:%M}"

    @property
    def over_at(self) -> datetime:
        """When it ends, or ended."""
        return min(self.until, self.ended_at) if self.ended_at else self.until

    def holds(self, at: datetime) -> bool:
        """From the second it was switched on to the second before its end."""
        return self.begins_at is not None and self.begins_at <= at < self.over_at

    def waits(self, at: datetime) -> bool:
        """Asked for, and nobody has switched it on or said no."""
        return self.begins_at is None and self.ended_at is None and at < self.until

"""How long before an outage people must be told: dated rows with a source."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outages.choices import Kind


class LeadRule(models.Model):
    """From ``valid_from`` on, an outage of ``kind`` is announced at least ``hours`` before it begins."""

    kind = models.CharField(max_length=12, choices=Kind)
    hours = models.PositiveIntegerField(_("hours ahead"))
    source = models.CharField(max_length=200)
    source_ref = models.CharField(max_length=20)
    confidence = models.CharField(max_length=2)
    valid_from = models.DateField()

    class Meta:
        ordering = ["kind", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="outages_lead_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.hours} h"

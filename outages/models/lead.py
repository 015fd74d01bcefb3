"""How long before an outage people must be told, and who of them in writing: dated rows with a source."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.choices import Flag, Importance, KeyAccount
from outages.choices import Kind


class LeadRule(models.Model):
    """From ``valid_from`` on, an outage of ``kind`` is announced at least ``hours`` before it begins.

    ``receipt_hours``: how long before it begins every written notice must have been taken by somebody.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    hours = models.PositiveIntegerField(_("hours ahead"))
    receipt_hours = models.PositiveIntegerField(_("receipts, hours ahead"), default=0)
    source = models.CharField(max_length=200)
    source_ref = models.CharField(max_length=20)
    confidence = models.CharField(max_length=2)
    valid_from = models.DateField()

    class Meta:
        ordering = ["kind", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="outages_lead_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.hours} h"


class ListedBy(models.TextChoices):
    """What in a customer's file puts them on the list of those who are told in writing."""

    IMPORTANCE = "importance", _("important user")
    KEY_ACCOUNT = "key_account", _("key account")
    FLAG = "flag", _("to take care of")


_VALUES = {
    ListedBy.IMPORTANCE: Importance.choices,
    ListedBy.KEY_ACCOUNT: KeyAccount.choices,
    ListedBy.FLAG: Flag.choices,
}


class WrittenRule(models.Model):
    """From ``valid_from`` on, customers whose file has ``value`` under ``by`` are told in writing, with a receipt."""

    by = models.CharField(max_length=12, choices=ListedBy)
    value = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    source_ref = models.CharField(max_length=20)
    confidence = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["by", "value"]
        constraints = [models.UniqueConstraint(fields=["by", "value", "valid_from"], name="outages_written_rule_once")]

    def __str__(self) -> str:
        return f"{self.by} {self.value}"

    @property
    def label(self) -> str:
        """Why somebody is on the list: “Important, grade 1”, “Life support”."""
        return str(dict(_VALUES[ListedBy(self.by)]).get(self.value, self.value))

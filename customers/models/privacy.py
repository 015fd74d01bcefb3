"""Who looked at what is masked, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.choices import Purpose, Secret
from customers.models.customer import Customer
from staff.models import Member


class ViewLog(models.Model):
    """One look at masked data. Append-only: the database refuses UPDATE and DELETE (migration 0002)."""

    actor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="views", verbose_name=_("customer"))
    fields = ArrayField(models.CharField(max_length=20, choices=Secret), verbose_name=_("what"))
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose)
    at = models.DateTimeField(_("when"))
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("look at masked data")
        indexes = [
            models.Index(fields=["-at", "-id"], name="customers_view_at"),
            models.Index(fields=["customer", "-at"], name="customers_view_customer"),
            models.Index(fields=["actor", "-at"], name="customers_view_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} · {self.customer} · {self.get_purpose_display()}"

    @property
    def fields_words(self) -> str:
        """“Phone, door number” in the reader's language."""
        return ", ".join(str(Secret(field).label) for field in self.fields)

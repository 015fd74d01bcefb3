"""Somebody who said that the power is off, put to an outage that is known: counted, and told what comes of it."""

from django.db import models

from customers.models import Customer, SupplyPoint
from outages.models.outage import Outage
from staff.models import Member


class Report(models.Model):
    """One caller of one outage. The order that was not opened for it would only have repeated what is known."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="reports")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    supply_point = models.ForeignKey(SupplyPoint, null=True, on_delete=models.SET_NULL, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_id = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.at}"

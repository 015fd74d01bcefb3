"""Written notices to those who must be told in writing, each with its receipt (req 52)."""

from django.db import models

from customers.models import Customer, SupplyPoint
from outages.models.lead import WrittenRule
from outages.models.outage import Outage
from outages.models.receipt import Receipt
from outages.models.scope import OutageVersion
from workorders.models import WorkOrder


class WrittenNotice(Receipt):
    """One customer of a frozen list who is told in writing; ``rule`` says why.

    ``order``: the task of going there, opened when nobody had taken the notice in time.
    """

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="written", db_index=False)
    version = models.ForeignKey(OutageVersion, on_delete=models.CASCADE, related_name="written", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(WrittenRule, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.OneToOneField(WorkOrder, null=True, on_delete=models.SET_NULL, related_name="+")
    is_open = models.BooleanField(default=True)  # of the version people were last told, and not called off

    class Meta(Receipt.Meta):
        ordering = ["id"]
        constraints = [
            *Receipt.Meta.constraints,
            models.UniqueConstraint(fields=["version", "customer"], name="outages_written_once"),
        ]
        indexes = [models.Index(fields=["outage", "id"], name="outages_written_of")]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.customer_id}"

"""What an outage takes in: picked by people, then frozen to the last supply point."""

from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Area, Feeder, SupplyPoint, Transformer
from outages.choices import ScopeKind
from outages.models.outage import Outage
from staff.models import Member


def only(kind: str) -> Q:
    """Of the columns for what an outage, or a word about the grid, is about: this one alone is filled."""
    return Q(**{f"{other}__isnull": other != kind for other in ScopeKind.values})


class ScopePick(models.Model):
    """One thing somebody picked: everything it feeds is taken in."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="picks")
    feeder = models.ForeignKey(Feeder, null=True, on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey(Transformer, null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("scope")
        constraints = [
            models.CheckConstraint(
                name="outages_pick_is_one_thing",
                condition=reduce(or_, (only(kind) for kind in ScopeKind.values)),
            ),
            *(
                models.UniqueConstraint(
                    fields=["outage", kind], condition=Q(**{f"{kind}__isnull": False}), name=f"outages_pick_{kind}_once"
                )
                for kind in ScopeKind.values
            ),
        ]

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def kind(self) -> ScopeKind:
        return next(kind for kind in ScopeKind if getattr(self, f"{kind}_id"))

    @property
    def label(self) -> str:
        """Its name, which says what it is: “East Line”, “Orchard Road 3”."""
        return self.supply_point.address if self.supply_point else str(self.thing)

    @property
    def thing(self) -> Feeder | Transformer | Area | SupplyPoint:
        return getattr(self, self.kind)


class OutageVersion(models.Model):
    """What was frozen when people were told, or told anew: the words, and the list (`Affected`)."""

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    told = models.JSONField()  # the words and instants people were told
    reason = models.CharField(max_length=200, blank=True)  # why it changed
    customers = models.PositiveIntegerField()
    supply_points = models.PositiveIntegerField()
    transformers = models.PositiveIntegerField()
    boxes = ArrayField(models.BigIntegerField(), default=list)  # ids of these transformers

    class Meta:
        ordering = ["outage", "number"]
        constraints = [models.UniqueConstraint(fields=["outage", "number"], name="outages_version_once")]

    def __str__(self) -> str:
        return f"{self.outage_id} v{self.number}"


class Affected(models.Model):
    """A supply point without power, as the network hung when the version was frozen.

    A million rows are written by one statement. No foreign keys: the list stays as it was told when a customer moves
    out and a feeder is re-hung, and checking each of a million rows against its one version took longer than the rows.
    """

    version = models.ForeignKey(
        OutageVersion, on_delete=models.CASCADE, related_name="affected", db_index=False, db_constraint=False
    )
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    customer_id = models.BigIntegerField()
    transformer_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "supply_point"], name="outages_affected_once")]
        indexes = [
            models.Index(fields=["version", "transformer_id"], name="outages_affected_by_box"),
            models.Index(fields=["version", "customer_id"], name="outages_affected_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.supply_point_id}"

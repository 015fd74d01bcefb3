"""What the grid needs where trouble keeps coming back (req 50)."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Area, Feeder, SupplyPoint, Transformer
from outages.choices import ScopeKind
from outages.models.scope import only
from staff.models import Member


class GridNeed(models.Model):
    """Whether a feeder, transformer, area or place needs a grid project, as somebody said it at a moment.

    Append-only: the latest row of a thing holds, those before it are its history.
    """

    feeder = models.ForeignKey(Feeder, null=True, on_delete=models.PROTECT, related_name="needs")
    transformer = models.ForeignKey(Transformer, null=True, on_delete=models.PROTECT, related_name="needs")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="needs")
    supply_point = models.ForeignKey(SupplyPoint, null=True, on_delete=models.PROTECT, related_name="needs")
    is_needed = models.BooleanField(_("needs a grid project"))
    project = models.CharField(_("what is to be done"), max_length=200, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    request_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="outages_need_of_one_thing", condition=reduce(or_, (only(kind) for kind in ScopeKind.values))
            ),
            models.CheckConstraint(
                name="outages_need_has_project",
                condition=Q(is_needed=False) | ~Q(project="") & Q(promised_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.project or self.is_needed}"

    @property
    def thing(self) -> Feeder | Transformer | Area | SupplyPoint:
        return next(thing for kind in ScopeKind if (thing := getattr(self, kind)))

"""How far the demo has lived."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Simulation(models.Model):
    """The one row that says which city this is and until when it has been simulated."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seed = models.BigIntegerField(_("seed"))
    customers = models.PositiveIntegerField(_("customers"))
    began_at = models.DateTimeField(_("from"))
    simulated_until = models.DateTimeField(_("until"))
    planned_until = models.DateField(_("duty planned until"))
    grown_at = models.DateTimeField(_("first grown"), null=True)  # not yet: the run was cut off

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="simulation_one_row")]

    def __str__(self) -> str:
        return f"{self.seed} · {self.simulated_until:%Y-%m-%d %H:%M}"

"""The network above a supply point: area, feeder, transformer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.choices import AreaClass
from staff.models import Unit


class Area(models.Model):
    """A part of the city that one station looks after and one crew drives to; districts are areas without parent."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    area_class = models.CharField(_("area class"), max_length=10, choices=AreaClass, default=AreaClass.URBAN)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("district")
    )
    station = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="areas", verbose_name=_("station")
    )
    crew = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="crew_areas", verbose_name=_("crew")
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)  # GeoJSON Polygon, WGS 84
    label_point = models.JSONField(_("label point"), null=True, blank=True)  # [longitude, latitude]

    class Meta:
        ordering = ["code"]
        verbose_name = _("area")

    def __str__(self) -> str:
        return self.name


class Feeder(models.Model):
    """A medium-voltage line 线路 from the substation to its transformers."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name = _("feeder")

    def __str__(self) -> str:
        return self.name


class Transformer(models.Model):
    """A distribution transformer and the district it supplies 台区; its area decides the area class of a promise."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="transformers", verbose_name=_("feeder"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="transformers", verbose_name=_("area"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("transformer")

    def __str__(self) -> str:
        return self.name

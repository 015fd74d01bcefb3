"""Fixed lists of the common room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class YearStatus(models.TextChoices):
    """How sure a year of the work calendar is."""

    PUBLISHED = "published", _("Published")
    PROVISIONAL = "provisional", _("Provisional")


class DayKind(models.TextChoices):
    """What a day is to the work calendar."""

    WORKDAY = "workday", _("Working day")
    RESTDAY = "restday", _("Weekend")
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up workday")
    SPECIAL = "special", _("Special day")


CLOSED_KINDS = (DayKind.RESTDAY, DayKind.HOLIDAY)
OPEN_KINDS = (DayKind.WORKDAY, DayKind.MAKEUP)

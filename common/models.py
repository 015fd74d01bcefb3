"""The company's work calendar, one row per day, as an operator keeps it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, ExtractYear
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from common.choices import CLOSED_KINDS, OPEN_KINDS, DayKind, YearStatus

SPELLS_SHAPE = r'^\[(\["([01]\d|2[0-3]):[0-5]\d", "(([01]\d|2[0-3]):[0-5]\d|24:00)"\](, (?=\[))?)*\]$'


class WorkYear(models.Model):
    """A year of the work calendar: published by the State Council, or provisional until it is."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    status = models.CharField(_("status"), max_length=12, choices=YearStatus)
    source = models.CharField(_("source"), max_length=200)
    loaded_at = models.DateTimeField(_("loaded"))
    loaded_by = models.CharField(_("loaded by"), max_length=60, blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2199), name="common_year_plausible"),
            models.CheckConstraint(condition=Q(status__in=YearStatus.values), name="common_year_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.get_status_display()}"


class WorkDay(models.Model):
    """One day: its kind and its working spells, ``[["08:00", "12:00"], …]``; a spell belongs to the day it opens on.

    ``note`` is the name people know the day by, as the notice has it (“春节”). A day edited by hand says by whom;
    loading the year again takes the edit back.
    """

    day = models.DateField(_("day"), primary_key=True)
    year = models.ForeignKey(WorkYear, on_delete=models.PROTECT, related_name="days")
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind)
    spells = models.JSONField(_("working hours"), default=list)
    note = models.CharField(_("name"), max_length=60, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="common_day_kind_known"),
            models.CheckConstraint(condition=Q(year=ExtractYear("day")), name="common_day_in_its_year"),
            models.CheckConstraint(
                condition=Q(kind__in=CLOSED_KINDS, spells=[])
                | (Q(kind__in=OPEN_KINDS) & ~Q(spells=[]))
                | Q(kind=DayKind.SPECIAL),
                name="common_day_kind_fits_spells",
            ),
            models.CheckConstraint(
                condition=Q(Regex(Cast(F("spells"), models.TextField()), SPELLS_SHAPE)),
                name="common_day_spells_are_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class CalendarStamp(models.Model):
    """The edition of the calendar; a single row, bumped by every edit.

    ``edition`` is new at random with every edit: unlike the version it cannot come back after a transaction was rolled
    back, so whoever keeps a calendar in memory compares editions.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.PositiveIntegerField(default=1)
    edition = models.UUIDField(default=uuid.uuid4)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="common_calendar_stamp_single")]

    def __str__(self) -> str:
        return f"edition {self.version}"

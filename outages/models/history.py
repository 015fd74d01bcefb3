"""Outages that another system recorded: where they come from, how its files read, and what was made of them.

They are counted like our own, and are nothing else: nobody is told of them, and no customer of ours stands on a list.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choices import display
from customers.models import Feeder
from outages.choices import Cause
from staff.models import Member, Unit


class RunState(models.TextChoices):
    """How far a file is."""

    READING = "reading", pgettext_lazy("history file", "Being read")
    UNMAPPED = "unmapped", pgettext_lazy("history file", "Columns to be named")
    CHECKED = "checked", pgettext_lazy("history file", "Checked")
    APPLYING = "applying", pgettext_lazy("history file", "Being written")
    DONE = "done", pgettext_lazy("history file", "Written")
    FAILED = "failed", pgettext_lazy("history file", "Could not be read")
    DROPPED = "dropped", pgettext_lazy("history file", "Left")


class RowState(models.TextChoices):
    """What becomes of a row."""

    READY = "ready", pgettext_lazy("history row", "Ready")
    NEW = "new", pgettext_lazy("history row", "New")
    CHANGED = "changed", pgettext_lazy("history row", "Changes")
    SAME = "same", pgettext_lazy("history row", "As on file")
    SKIPPED = "skipped", pgettext_lazy("history row", "Left out")
    WRONG = "wrong", pgettext_lazy("history row", "To mend")


TO_WRITE = (RowState.NEW, RowState.CHANGED)


class HistorySource(models.Model):
    """A system that outages come from, with how its files read: the mapping, as data.

    ``columns``: fact (`outages.services.history.facts.Fact`) → heading. ``causes``: word of the file → `Cause`.
    ``skips``: ``[{"column": heading, "words": [...], "why": text}]``, rows that are none of ours.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    about = models.CharField(_("what one should know of it"), max_length=300, blank=True)
    columns = models.JSONField(default=dict)
    forms = ArrayField(models.CharField(max_length=40))  # how instants are written: “iso”, or as strptime has it
    zone = models.CharField(max_length=40)  # of instants that name none
    causes = models.JSONField(default=dict)
    planned_words = ArrayField(models.CharField(max_length=80), default=list)
    ends_are_sightings = models.BooleanField(default=False)  # what was seen to the very last of a file was still off
    skips = models.JSONField(default=list)
    changed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class HistoryRun(models.Model):
    """One file on its way in: read and checked (dry run), then written as a whole when somebody says so."""

    code = models.CharField(max_length=20, unique=True)
    source = models.ForeignKey(HistorySource, null=True, on_delete=models.PROTECT, related_name="runs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # of rows that name none
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200, blank=True)  # the upload, below MEDIA_ROOT, until it is written
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=RunState)
    counts = models.JSONField(default=dict)  # rows by RowState
    problem = models.TextField(blank=True)
    at = models.DateTimeField()
    beat_at = models.DateTimeField()  # when a worker was asked last
    finished_at = models.DateTimeField(null=True)
    request_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.code} · {self.file_name}"

    get_state_display = display("state", RunState)


class HistoryRow(models.Model):
    """One row of a file: what it says in our words, what becomes of it, and what there is to say about that."""

    run = models.ForeignKey(HistoryRun, on_delete=models.CASCADE, related_name="staged", db_index=False)
    line_no = models.PositiveIntegerField()  # as the person sees it in the file
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=RowState)
    remarks = ArrayField(models.TextField(), default=list)

    class Meta:
        ordering = ["line_no"]
        constraints = [models.UniqueConstraint(fields=["run", "line_no"], name="outages_history_line_once")]
        indexes = [models.Index(fields=["run", "state", "line_no"], name="outages_history_by_state")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line_no}"

    get_state_display = display("state", RowState)


class PastStep(models.Model):
    """One interruption of one group of customers, as another system recorded it: a stage of one of its outages.

    ``number`` is what that system calls the outage; with the stage it is there once, so the same file again changes
    nothing. ``customers`` is a figure, not a list: who they were is not known here.
    """

    source = models.ForeignKey(HistorySource, on_delete=models.PROTECT, related_name="past", db_index=False)
    number = models.CharField(max_length=60)
    stage = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    feeder = models.ForeignKey(Feeder, null=True, on_delete=models.SET_NULL, related_name="+")
    feeder_name = models.CharField(max_length=60, blank=True)  # as it was given, also when we have no such line
    customers = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)  # None: still off when it was recorded
    is_planned = models.BooleanField()
    cause = models.CharField(max_length=12, choices=Cause)
    cause_given = models.CharField(max_length=120, blank=True)
    run = models.ForeignKey(HistoryRun, on_delete=models.PROTECT, related_name="+", db_index=False)  # the last to write

    class Meta:
        ordering = ["began_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number", "stage"], name="outages_past_once"),
            models.CheckConstraint(condition=Q(restored_at__gte=F("began_at")), name="outages_past_back_after_off"),
        ]
        indexes = [models.Index(fields=["began_at"], name="outages_past_began")]

    def __str__(self) -> str:
        return f"{self.number}/{self.stage}"

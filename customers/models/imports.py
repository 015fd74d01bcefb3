"""Files that bring customers, supply points and the network, staged row by row before anything is written."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.choices import ImportKind, ImportState, RowState
from staff.models import Member


class ImportRun(models.Model):
    """One file on its way in: read and checked (dry run), then applied in chunks that can be resumed."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ImportKind)
    file_name = models.CharField(_("file"), max_length=200)
    stored_as = models.CharField(max_length=200, blank=True)  # the upload, below MEDIA_ROOT, while it is being read
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    state = models.CharField(_("state"), max_length=20, choices=ImportState, default=ImportState.READING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    wrong = models.PositiveIntegerField(_("rows to mend"), default=0)
    written = models.PositiveIntegerField(_("rows written"), default=0)
    problem = models.TextField(_("problem"), blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.code} · {self.file_name}"


class ImportRow(models.Model):
    """One staged row: the cleaned cells, or what is wrong with it in plain words."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="staged")
    line_no = models.PositiveIntegerField()  # as the person sees it in the file
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=RowState, default=RowState.READY)
    problems = ArrayField(models.TextField(), default=list)

    class Meta:
        ordering = ["line_no"]
        constraints = [models.UniqueConstraint(fields=["run", "line_no"], name="customers_import_line_once")]
        indexes = [
            models.Index(fields=["run", "line_no"], condition=Q(state=RowState.READY), name="customers_import_todo"),
            models.Index(fields=["run", "line_no"], condition=Q(state=RowState.WRONG), name="customers_import_wrong"),
        ]

    def __str__(self) -> str:
        return f"{self.run.code}:{self.line_no}"

    @property
    def key(self) -> str:
        """What the row is about: its account, or its transformer."""
        return self.data.get("account_no") or self.data.get("transformer") or ""

    @property
    def title(self) -> str:
        """The name of that."""
        return self.data.get("name") or self.data.get("transformer_name") or ""

"""Reads of imports."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404

from customers.choices import RowState
from customers.models import ImportRow, ImportRun

SHOWN = 200
LATEST = 20


def latest_runs() -> QuerySet[ImportRun]:
    """The last imports, whoever gave them; only those reach them whom `can_import` lets in."""
    return ImportRun.objects.select_related("actor").order_by("-created_at")[:LATEST]


def get_run(code: str) -> ImportRun:
    """One import. Raises: Http404."""
    found = ImportRun.objects.select_related("actor").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def wrong_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """The first rows to mend."""
    return run.staged.filter(state=RowState.WRONG).order_by("line_no")[:SHOWN]


def every_wrong_row(run: ImportRun) -> Iterator[ImportRow]:
    """All rows to mend, one after the other; memory stays flat."""
    return run.staged.filter(state=RowState.WRONG).order_by("line_no").iterator(chunk_size=1000)

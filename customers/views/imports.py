"""Customers from files: give one, see what is wrong with it, write the rest, watch it being written."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.exports import csv_answer, defuse
from common.forms import form_page, posted, refusals_into
from customers.choices import ImportKind, ImportState
from customers.forms.imports import ImportForm
from customers.models import ImportRun
from customers.policies import can_import
from customers.selectors.imports import every_wrong_row, get_run, latest_runs, wrong_rows
from customers.services.imports import drop_import, sample_rows, start_applying, start_import
from customers.services.imports.applying import STANDS_STILL
from customers.services.imports.columns import COLUMNS, NEEDED, heading

ENDED = {ImportState.DONE, ImportState.FAILED, ImportState.DROPPED}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Give a file; nothing changes before the next page is confirmed."""
    require(can_import(request.user))
    form = ImportForm(posted(request), request.FILES or None)
    if form.is_valid():
        with refusals_into(form):
            data = form.cleaned_data
            run = start_import(kind=data["kind"], upload=data["file"], actor=request.user, now=request.now)
            return redirect("customers:import_run", run.code)
    context = {"runs": latest_runs(), "kinds": [_described(kind) for kind in ImportKind]}
    return form_page(request, "customers/imports/index.html", form, context)


@never_cache
@require_safe
def run(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is; asks again by itself while a worker is at it (htmx)."""
    require(can_import(request.user))
    template = "customers/imports/_run.html" if request.htmx else "customers/imports/run.html"
    return render(request, template, _context(request, get_run(code)))


@require_POST
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Write the rows that are right; also continues what stands still."""
    require(can_import(request.user))
    get_run(code)
    try:
        start_applying(code=code, actor=request.user, now=request.now)
    except Refusal as refusal:
        context = _context(request, get_run(code)) | {"refused": refusal.message}
        return render(request, "customers/imports/run.html", context, status=422)
    return redirect("customers:import_run", code)


@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Stop, or leave a file that was only checked."""
    require(can_import(request.user))
    get_run(code)
    drop_import(code=code, actor=request.user, now=request.now)
    return redirect("customers:import_run", code)


@require_safe
def wrong(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Every row to mend as a file like the one given, with what is wrong beside it."""
    require(can_import(request.user))
    found = get_run(code)
    return csv_answer(f"{found.code}-wrong.csv", _wrong_lines(found))


@require_safe
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A file to write over."""
    require(can_import(request.user))
    if kind not in ImportKind.values:
        return redirect("customers:import")
    return csv_answer(f"{kind}.csv", iter(sample_rows(kind)))


def _wrong_lines(found: ImportRun) -> Iterator[list[str]]:
    columns = list(COLUMNS[found.kind])
    yield [*(heading(found.kind, column) for column in columns), _("Row"), pgettext("import", "What is wrong")]
    for row in every_wrong_row(found):
        cells = [defuse(_cell(row.data.get(column, ""))) for column in columns]
        yield [*cells, str(row.line_no), " ".join(row.problems)]


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _described(kind: ImportKind) -> dict[str, Any]:
    """What a file of this kind looks like."""
    columns = [(heading(kind, column), column in NEEDED[kind]) for column in COLUMNS[kind]]
    return {"kind": kind, "columns": columns, "sample": reverse("customers:import_sample", args=[kind])}


def _context(request: HttpRequest, found: ImportRun) -> dict[str, Any]:
    """What the page of a run shows."""
    todo = found.rows - found.wrong
    stands_still = found.beat_at is not None and request.now - found.beat_at > STANDS_STILL
    is_waiting = found.state == ImportState.READING and request.now - found.created_at > STANDS_STILL
    return {
        "run": found,
        "todo": todo,
        "rows": wrong_rows(found) if found.wrong else (),
        "is_alive": found.state in (ImportState.READING, ImportState.APPLYING),
        "is_ended": found.state in ENDED,
        "stands_still": is_waiting or (found.state == ImportState.APPLYING and stands_still),
        "left_s": _left_s(found, todo),
    }


def _left_s(found: ImportRun, todo: int) -> int | None:
    """Seconds that the rest may take, from the pace so far."""
    if found.state != ImportState.APPLYING or not found.written:
        return None
    pace = found.written / max((found.beat_at - found.started_at).total_seconds(), 0.1)
    return round((todo - found.written) / pace)

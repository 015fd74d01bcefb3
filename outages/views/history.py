"""Outages of another system from a file: give it, name its columns, see what would come of it, write it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.exports import csv_answer, defuse
from common.forms import form_page, posted, refusals_into
from outages.forms.history import CausesForm, HistoryForm, MappingForm
from outages.historypage import HistoryPage, report_cells
from outages.models import HistoryRun
from outages.models.history import RunState
from outages.policies import can_import_history
from outages.selectors.history import LATEST, every_row, get_run_for, runs_for, sources, untold_causes
from outages.services.history import drop_run, map_columns, name_causes, start_applying, start_run
from outages.services.history.facts import Fact
from outages.services.history.looking import headings_of

PAGE = "outages/history/run.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Give a file; nothing is written before somebody says so on its page."""
    require(can_import_history(request.user))
    form = HistoryForm(posted(request), request.FILES or None, actor=request.user)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            run = start_run(
                upload=data["file"],
                source=data["source"],
                unit=data["unit"],
                actor=request.user,
                now=request.now,
                request_id=form.request(),
            )
            page = "history_mapping" if run.state == RunState.UNMAPPED else "history_run"
            return redirect(f"outages:{page}", run.code)
    context = {"runs": runs_for(request.user)[:LATEST], "sources": sources(), "menu_at": "outages:list"}
    return form_page(request, "outages/history/index.html", form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, run: str) -> HttpResponse:
    """Say which column says what."""
    require(can_import_history(request.user))
    found = get_run_for(request.user, run)
    if found.state not in (RunState.UNMAPPED, RunState.CHECKED):
        return redirect("outages:history_run", run)
    try:
        look = headings_of(found)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    form = MappingForm(posted(request), headings=look.headings, source=found.source)
    if form.is_valid():
        with refusals_into(form):
            map_columns(code=run, mapped=form.mapped(), actor=request.user, now=request.now)
            return redirect("outages:history_run", run)
    context = {"run": found, "look": look, "menu_at": "outages:list"}
    return form_page(request, "outages/history/mapping.html", form, context)


@never_cache
@require_safe
def one(request: HttpRequest, run: str) -> HttpResponse:
    """What would come of it, or has come of it; asks again by itself while a worker is at it (htmx)."""
    require(can_import_history(request.user))
    template = "outages/history/_run.html" if request.htmx else PAGE
    return render(request, template, _context(request, get_run_for(request.user, run)))


@require_POST
def causes(request: HttpRequest, run: str) -> HttpResponse:
    """Say what words of the file mean with us."""
    require(can_import_history(request.user))
    found = get_run_for(request.user, run)
    form = CausesForm(request.POST, words=untold_causes(found))
    if not form.words:
        return redirect("outages:history_run", run)
    if form.is_valid():
        with refusals_into(form):
            name_causes(code=run, causes=form.causes(), actor=request.user, now=request.now)
            return redirect("outages:history_run", run)
    return form_page(request, PAGE, form, _context(request, found, form))


@require_POST
def apply(request: HttpRequest, run: str) -> HttpResponse:
    """Write what is new or a change; also wakes what stands still."""
    require(can_import_history(request.user))
    found = get_run_for(request.user, run)
    try:
        start_applying(code=run, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    return redirect("outages:history_run", run)


@require_POST
def drop(request: HttpRequest, run: str) -> HttpResponse:
    """Leave a file that is not written."""
    require(can_import_history(request.user))
    get_run_for(request.user, run)
    drop_run(code=run, actor=request.user, now=request.now)
    return redirect("outages:history_run", run)


@require_safe
def report(request: HttpRequest, run: str) -> StreamingHttpResponse:
    """Every row with what becomes of it, as a file."""
    require(can_import_history(request.user))
    found = get_run_for(request.user, run)
    return csv_answer(f"{found.code}-report.csv", _report_lines(found))


def _report_lines(run: HistoryRun) -> Iterator[list[str]]:
    facts = (*(str(fact.label) for fact in Fact), _("Cause as given"))
    yield [_("Row"), pgettext("history row", "What becomes of it"), pgettext("history row", "Remarks"), *facts]
    for row in every_row(run):
        cells = [row.get_state_display(), "; ".join(row.remarks), *report_cells(row)]
        yield [str(row.line_no), *map(defuse, cells)]


def _context(request: HttpRequest, run: HistoryRun, form: CausesForm | None = None) -> dict[str, Any]:
    words = CausesForm(words=untold_causes(run)) if form is None else form
    page = HistoryPage(run, request.now, request.GET.get("show", ""))
    return {"run": run, "page": page, "form": words, "menu_at": "outages:list"}


def _refused(request: HttpRequest, run: HistoryRun, refusal: Refusal) -> HttpResponse:
    return render(request, PAGE, _context(request, run) | {"refused": refusal.message}, status=422)

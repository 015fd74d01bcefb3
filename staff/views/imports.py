"""Members from a file."""

import csv
from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, posted, refusals_into
from staff.directory import get_import_for
from staff.forms.administration import ImportForm
from staff.policies import can_administer_somewhere
from staff.services.imports import COLUMNS, MOST_ROWS, apply_import, check_import, read_members, sample


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Give a file; nothing changes before the next page is confirmed."""
    require(can_administer_somewhere(request.user))
    form = ImportForm(posted(request), request.FILES or None)
    if form.is_valid():
        with refusals_into(form):
            run = read_members(upload=form.cleaned_data["file"], actor=request.user, now=request.now)
            return redirect("staff:import_check", run.pk)
    context = {"columns": COLUMNS.values(), "most_rows": MOST_ROWS}
    return form_page(request, "staff/members/import.html", form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, run: UUID) -> HttpResponse:
    """What the file would do, row by row; POST does it and shows the new one-time passwords, once."""
    require(can_administer_somewhere(request.user))
    kept = get_import_for(request.user, run)
    refused, status = "", 200
    if request.method == "POST":
        try:
            issued = apply_import(run=kept, now=request.now)
        except Refusal as refusal:
            refused, status = str(refusal.message), 422
        else:
            return render(request, "staff/members/imported.html", {"run": kept, "issued": issued})
    rows = check_import(kept)
    counts = Counter(row.verdict for row in rows)
    context = {"run": kept, "rows": rows, "counts": counts, "refused": refused}
    return render(request, "staff/members/import_check.html", context, status=status)


@require_safe
def sample_file(request: HttpRequest) -> HttpResponse:
    """A file to write over."""
    require(can_administer_somewhere(request.user))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="members.csv"'
    csv.writer(response).writerows(sample())
    return response

"""Trouble spots: where the power keeps going off or the voltage is low, and what the grid needs there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.forms import form_page, posted, refusals_into
from outages.asked import asked_of
from outages.forms.needs import NeedForm
from outages.policies import can_plan, can_read_figures
from outages.selectors.needs import get_subject_for, history_of, overdue, standing_needs, stations_of, subject_of
from outages.selectors.trouble import MOST_SPOTS, Trouble, spots
from outages.services.needs import say_need

LEAST = (2, 3, 5, 8, 12)
USUAL = 3
PROJECTS = "projects"


@require_safe
def frequent(request: HttpRequest) -> HttpResponse:
    """Who was in trouble ``least`` times or more in the period, with what is promised for them."""
    require(can_read_figures(request.user))
    asked, what, least = asked_of(request.GET, request.user, request.now), request.GET.get("what", ""), USUAL
    if request.GET.get("least", "").isdecimal() and int(request.GET["least"]) in LEAST:
        least = int(request.GET["least"])
    needs = standing_needs(request.user, asked.paths)
    today = localdate(request.now)
    context: dict[str, Any] = {
        "asked": asked,
        "least": least,
        "choices": LEAST,
        "troubles": Trouble,
        "projects": PROJECTS,
        "what": what if what in (*Trouble.values, PROJECTS) else Trouble.FEEDER.value,
        "overdue": needs.filter(promised_on__lt=today).count(),
        "today": today,
        "menu_at": "outages:list",
    }
    if what == PROJECTS:
        rows = [(subject_of(need), need) for need in needs[: MOST_SPOTS + 1]]
        context |= {"promised": rows[:MOST_SPOTS], "is_cut": len(rows) > MOST_SPOTS}
    else:
        found = spots(asked, request.user, Trouble(context["what"]), least)
        context |= {"spots": found[:MOST_SPOTS], "is_cut": len(found) > MOST_SPOTS}
    return render(request, "outages/frequent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, device: str, device_code: str) -> HttpResponse:
    """What one of them needs: what was said so far, and saying it anew for those who lead."""
    require(can_read_figures(request.user))
    subject = get_subject_for(request.user, device, device_code)
    may = can_plan(request.user, stations_of(subject))
    past = history_of(subject)
    held = past[0] if past else None
    if request.method == "POST":
        require(may)
    form = NeedForm(posted(request), held=held)
    if form.is_valid():
        with refusals_into(form):
            say_need(
                subject=subject, word=form.word(), after=form.cleaned_data["after"], actor=request.user,
                now=request.now, request_id=form.request(),
            )  # fmt: skip
            messages.success(request, _("Written down for %(name)s") % {"name": subject.label})
            return redirect("outages:need", device, device_code)
    is_late = held is not None and overdue(held, localdate(request.now))
    context = {
        "subject": subject, "history": past, "held": held, "is_late": is_late, "may": may, "menu_at": "outages:list",
    }  # fmt: skip
    return form_page(request, "outages/need.html", form, context)

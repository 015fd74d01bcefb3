"""The lists of what is watched before summer and winter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.access import require
from common.exports import Column
from common.forms import form_page, posted, refusals_into
from common.lists import ListSpec, list_page
from outages.asked import asked_of
from outages.forms.watching import DoneForm, PlanForm, WatchForm
from outages.policies import can_finish, can_plan, can_read_figures
from outages.selectors.watching import get_item_for, is_over, next_season, offers, subject_of, visible_items
from outages.services.watching import finish, plan_anew, watch
from outages.watchfilter import WatchFilter
from staff.policies import can_export_work

WATCHED = ListSpec(
    name="outages.watch",
    template="outages/watch.html",
    rows="outages/_watch_rows.html",
    order=("due_on", "id"),
    filterset=WatchFilter,
    columns=(
        Column(gettext_lazy("Code"), "code"),
        Column(gettext_lazy("Season"), lambda item: item.get_season_display()),
        Column(gettext_lazy("Year"), "year"),
        Column(gettext_lazy("Where"), lambda item: str(item.thing)),
        Column(gettext_lazy("Unit"), "unit.label"),
        Column(gettext_lazy("Why it is watched"), "reason"),
        Column(gettext_lazy("What will be done"), "measure"),
        Column(gettext_lazy("Who does it"), "member.name"),
        Column(gettext_lazy("To be done by"), "due_on"),
        Column(gettext_lazy("Done on"), "done_on"),
        Column(gettext_lazy("What was done"), "outcome"),
    ),
    may_export=can_export_work,
)


@require_http_methods(["GET", "HEAD", "POST"])
def watched(request: HttpRequest) -> HttpResponse:
    """One season's list, the next due first, and what the figures offer for it. POST is the export."""
    require(can_read_figures(request.user))
    rows, may = visible_items(request.user), bool(can_plan(request.user))
    season, year = WatchFilter(request.GET, queryset=rows, request=request).chosen
    to_come = may and not request.htmx and not is_over(season, year, localdate(request.now))
    context = {
        "asked": asked_of(request.GET, request.user, request.now),
        "season": season,
        "year": year,
        "may_plan": may,
        "offers": offers(request.user, season, year, request.now) if to_come else [],
        "today": localdate(request.now),
        "menu_at": "outages:list",
    }
    return list_page(request, rows, WATCHED, context)


@require_http_methods(["GET", "HEAD", "POST"])
def watch_new(request: HttpRequest) -> HttpResponse:
    """Put a feeder or transformer on a season's list."""
    require(can_plan(request.user))
    season, year = next_season(localdate(request.now))
    query = request.GET
    begin = {"season": query.get("season", season), "year": query.get("year", year)}
    begin["device"] = query.get("transformer") or query.get("feeder", "")
    form = WatchForm(posted(request), actor=request.user, today=localdate(request.now), initial=begin)
    if form.is_valid():
        with refusals_into(form):
            data = form.cleaned_data
            item = watch(
                subject=data["device"], season=data["season"], year=data["year"], plan=form.plan(),
                actor=request.user, now=request.now, request_id=form.request(),
            )  # fmt: skip
            return redirect("outages:watch_item", item.code)
    return form_page(request, "outages/watch_form.html", form, {"menu_at": "outages:list"})


@require_http_methods(["GET", "HEAD", "POST"])
def watch_item(request: HttpRequest, item: str) -> HttpResponse:
    """One of them: why, what the figures said, and its plan, which those who lead there can change."""
    held = get_item_for(request.user, item)
    may = can_plan(request.user, [held.unit.path])
    if request.method == "POST":
        require(may)
    form = PlanForm(posted(request), actor=request.user, item=held)
    if form.is_valid():
        with refusals_into(form):
            plan_anew(
                code=held.code, plan=form.plan(), revision=form.cleaned_data["revision"], actor=request.user,
                now=request.now, request_id=form.request(),
            )  # fmt: skip
            messages.success(request, _("Saved"))
            return redirect("outages:watch_item", held.code)
    context = {
        "item": held,
        "subject": subject_of(held),
        "may_plan": bool(may) and held.done_on is None,
        "may_finish": bool(can_finish(request.user, held)) and held.done_on is None,
        "sees_list": bool(can_read_figures(request.user)),
        "today": localdate(request.now),
        "menu_at": "outages:list",
    }
    return form_page(request, "outages/watch_item.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def watch_done(request: HttpRequest, item: str) -> HttpResponse:
    """Say that it is done, and what."""
    held = get_item_for(request.user, item)
    require(can_finish(request.user, held))
    form = DoneForm(posted(request), initial={"done_on": localdate(request.now)})
    if form.is_valid():
        with refusals_into(form):
            data = form.cleaned_data
            finish(
                code=held.code, outcome=data["outcome"], done_on=data["done_on"], actor=request.user, now=request.now,
                request_id=form.request(),
            )  # fmt: skip
            return redirect("outages:watch_item", held.code)
    context = {"item": held, "subject": subject_of(held), "menu_at": "outages:list"}
    return form_page(request, "outages/watch_done.html", form, context)

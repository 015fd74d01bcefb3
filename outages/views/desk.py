"""The desk's pages: the list, one outage, writing it down, and every act on it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.exports import Column
from common.forms import form_page, posted, refusals_into
from common.lists import ListSpec, list_page
from outages import wording
from outages.acts import SPECS, offers
from outages.choices import Verb
from outages.filters import OutageFilter
from outages.forms.writing import OutageForm
from outages.lead import Lead, lead_of
from outages.models import Outage, OutageEvent, OutageVersion
from outages.offering import Offer
from outages.orderly_policies import can_read as can_read_orderly
from outages.policies import can, can_read, can_read_figures, can_write
from outages.reaching import Reaching
from outages.selectors.desk import could_be_one, get_outage_for, network, visible_to
from outages.selectors.drift import Drift, drift_of
from outages.selectors.reports import hints
from outages.selectors.written import WrittenCount, written_count
from outages.services.freezing import Reach, reach_of
from outages.services.writing import draft, edit
from outages.transitions import can_follow
from staff.policies import can_export_work

LIST = ListSpec(
    name="outages.outages",
    template="outages/list.html",
    rows="outages/_rows.html",
    order=("-id",),
    filterset=OutageFilter,
    columns=(
        Column(_("Code"), "code"),
        Column(_("Kind"), lambda o: o.get_kind_display()),
        Column(_("State"), lambda o: o.get_state_display()),
        Column(_("Where"), "place"),
        Column(_("Feeder"), lambda o: o.feeder.name if o.feeder else ""),
        Column(_("Announced from"), "starts_at"),
        Column(_("Announced to"), "ends_at"),
        Column(_("Off since"), "began_at"),
        Column(_("Back since"), "restored_at"),
        Column(_("Customers"), "customers"),
    ),
    may_export=can_export_work,
)


@require_http_methods(["GET", "HEAD", "POST"])
def outages(request: HttpRequest) -> HttpResponse:
    """What is off, what is to come, what was."""
    require(can_read(request.user))
    rows = visible_to(request.user).select_related("unit", "feeder")
    may_write = bool(can_write(request.user))
    found = hints(request.user, request.now) if may_write and not request.htmx else []
    return list_page(
        request,
        rows,
        LIST,
        {
            "may_write": may_write,
            "hints": found,
            "sees_figures": bool(can_read_figures(request.user)),
            "sees_orderly": bool(can_read_orderly(request.user)),
        },
    )


@dataclass
class OutagePage:
    """One outage as one person sees it."""

    request: HttpRequest
    outage: Outage

    @cached_property
    def offers(self) -> list[Offer]:
        return offers(self.outage, self.request.user)

    @property
    def may_edit(self) -> bool:
        return can_follow(Verb.EDIT, self.outage.state) and bool(can(Verb.EDIT, self.request.user, self.outage))

    @property
    def since(self) -> str:
        return wording.since_words(self.outage, self.request.now)

    @property
    def back(self) -> str:
        return wording.back_words(self.outage, self.request.now)

    @property
    def news(self) -> str:
        return wording.news_words(self.outage, self.request.now)

    @cached_property
    def reach(self) -> Reach | OutageVersion | None:
        """The frozen list's size; before it is frozen, what the picks would take in now."""
        if self.outage.version:
            return self.outage.versions.filter(number=self.outage.version).first()
        return reach_of(self.outage)

    @cached_property
    def drift(self) -> Drift | None:
        return drift_of(self.outage, self.reach) if isinstance(self.reach, OutageVersion) else None

    @cached_property
    def picks(self) -> list:
        return list(self.outage.picks.select_related("feeder", "transformer", "area", "supply_point"))

    @cached_property
    def lead(self) -> Lead | None:
        return lead_of(self.outage) if self.outage.is_ahead and not self.outage.published_at else None

    @property
    def is_late(self) -> bool:
        return self.lead is not None and self.lead.is_late(self.request.now)

    @cached_property
    def twins(self) -> list[Outage]:
        return could_be_one(self.outage)

    @cached_property
    def story(self) -> list[OutageEvent]:
        return list(self.outage.events.select_related("actor").order_by("-at", "-id"))

    @cached_property
    def callers(self) -> int:
        return self.outage.reports.count()

    @cached_property
    def reaching(self) -> Reaching:
        return Reaching(self.outage, self.request.user, self.request.now)

    @cached_property
    def written(self) -> WrittenCount:
        return written_count(self.outage)

    @cached_property
    def steps(self) -> list:
        return list(self.outage.steps.all())


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One outage: what people are told, whom it takes in, its story, what this person may do."""
    outage = get_outage_for(request.user, code)
    context = {"page": OutagePage(request, outage), "outage": outage, "menu_at": "outages:list"}
    return render(request, "outages/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an outage down; nobody is told yet."""
    require(can_write(request.user))
    begin: dict[str, Any] = {name: request.GET[name] for name in ("kind", "feeder") if request.GET.get(name)}
    begin |= {name: request.GET.getlist(name) for name in ("feeders", "transformers") if name in request.GET}
    form = OutageForm(posted(request), actor=request.user, initial=begin)
    if form.is_valid():
        with refusals_into(form):
            made = draft(writing=form.writing(), actor=request.user, now=request.now, request_id=form.request())
            return redirect("outages:detail", made.code)
    return form_page(request, "outages/form.html", form, {"branches": network(), "menu_at": "outages:list"})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Other facts or another scope."""
    outage = get_outage_for(request.user, code)
    require(can(Verb.EDIT, request.user, outage))
    form = OutageForm(posted(request), instance=get_outage_for(request.user, code), actor=request.user)  # it changes it
    if form.is_valid():
        with refusals_into(form):
            edit(
                code=outage.code,
                actor=request.user,
                now=request.now,
                request_id=form.request(),
                revision=form.cleaned_data["revision"],
                writing=form.writing(),
                reason=form.cleaned_data.get("change_reason", ""),
            )
            return redirect("outages:detail", outage.code)
    context = {"outage": outage, "branches": network(), "menu_at": "outages:list"}
    return form_page(request, "outages/form.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One act: its form, and doing it."""
    outage, spec = get_outage_for(request.user, code), SPECS.get(slug)
    if spec is None:
        raise Http404(slug)
    require(can(spec.verb, request.user, outage))
    form = spec.form(posted(request), outage=outage, now=request.now)
    if form.is_valid():
        with refusals_into(form):
            spec.service(code=outage.code, actor=request.user, now=request.now, **form.arguments())
            messages.success(request, f"{outage.place}: {spec.button}")
            return redirect("outages:detail", outage.code)
    context = {"page": OutagePage(request, outage), "outage": outage, "spec": spec, "menu_at": "outages:list"}
    return form_page(request, "outages/act.html", form, context)

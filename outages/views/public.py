"""What everybody may see without a login: where the power is off, where it will be, where it is back."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from common.counting import counted_up_to
from common.forms import form_page, refusals_into
from outages.forms.public import SearchForm
from outages.mapping import Drawing, drawing
from outages.models import Outage
from outages.selectors.finding import find
from outages.selectors.public import (
    back_lately,
    change_mark,
    map_looks,
    off_now,
    outlined_areas,
    public_one,
    to_come,
    told_events,
)
from outages.services.restraint import SEARCHES, restrain

FRESH_S = 60  # how long a copy of the page may be shown; the page says when it was made
SHOWN, MOST = 60, 1_000
TABS = ("now", "planned", "back")


@dataclass
class PublicPage:
    """The list with its map."""

    request: HttpRequest

    @property
    def tab(self) -> str:
        wanted = self.request.GET.get("show", "")
        return wanted if wanted in TABS else "now"

    @cached_property
    def lists(self) -> dict[str, QuerySet[Outage]]:
        now = self.request.now
        return {"now": off_now(), "planned": to_come(now), "back": back_lately(now)}

    @cached_property
    def counts(self) -> dict[str, int]:
        return dict(zip(self.lists, counted_up_to(MOST, *self.lists.values()), strict=True))

    @property
    def is_whole(self) -> bool:
        """All of the list is wished for, however long."""
        return "all" in self.request.GET

    @cached_property
    def shown(self) -> list[Outage]:
        most = MOST if self.is_whole else SHOWN
        return list(self.lists[self.tab].select_related("feeder")[:most])

    @property
    def more(self) -> int:
        """How many of this list are not shown."""
        return self.counts[self.tab] - len(self.shown)

    @cached_property
    def map(self) -> Drawing | None:
        """Every area that is off or planned; what is off covers what is planned."""
        looks = map_looks(self.request.now)
        links = {area: (look, reverse("outages:public_one", args=[code])) for area, (look, code) in looks.items()}
        return drawing(outlined_areas(), links)


@login_not_required
@vary_on_headers("Accept-Language", "Cookie")
@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """Now, planned, back: a list and a map of areas; or what touches a place that was searched for."""
    return _found(request) if "q" in request.GET else _listed(request)


@cache_control(public=True, max_age=FRESH_S)
def _listed(request: HttpRequest) -> HttpResponse:
    """The template keeps what it drew for everybody, by ``mark``: the next reader costs one small question."""
    context = {"page": PublicPage(request), "mark": change_mark(request.now), "form": SearchForm(), "fresh_s": FRESH_S}
    return render(request, "outages/public.html", context)


@never_cache
def _found(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    context: dict[str, Any] = {}
    if form.is_valid():
        with refusals_into(form):
            restrain("search", who=request.META["REMOTE_ADDR"], most=SEARCHES, now=request.now, field="q")
            context["answer"] = find(form.cleaned_data["q"], request.now)
    return form_page(request, "outages/found.html", form, context)


@login_not_required
@cache_control(public=True, max_age=FRESH_S)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One outage with everything people were told of it. One that was announced and called off says so."""
    outage = public_one(code)
    if outage is None:
        raise Http404(code)
    story = told_events([outage]).get(outage.pk, [])[::-1]
    context = {"outage": outage, "story": story}
    return render(request, "outages/public_one.html", context)

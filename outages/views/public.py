"""What everybody may see without a login: where the power is off, where it will be, where it is back."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from common.counting import counted_up_to
from outages.mapping import Drawing, drawing
from outages.models import Outage
from outages.selectors.public import back_lately, map_looks, off_now, outlined_areas, public_one, to_come, told_events

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

    @cached_property
    def shown(self) -> list[Outage]:
        most = MOST if "all" in self.request.GET else SHOWN
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
@cache_control(public=True, max_age=FRESH_S)
@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """Now, planned, back: a list and a map of areas."""
    return render(request, "outages/public.html", {"page": PublicPage(request), "fresh_s": FRESH_S})


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

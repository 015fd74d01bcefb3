"""What everybody may see without a login: where the power is off, where it will be, where it is back."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from outages import wording
from outages.mapping import Drawing, drawing
from outages.models import Outage
from outages.selectors.public import areas_of, back_lately, off_now, outlined_areas, public_one, to_come, told_events

FRESH_S = 60  # how long a copy of the page may be shown; the page says when it was made
MOST = 200
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
    def off(self) -> list[Outage]:
        return list(off_now().select_related("feeder")[:MOST])

    @cached_property
    def planned(self) -> list[Outage]:
        return list(to_come(self.request.now).select_related("feeder")[:MOST])

    @cached_property
    def back(self) -> list[Outage]:
        return list(back_lately(self.request.now).select_related("feeder")[:MOST])

    @property
    def shown(self) -> list[Outage]:
        return {"now": self.off, "planned": self.planned, "back": self.back}[self.tab]

    @cached_property
    def map(self) -> Drawing | None:
        """What is off covers what is planned."""
        areas = areas_of([*self.planned, *self.off])
        looks: dict[int, tuple[str, str]] = {}
        for look, outages in (("planned", self.planned), ("off", self.off)):
            for outage in outages:
                href = reverse("outages:public_one", args=[outage.code])
                looks |= dict.fromkeys(areas.get(outage.pk, ()), (look, href))
        return drawing(outlined_areas(), looks)


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
    context = {"outage": outage, "story": story, "back": wording.back_words(outage, request.now)}
    return render(request, "outages/public_one.html", context)

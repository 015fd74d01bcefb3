"""What would go out, before it does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from outages.choices import Verb
from outages.policies import can
from outages.preview import preview_of
from outages.selectors.desk import get_outage_for
from outages.selectors.postings import poster_areas
from outages.transitions import can_follow


@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Poster, web page, SMS and CAP side by side, from the one text."""
    outage = get_outage_for(request.user, code)
    shown = preview_of(outage, poster_areas(outage), now=request.now)
    may_announce = can_follow(Verb.PUBLISH, outage.state) and outage.is_ahead
    context = {
        "outage": outage,
        "preview": shown,
        "may_announce": may_announce and bool(can(Verb.PUBLISH, request.user, outage)),
        "menu_at": "outages:list",
    }
    return render(request, "outages/preview.html", context)

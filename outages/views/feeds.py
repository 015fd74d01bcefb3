"""Outages for other programs. Every answer may be kept for a minute, and says by its tag whether anything is new."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from common.house import utility_name
from outages import wording
from outages.feeds.calendar import calendar
from outages.feeds.cap import alert
from outages.feeds.facts import Facts, facts_of
from outages.feeds.listing import listing
from outages.selectors.public import (
    ahead_with_called_off,
    back_lately,
    change_mark,
    get_area,
    in_area,
    off_now,
    public_one,
    to_come,
)
from outages.views.public import FRESH_S

MOST = 200  # of each list
View = Callable[..., HttpResponse]


def tag(request: HttpRequest, **_kwargs: str) -> str:
    """Changes with any outage and with every minute, for words like “late” depend on the hour."""
    return f'"{change_mark(request.now)}-{get_language()}"'


def feed(view: View) -> View:
    """For everybody, by GET, kept for a minute, 304 when nothing is new."""
    guarded = vary_on_headers("Accept-Language", "Cookie")(condition(etag_func=tag)(view))
    return login_not_required(cache_control(public=True, max_age=FRESH_S)(require_safe(wraps(view)(guarded))))


def _listed(request: HttpRequest) -> list[Facts]:
    """What the lists show, narrowed to an area if one is named. Raises: Http404 for an area there is not."""
    now = request.now
    found = [off_now(), to_come(now), back_lately(now)]
    if code := request.GET.get("area"):
        area = get_area(code)
        found = [in_area(rows, area) for rows in found]
    return facts_of(outage for rows in found for outage in rows.select_related("feeder")[:MOST])


@feed
def json(request: HttpRequest) -> HttpResponse:
    """Everything that is off, announced, or back within a day."""
    answer = JsonResponse(listing(_listed(request), now=request.now), json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@feed
def rss(request: HttpRequest) -> HttpResponse:
    """The latest word on each, the newest first."""
    news = Rss201rev2Feed(
        title=_("Outages · %(utility)s") % {"utility": utility_name()},
        link=request.build_absolute_uri(reverse("outages:public")),
        description=_("Where the power is off, where it will be, where it is back"),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for facts in sorted(_listed(request), key=lambda facts: facts.outage.changed_at, reverse=True):
        _item(news, facts, request.now)
    return HttpResponse(news.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _item(news: Rss201rev2Feed, facts: Facts, now: datetime) -> None:
    outage = facts.outage
    news.add_item(
        title=f"{outage.place} · {wording.back_words(outage, now)}",
        link=facts.url,
        description=wording.in_short(outage, now),
        unique_id=facts.identifier,
        unique_id_is_permalink=False,
        pubdate=outage.changed_at,
    )


@feed
def ical(request: HttpRequest) -> HttpResponse:
    """Announced outages, of one area or of all."""
    rows = ahead_with_called_off(request.now)
    if code := request.GET.get("area"):
        rows = in_area(rows, get_area(code))
    return calendar_answer(calendar(facts_of(rows[:MOST])))


def calendar_answer(content: bytes) -> HttpResponse:
    """A calendar as phones take it."""
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="outages.ics"'
    return answer


@feed
def cap(request: HttpRequest, code: str) -> HttpResponse:
    """The latest word on one outage as a CAP 1.2 alert."""
    outage = public_one(code)
    if outage is None:
        raise Http404(code)
    return HttpResponse(alert(facts_of([outage])[0]), content_type="application/cap+xml; charset=utf-8")

"""Hearing of outages without a login: asked for, confirmed, looked at, ended."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from common.forms import form_page, posted, refusals_into
from outages.feeds.calendar import calendar
from outages.feeds.facts import facts_of
from outages.forms.public import CodeForm, SubscribeForm
from outages.selectors.following import area_of, get_asked, get_following, own_calendar, touching
from outages.selectors.public import public_one
from outages.services.subscribing import HOLDS, confirm, stop, subscribe
from outages.views.feeds import calendar_answer, tag
from outages.views.public import FRESH_S


def unlisted(answer: HttpResponse) -> HttpResponse:
    """Its address is the key: no search engine keeps it and no other site hears of it."""
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Choose an area or an account, leave a number; the area of an outage that led here is chosen already."""
    code = request.GET.get("outage", "")
    form = SubscribeForm(posted(request), initial={"area": area_of(public_one(code)) if code else None})
    if form.is_valid():
        with refusals_into(form):
            row = subscribe(**form.arguments(), client=request.META["REMOTE_ADDR"], now=request.now)
            return redirect("outages:subscribe_code", handle=row.handle)
    return form_page(request, "outages/subscribe.html", form)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_code(request: HttpRequest, handle: UUID) -> HttpResponse:
    """The code that was sent to the number."""
    asked, form = get_asked(handle), CodeForm(posted(request))
    if form.is_valid():
        with refusals_into(form):
            row = confirm(handle=handle, code=form.cleaned_data["code"], now=request.now)
            return redirect("outages:following", token=row.token)
    context = {"asked": asked, "minutes": int(HOLDS.total_seconds() // 60)}
    return unlisted(form_page(request, "outages/subscribe_code.html", form, context))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, token: str) -> HttpResponse:
    """What a number follows, how it stands there, the calendar; a press ends it. A link alone ends nothing: phones open
    links to preview them."""
    row = get_following(token)
    if request.method == "POST":
        row = stop(token=row.token, now=request.now)
        return redirect("outages:following", token=row.token)
    context = {
        "row": row,
        "answer": touching(row, request.now),
        "calendar_url": settings.SITE_URL + reverse("outages:own_ical", args=[row.token]),
    }
    return unlisted(render(request, "outages/following.html", context))


@login_not_required
@cache_control(private=True, max_age=FRESH_S)
@require_safe
@condition(etag_func=tag)
def own_ical(request: HttpRequest, token: str) -> HttpResponse:
    """Announced outages of one subscription, for its own calendar."""
    row = get_following(token)
    if not row.is_active:
        raise Http404
    return unlisted(calendar_answer(calendar(facts_of(own_calendar(row, request.now)))))

"""In and out."""

from typing import Any

import django_otp
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common.forms import form_page, ours, posted, refusals_into
from staff.directory import demo_people, locked_until
from staff.forms.own import CodeForm, LoginForm
from staff.middleware import ASK_CODE, SEEN, THEN
from staff.services.second_factor import has_second_factor, verify_code


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Staff number and password; then to the code, or where the person wanted to go."""
    if request.user.is_authenticated:
        return redirect(wanted(request))
    form = LoginForm(request, posted(request), initial=demo_fill(request))
    if form.is_valid() and form.member:
        auth.login(request, form.member)
        request.session[SEEN] = int(request.now.timestamp())
        if has_second_factor(form.member):
            request.session[ASK_CODE] = True
            request.session[THEN] = wanted(request)
            return redirect("staff:code")
        return redirect(wanted(request))
    return form_page(request, "staff/login.html", form, frame(request))


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """The same page after the last try: since when it can be tried again. django-axes calls this."""
    until = locked_until(credentials["username"], request.now)
    context = {**frame(request), "form": LoginForm(request), "locked_until": until}
    return render(request, "staff/login.html", context, status=429)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of login."""
    if request.user.is_verified() or not request.session.get(ASK_CODE):
        return redirect(request.session.pop(THEN, None) or "staff:start")
    form = CodeForm(posted(request))
    if form.is_valid():
        with refusals_into(form):
            django_otp.login(request, verify_code(member=request.user, token=form.cleaned_data["token"]))
            return redirect(request.session.pop(THEN, None) or "staff:start")
    return form_page(request, "staff/code.html", form)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out, back to the login page."""
    auth.logout(request)
    return redirect("staff:login")


def wanted(request: HttpRequest) -> str:
    """Where the person wanted to go before login, when that is in this house."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return ours(request, url) or reverse("staff:start")


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the login page says around its form."""
    return {
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "was_idle": request.GET.get("idle") == "1",
        "idle_min": settings.IDLE_TIMEOUT_MIN,
        "people": demo_people() if settings.DENGHUO_DEMO else [],
    }


def demo_fill(request: HttpRequest) -> dict[str, str]:
    """In a demo, ``?who=XL0317`` fills both fields, so that trying a role costs two clicks."""
    who = request.GET.get("who", "")
    return {"username": who, "password": settings.DEMO_PASSWORD} if settings.DENGHUO_DEMO and who else {}

"""Doors every request of a member passes: not away too long, second step done, password fresh."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from staff.choices import SECOND_FACTOR_ROLES
from staff.selectors import scope_of
from staff.services.passwords import is_password_too_old

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen_at"  # session: epoch seconds of the last act
ASK_CODE = "ask_code"  # session: this member's login is not finished before a code is given
THEN = "then"  # session: where the person wanted to go before a door stood in the way
TOUCH_S = 60  # how often the session row is written for being alive


class IdleMiddleware:
    """Ends a session after IDLE_TIMEOUT_MIN without an act.

    Requests a page makes by itself carry the header ``X-Poll: 1`` and are no act. The instant is written at most once
    a minute, so the end comes up to a minute late and never early. Drafts are kept on the server by their rooms.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            seen = request.session.get(SEEN)
            now = int(request.now.timestamp())
            if seen is not None and now - seen >= settings.IDLE_TIMEOUT_MIN * 60 + TOUCH_S:
                logout(request)
                return whole_page(request, login_address(request, idle="1"))
            if seen is None or (now - seen >= TOUCH_S and not is_poll(request)):
                request.session[SEEN] = now
        response = self.get_response(request)
        if response.status_code == 302 and response.headers["Location"].startswith(reverse(settings.LOGIN_URL)):
            return whole_page(request, login_address(request)) if is_part(request) else response
        return response


class PrivateMiddleware:
    """What was made for a member stays out of caches that others share, unless the page asks for more than that."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_member = request.user.is_authenticated
        response = self.get_response(request)
        if is_member:
            response.headers.setdefault("Cache-Control", "private")
        return response


class GateMiddleware:
    """Sends a member who must do something first to the page for it: code, password, second step."""

    OPEN = frozenset({"staff:logout", "staff:idle", "common:language"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        first = must_do_first(request)
        at = request.resolver_match.view_name
        if first is None or at == first or at in self.OPEN:
            return None
        request.session.setdefault(THEN, back_address(request))
        return whole_page(request, reverse(first))


def must_do_first(request: HttpRequest) -> str | None:
    """Name of the page this member must pass before any other; None lets them through."""
    member = request.user
    if request.session.get(ASK_CODE) and not member.is_verified():
        return "staff:code"
    if member.must_change_password or is_password_too_old(member, request.now):
        return "staff:password"
    if settings.REQUIRE_TOTP and not member.is_verified() and scope_of(member).has(*SECOND_FACTOR_ROLES):
        return "staff:second_factor"
    return None


def is_poll(request: HttpRequest) -> bool:
    """Whether the page asked by itself, not the person."""
    return request.headers.get("X-Poll") == "1"


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def whole_page(request: HttpRequest, url: str) -> HttpResponse:
    """Lead the whole page to ``url``, also when only a part was asked for."""
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if is_part(request) else redirect(url)


def login_address(request: HttpRequest, **query: str) -> str:
    """The login page, leading back to the page the person sees (a form's own address cannot be opened)."""
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({**query, 'next': back_address(request)})}"


def back_address(request: HttpRequest) -> str:
    """The page the person sees: this address, or where a posted form or a part of a page stands."""
    if request.method in ("GET", "HEAD") and not is_part(request):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

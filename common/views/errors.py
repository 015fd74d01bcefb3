"""Pages for what went wrong: what happened, what it means for the person's work, what to do next."""

import re
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from structlog.contextvars import get_contextvars

from common.access import Denied

log = structlog.get_logger(__name__)
ORDER_CODE = re.compile(r"\b[A-Z]{2}-\d{6}-\d{4,}\b")
REFERENCE_LENGTH = 8  # the beginning of the request id: short enough to be read over the phone, found by a search


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or what was sent cannot be read; 413: it was more than we read at all."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: what, why, and who can grant it."""
    if not isinstance(exception, Denied):
        return page(request, 403, by_role=True)
    decision, back = exception.decision, exception.back
    return page(request, 403, reason=decision.reason, by_role=decision.by_role and not back, back=back)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or not for this person; the search box helps on."""
    code = ORDER_CODE.search(request.path)
    return page(request, 404, code=code.group() if code else "")


def wrong_method(request: HttpRequest) -> HttpResponse:
    """405: an address that only a form leads to."""
    return page(request, 405)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that waited too long (CSRF): nothing was saved, the browser still has the text."""
    return page(request, 403, template="403_csrf.html")


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing was saved.

    Drawn without request, database or session, so it stands when they do not; should even that fail, plain words.
    """
    code = reference(request)
    try:
        return HttpResponseServerError(render_to_string("500.html", {"reference": code, "hotline": settings.HOTLINE}))
    except Exception:
        log.exception("error_page_failed")
        return HttpResponseServerError(f"Something broke; nothing was saved. {code}", content_type="text/plain")


def page(request: HttpRequest, status: int, template: str = "", **context: Any) -> HttpResponse:
    """An error page in the frame of whoever asks: staff in theirs, everybody else in the public one."""
    user = getattr(request, "user", None)
    staff = user is not None and user.is_authenticated
    context |= {"reference": reference(request), "staff": staff}
    context["frame"] = "base_desk.html" if staff else "base_public.html"
    return render(request, template or f"{status}.html", context, status=status)


def reference(request: HttpRequest) -> str:
    """The code that this request's log lines begin their ``request_id`` with.

    A request that failed before it had an id gets one here, and a log line that carries it.
    """
    request_id = get_contextvars().get("request_id")
    if not request_id:
        request_id = uuid4().hex
        log.error("failed_without_request_id", request_id=request_id, path=request.path)
    return str(request_id)[:REFERENCE_LENGTH]

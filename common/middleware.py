"""One instant and one language per request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from common.views.errors import bad_request, wrong_method

Handler = Callable[[HttpRequest], HttpResponse]


class InstantMiddleware:
    """`request.now`: all rows and words of one request carry one time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        return self.get_response(request)


class UnreadableMiddleware:
    """PostgreSQL keeps no NUL: one in an address or a form cannot be read (400), it is no fault of ours (500)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_nul = isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
        return bad_request(request, exception) if is_nul else None


class MethodMiddleware:
    """An address that only takes forms, opened by hand or by a phone that woke up, is a page and not a white sheet."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method not in ("GET", "HEAD"):
            return response
        shown = wrong_method(request)
        shown.headers["Allow"] = response.headers.get("Allow", "")
        return shown


class LanguageMiddleware:
    """The cookie's language, else the member's own, else the browser's, else Chinese."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = choose_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def choose_language(request: HttpRequest) -> str:
    """The language code this request is answered in."""
    known = dict(settings.LANGUAGES)
    wished = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if wished in known:
        return wished
    member = getattr(request, "user", None)
    if member is not None and member.is_authenticated and member.language in known:
        return member.language
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE

"""One instant and one language per request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

Handler = Callable[[HttpRequest], HttpResponse]


class InstantMiddleware:
    """`request.now`: all rows and words of one request carry one time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        return self.get_response(request)


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

"""The language switch."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from common.forms import ours

YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on: a cookie for this browser, the member's own for messages; then go back."""
    wished = request.POST.get("language", "")
    response = HttpResponseRedirect(ours(request, request.POST.get("next", "")) or "/")
    if wished not in dict(settings.LANGUAGES):
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wished,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    member: Any = request.user  # the rooms above know what a member is
    if member.is_authenticated and member.language != wished:
        member.language = wished
        member.save(update_fields=["language"])
    return response

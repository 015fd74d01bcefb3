"""Development only: what would arrive on people's phones and in their mail."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications import selectors
from notifications.services.envelopes import letters


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every e-mail and SMS in full, newest first. Without DEV_PAGES there is no such page."""
    if not settings.DEV_PAGES:
        raise Http404
    search = request.GET.get("q", "").strip()[:100]
    found = letters(selectors.mailbox(search), now=request.now)
    return render(request, "notifications/mailbox.html", {"letters": found, "q": search})

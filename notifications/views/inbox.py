"""One's own messages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from common.lists import ListSpec, list_page
from notifications import selectors
from notifications.services.reading import mark_all_read, mark_read

MOST_UNREAD = 100
INBOX = ListSpec(
    name="notifications.inbox",
    template="notifications/inbox.html",
    rows="notifications/_inbox_rows.html",
    order=("-id",),
)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread ones first, then what was read, newest first."""
    new = [] if "after" in request.GET or "part" in request.GET else list(selectors.unread(request.user)[:MOST_UNREAD])
    read = selectors.inbox(request.user).filter(read_at__isnull=False)
    return list_page(request, read, INBOX, {"new": new, "upto": new[0].pk if new else 0})


@require_safe
def open_message(request: HttpRequest, number: int) -> HttpResponse:
    """Opening it is reading it; it leads to what it is about."""
    message = selectors.get_own_message(request.user, number)
    mark_read(message=message, actor=request.user, now=request.now)
    return redirect(message.about_url or "notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything that was on the page."""
    upto = request.POST.get("upto", "")
    mark_all_read(actor=request.user, upto=int(upto) if upto.isdigit() and len(upto) < 19 else 0, now=request.now)
    return redirect("notifications:inbox")

"""What goes out, and what did not."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.lists import ListSpec, list_page
from notifications import policies, selectors
from notifications.filters import MessageFilter
from notifications.services.sender import send_again, withhold

FAILED_WITHIN = timedelta(days=7)
OUTGOING = ListSpec(
    name="notifications.outgoing",
    template="notifications/outgoing.html",
    rows="notifications/_outgoing_rows.html",
    order=("-id",),
    filterset=MessageFilter,
)


@require_safe
def outgoing(request: HttpRequest) -> HttpResponse:
    """Every message, newest first."""
    require(policies.can_see_outgoing(request.user))
    context = {
        "failed": selectors.failed_since(request.now - FAILED_WITHIN),
        "may_act": policies.can_act_on_outgoing(request.user),
    }
    return list_page(request, selectors.visible_messages(request.user), OUTGOING, context)


@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message with its words and its way."""
    require(policies.can_see_outgoing(request.user))
    return message_page(request, number)


@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send it again."""
    return _act(request, number, send_again, _("It goes out again"))


@require_POST
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """Hold it back."""
    return _act(request, number, withhold, _("It will not be sent"))


def _act(request: HttpRequest, number: int, service: Callable, done: str) -> HttpResponse:
    require(policies.can_act_on_outgoing(request.user))
    row = selectors.get_message_for(request.user, number)
    try:
        service(message=row, actor=request.user, now=request.now)
    except Refusal as refusal:
        return message_page(request, number, refused=str(refusal.message))
    messages.success(request, done)
    return redirect("notifications:message", number)


def message_page(request: HttpRequest, number: int, refused: str = "") -> HttpResponse:
    """The message's page, with what was refused on it."""
    row = selectors.get_message_for(request.user, number)
    context = {
        "row": row,
        "refused": refused,
        "may_send_again": policies.can_send_again(request.user, row),
        "may_withhold": policies.can_withhold(request.user, row),
    }
    return render(request, "notifications/message.html", context, status=422 if refused else 200)

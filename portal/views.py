"""Public pages: a customer follows an order."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import Refusal
from customers.masking import address_public
from portal.lookup import look_up
from workorders.presentation import promise_of
from workorders.selectors.progress import mark_progress
from workorders.selectors.public import by_token, promise_for_customer, story_for_customer


class FollowForm(forms.Form):
    """Code and phone, as they stand on the receipt and in the customer's hand."""

    code = forms.CharField(
        label=_("Number on the receipt"),
        max_length=20,
        help_text=_("The whole number, or its last digits"),
        error_messages={"required": _("It is on the receipt and in our message.")},
    )
    phone = forms.CharField(
        label=_("Phone you left with us"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("So that only you can see it.")},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for code and phone, lead to the order."""
    form = FollowForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        try:
            order = look_up(**form.cleaned_data, address=request.META["REMOTE_ADDR"], now=request.now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            return redirect("portal:follow_token", token=order.token)
    return render(request, "portal/follow.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_GET
def follow_token(request: HttpRequest, token: str) -> HttpResponse:
    """One order in the customer's words, with its promise."""
    order = by_token(token)
    if order is None:
        raise Http404
    mark_progress([order])
    clock = promise_for_customer(order)
    context = {
        "order": order,
        "view": promise_of(clock, now=request.now) if clock else None,
        "where": address_public(order.address),
        "story": story_for_customer(order, request.now),
        "late": clock is not None and clock.stopped_at is None and clock.due_at and clock.due_at < request.now,
    }
    response = render(request, "portal/order.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response

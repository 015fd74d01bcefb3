"""Public pages: a customer follows an order."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.forms import form_page, posted, refusals_into
from portal.lookup import look_up
from portal.page import FollowPage
from workorders.selectors.progress import mark_progress
from workorders.selectors.public import by_token


class FollowForm(forms.Form):
    """Code and phone, as they stand on the receipt and in the customer's hand."""

    code = forms.CharField(
        label=_("Number on the receipt"),
        max_length=20,
        help_text=_("The whole number, or its last four digits"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
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
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for code and phone, lead to the order."""
    form = FollowForm(posted(request), initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        with refusals_into(form):
            order = look_up(**form.cleaned_data, address=request.META["REMOTE_ADDR"], now=request.now)
            return redirect("portal:follow_token", token=order.token)
    return form_page(request, "portal/follow.html", form)


@login_not_required
@never_cache
@require_safe
def follow_token(request: HttpRequest, token: str) -> HttpResponse:
    """One order in the customer's words, with its promise."""
    order = by_token(token)
    if order is None:
        raise Http404
    page = FollowPage(order=mark_progress([order])[0], now=request.now)
    response = render(request, "portal/order.html", {"page": page, "order": order})
    response.headers["X-Robots-Tag"] = "noindex"
    # The address is the key, so no other site hears of it; our own forms must say where they come from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response

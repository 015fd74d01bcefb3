"""Telling by telephone: the call list, one customer on it, another way for what failed."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, posted, refusals_into
from common.lists import ListSpec, list_page
from customers.models import Customer
from customers.panel import CustomerPanel
from outages.filters import CallFilter
from outages.forms.reaching import CallForm
from outages.models import Call, Notice, Outage
from outages.policies import can_call, can_retry
from outages.reaching import AtRisk, at_risk_rows
from outages.selectors.calls import call_list, call_of, get_called_for, hidden_calls, latest_notice, tries_of
from outages.selectors.desk import get_outage_for
from outages.selectors.notices import NoticeFare, missed, notice_fares
from outages.services.calling import record_call, retry_failed

LIST = ListSpec(
    name="outages.calls",
    template="outages/calls.html",
    rows="outages/_call_rows.html",
    order=("id",),
    filterset=CallFilter,
)


@dataclass
class CallPage:
    """The calls of an outage as one person sees them."""

    request: HttpRequest
    outage: Outage

    @cached_property
    def notice(self) -> Notice | None:
        return latest_notice(self.outage)

    @cached_property
    def fare(self) -> NoticeFare | None:
        return next(iter(notice_fares(self.outage)), None)

    @cached_property
    def missed(self) -> int:
        return missed(self.notice) if self.notice and self.fare and self.fare.failed else 0

    @cached_property
    def hidden(self) -> int:
        return hidden_calls(self.notice, self.request.user)

    @property
    def may_retry(self) -> bool:
        return self.missed > 0 and bool(can_retry(self.request.user, self.outage))

    @cached_property
    def at_risk(self) -> list[AtRisk]:
        return at_risk_rows(self.outage, self.request.user, self.request.now)


@never_cache
@require_safe
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Whom to call about the latest news: promises at risk first, then those whom no message reaches."""
    outage = get_outage_for(request.user, code)
    require(can_call(request.user))
    page = CallPage(request, outage)
    context = {"page": page, "outage": outage, "menu_at": "outages:list"}
    return list_page(request, call_list(page.notice, request.user), LIST, context)


@dataclass
class OneCall(CallPage):
    """One customer to be called."""

    customer: Customer

    @cached_property
    def call(self) -> Call | None:
        return call_of(self.notice, self.customer)

    @cached_property
    def tries(self) -> list:
        return list(tries_of(self.call))

    @cached_property
    def promises(self) -> list[AtRisk]:
        return [row for row in self.at_risk if row.order.customer_id == self.customer.pk]

    @cached_property
    def panel(self) -> CustomerPanel:
        return CustomerPanel(customer=self.customer, actor=self.request.user, now=self.request.now)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, code: str, account_no: str) -> HttpResponse:
    """Call one customer: what to say, their number for a purpose, what came of it."""
    outage = get_outage_for(request.user, code)
    require(can_call(request.user))
    customer = get_called_for(request.user, outage, account_no)
    form = CallForm(posted(request))
    if form.is_valid():
        own = {"result": form.cleaned_data["result"], "text": form.cleaned_data["text"], "request_id": form.request()}
        with refusals_into(form):
            made = record_call(code=code, customer=customer, actor=request.user, now=request.now, **own)
            messages.success(request, f"{customer.name}: {made.get_result_display()}")
            return redirect("outages:calls", outage.code)
    page = OneCall(request, outage, customer)
    context = {"page": page, "panel": page.panel, "outage": outage, "menu_at": "outages:list"}
    return form_page(request, "outages/call.html", form, context)


@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Another number for those whose message failed; who has none joins the call list."""
    outage = get_outage_for(request.user, code)
    require(can_retry(request.user, outage))
    try:
        done = retry_failed(code=outage.code, actor=request.user, now=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        said = {"messages": done.messages, "calls": done.calls}
        messages.success(request, _("To another number: %(messages)d. New on the call list: %(calls)d.") % said)
    return redirect("outages:detail", outage.code)

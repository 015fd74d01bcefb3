"""The one search box: suggestions while typing, results, and the list of customers."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import contributions
from common.access import require
from common.exports import Column
from common.lists import ListSpec, list_page
from customers import policies
from customers.filters import CustomerFilter
from customers.models import Customer
from customers.search import Query
from customers.selectors import Hit, recent_customers, search, visible_to
from customers.selectors.files import with_places
from customers.selectors.finding import hit

RECENT = "recent_customers"
KEPT = 5
SUGGESTED = 8
FOUND = 50
FEWEST = 2  # characters before anything is suggested
LONGEST = 100  # characters the box takes; see topbar.html

CUSTOMERS = ListSpec(
    name="customers.list",
    template="customers/list.html",
    rows="customers/_rows.html",
    order=("account_no",),
    filterset=CustomerFilter,
    may_export=policies.can_export,
    columns=(
        Column(_("Account number"), "account_no"),
        Column(_("Name"), "name"),
        Column(_("Usage category"), "get_klass_display"),
        Column(_("Voltage"), "get_voltage_display"),
        Column(_("Important user"), "get_importance_display"),
        Column(_("Key account"), "get_key_account_display"),
        Column(_("Verified on"), "verified_on"),
    ),
)


@dataclass(frozen=True)
class Row:
    """A hit with the page it leads to."""

    hit: Hit
    url: str


@dataclass(frozen=True)
class OtherRows:
    """What another room found."""

    label: Any
    rows: list[dict[str, str]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """With ``q`` what was found, one exact number straight to its customer; without it the list with its filters."""
    if typed(request) and "part" not in request.GET and request.method != "POST":
        return results(request)
    require(policies.can_open_customers(request.user))
    context = {"may_add": policies.can_save(request.user), "may_import": policies.can_import(request.user)}
    return list_page(request, with_places(visible_to(request.user)), CUSTOMERS, context)


def results(request: HttpRequest) -> HttpResponse:
    """Everything that fits, best first, and what other rooms find; an exact hit is opened at once."""
    text, to = typed(request), picked_to(request)
    found = search(text, actor=request.user, limit=FOUND)
    if found.exact:
        return redirect(_target(found.exact, to, text))
    others = _others(request, text)
    if not found.hits and len(others) == 1 and len(others[0].rows) == 1 and not to:
        return redirect(others[0].rows[0]["url"])
    context = {"rows": _rows(found.hits, to, text), "others": others, "search_text": text, "pick_url": to}
    context["may_add"] = policies.can_save(request.user)
    return render(request, "customers/results.html", context)


@never_cache
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Below the search box: at most eight, the last five customers while it is empty (htmx)."""
    text, to = typed(request), picked_to(request)
    if not text:
        recent = recent_customers(request.user, request.session.get(RECENT, []))
        rows = _rows([hit(customer, Query()) for customer in recent], to, "")
        return render(request, "customers/_suggest.html", {"rows": rows, "is_recent": True})
    if len(text) < FEWEST:
        return HttpResponse()
    found = search(text, actor=request.user, limit=SUGGESTED)
    context = {"rows": _rows(found.hits, to, text), "others": _others(request, text), "text": text, "to": to}
    context["may_add"] = policies.can_save(request.user)
    return render(request, "customers/_suggest.html", context)


def typed(request: HttpRequest) -> str:
    """What was typed into the search box, as much of it as the box takes."""
    return request.GET.get("q", "").strip()[:LONGEST]


def remember(request: HttpRequest, customer: Customer) -> None:
    """This customer is the last one this person had open."""
    others = [number for number in request.session.get(RECENT, []) if number != customer.account_no]
    request.session[RECENT] = [customer.account_no, *others][:KEPT]


def picked_to(request: HttpRequest) -> str:
    """The page that asked for a customer (the intake), if it is one of ours."""
    to = request.GET.get("to", "")
    return to if to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None) else ""


def _target(customer: Customer, to: str, text: str) -> str:
    """The customer's page, or the page that asked, with the customer and what was typed."""
    if not to:
        return reverse("customers:detail", args=[customer.account_no])
    query = {"customer": customer.account_no} | ({"q": text} if text else {})
    return f"{to}{'&' if '?' in to else '?'}{urlencode(query)}"


def _rows(hits: list[Hit], to: str, text: str) -> list[Row]:
    return [Row(one, _target(one.customer, to, text)) for one in hits]


def _others(request: HttpRequest, text: str) -> list[OtherRows]:
    """What the rooms above find, each under its name."""
    found = [OtherRows(source.label, list(source.find(text, request.user))) for source in contributions.search_sources]
    return [other for other in found if other.rows]

"""Entering and correcting customers, also beside the intake without leaving it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.access import require
from common.forms import form_page, posted, refusals_into
from customers.forms import ContactForm, CorrectForm, GradeForm, NewCustomerForm, PlaceForm
from customers.models import Customer
from customers.panel import CustomerPanel
from customers.policies import can_classify, can_save
from customers.selectors import get_customer_for
from customers.services.drafts import FileChanged, LooksAlike
from customers.services.files import add_contact, add_supply_point, correct_customer, save_customer
from customers.services.grading import grade_customer
from customers.views.search import picked_to, remember


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A customer who is not on file; beside the intake (htmx) the intake comes back with the customer."""
    require(can_save(request.user))
    form = NewCustomerForm(posted(request), initial=_typed(request))
    context: dict[str, Any] = {"to": picked_to(request), "alike": []}
    if form.is_valid():
        try:
            with refusals_into(form):
                customer = save_customer(new=form.new_customer(), actor=request.user, now=request.now)
                return _saved(request, customer)
        except LooksAlike as found:
            context["alike"] = found.customers
            form.add_error(None, _("This may be somebody who is on file. Look first."))
    return _form_part(request, "new", form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, account_no: str) -> HttpResponse:
    """Correct the file; phone and door stay masked unless they are typed anew."""
    customer = get_customer_for(request.user, account_no)
    require(can_save(request.user))
    form = CorrectForm(posted(request), customer=customer)
    context: dict[str, Any] = {"to": picked_to(request), "customer": customer}
    if form.is_valid():
        try:
            with refusals_into(form):
                correct_customer(
                    account_no=account_no, correction=form.correction(), actor=request.user, now=request.now
                )
                return _saved(request, get_customer_for(request.user, account_no))
        except FileChanged:
            return _changed_meanwhile(request, form, context)
    return _form_part(request, "correct", form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grade(request: HttpRequest, account_no: str) -> HttpResponse:
    """Importance, key account, secrecy."""
    customer = get_customer_for(request.user, account_no)
    require(can_classify(request.user))
    form = GradeForm(posted(request), customer=customer)
    if form.is_valid():
        try:
            with refusals_into(form):
                version, grades = form.cleaned_data["version"], form.grades()
                grade_customer(
                    account_no=account_no, version=version, grades=grades, actor=request.user, now=request.now
                )
                return _home(request, account_no)
        except FileChanged as changed:
            form.data = form.data | {"version": str(changed.customer.version)}
            form.add_error(None, _("Somebody else changed this file meanwhile. Check it and save again."))
    return form_page(request, "customers/grade.html", form, {"customer": customer})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, account_no: str) -> HttpResponse:
    """One more person to call."""
    return _add(request, account_no, ContactForm, lambda form, **who: add_contact(contact=form.contact(), **who))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, account_no: str) -> HttpResponse:
    """One more supply point."""
    return _add(request, account_no, PlaceForm, lambda form, **who: add_supply_point(place=form.place(), **who))


def _add(request: HttpRequest, account_no: str, form_class: type[Form], save: Callable) -> HttpResponse:
    customer = get_customer_for(request.user, account_no)
    require(can_save(request.user))
    form = form_class(posted(request))
    if form.is_valid():
        with refusals_into(form):
            save(form, account_no=account_no, actor=request.user, now=request.now)
            return _home(request, account_no)
    return form_page(request, "customers/add.html", form, {"customer": customer})


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was searched for in vain: digits are a phone, the rest is a name."""
    text = request.GET.get("q", "").strip()
    return {"phone" if text.replace(" ", "").isdigit() else "name": text}


def _form_part(request: HttpRequest, name: str, form: Form, context: dict[str, Any]) -> HttpResponse:
    """The form as a page, or as the part that stands in the place of the panel (htmx)."""
    part = f"customers/_{name}.html" if request.htmx else f"customers/{name}.html"
    return form_page(request, part, form, {**context, "address": request.get_full_path()})


def _saved(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Back to where the customer was needed: the panel in its place, else the page that asked, else the file."""
    remember(request, customer)
    to = picked_to(request)
    if to:
        url = f"{to}{'&' if '?' in to else '?'}{urlencode({'customer': customer.account_no})}"
        return _in_place(url) if request.htmx else redirect(url)
    if request.htmx:
        fresh = get_customer_for(request.user, customer.account_no)
        panel = CustomerPanel(customer=fresh, actor=request.user, now=request.now)
        return render(request, "customers/_panel.html", {"panel": panel})
    return _home(request, customer.account_no)


def _in_place(url: str) -> HttpResponse:
    """The page that asked, again, now with the customer: its draft brings back what was typed, nobody leaves it."""
    where = {"path": url, "target": "#dh-main", "select": "#dh-main", "swap": "outerHTML"}
    return HttpResponse(headers={"HX-Location": json.dumps(where)})


def _home(request: HttpRequest, account_no: str) -> HttpResponse:
    messages.success(request, _("Saved"))
    return redirect(reverse("customers:detail", args=[account_no]))


def _changed_meanwhile(request: HttpRequest, form: CorrectForm, context: dict[str, Any]) -> HttpResponse:
    """Both versions: how the file stands now, and what was typed, ready to be saved over it."""
    now_on_file = get_customer_for(request.user, form.customer.account_no)
    fresh = CorrectForm(customer=now_on_file)
    form.data = form.data.copy()
    form.data["version"] = str(now_on_file.version)
    theirs = [
        (fresh[name].label, fresh.initial.get(name) or "—", form.data.get(name, ""))
        for name in ("name", "phone", "address", "meter_no")
        if fresh.initial.get(name, "") != form.data.get(name, "")
    ]
    context |= {"form": form, "theirs": theirs, "customer": now_on_file, "address": request.get_full_path()}
    template = "customers/_correct.html" if request.htmx else "customers/correct.html"
    return render(request, template, context, status=422 if request.htmx else 409)  # htmx swaps no 409

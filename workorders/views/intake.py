"""Intake: one form per kind, the promise beside it before it is saved, nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.forms import refusals_into
from workorders.choices import Kind
from workorders.forms.intake import IntakeForm
from workorders.selectors.orders import get_order_for
from workorders.services.amending import add_contact
from workorders.services.counter import take_down
from workorders.services.drafts import draft_at, drop_draft, keep_draft
from workorders.views.counter import OF_THE_PERSON, Counter, counter_of


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Fault reports come most; the tabs lead to the others."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("workorders:intake_kind", args=[Kind.FAULT]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind. Without script the first post shows the promise, the second saves (design §11)."""
    counter = counter_of(request, kind)
    if request.method != "POST":
        return _fresh(counter)
    if "switch" in request.POST or "without_customer" in request.POST:
        return _carried(counter)
    if "add_to" in request.POST:
        return _add_to(counter, request.POST["add_to"])
    form = counter.form(request.POST)
    if form.is_valid():
        if not request.POST.get("promised"):
            return _page(counter, form, review=True)
        with refusals_into(form):
            return _save(counter, form)
    return _page(counter, form, status=422)


def _page(counter: Counter, form: IntakeForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"counter": counter, "form": form, "box": counter.box, "menu_at": "workorders:intake"}
    context |= {"pick_url": counter.url, "search_text": counter.text} | more
    response = render(counter.request, "workorders/intake.html", context, status=status)
    if counter.request.method != "POST":  # an old form must not come back and save again; an answer to one may
        add_never_cache_headers(response)
    return response


def _fresh(counter: Counter) -> HttpResponse:
    """An empty form, or what this person left unsaved here; of another customer's call only on request."""
    request, draft = counter.request, draft_at(counter.request.user, counter.place)
    wish = request.GET.get("draft", "")
    if draft is None:
        return _page(counter, counter.form())
    if wish == "drop":
        drop_draft(member=request.user, place=counter.place)
        return _page(counter, counter.form())
    whose, here = draft.fields.get("customer", ""), request.GET.get("customer", "")
    if whose in ("", here):
        return _page(counter, counter.carried_form(draft.fields), draft=draft, restored=True)
    if wish == "take":
        form = counter.carried_form(draft.fields, without_person=True)
        return _page(counter, form, draft=draft, restored=True)
    return _page(counter, counter.form(), draft=draft, left_for=whose)


def _carried(counter: Counter) -> HttpResponse:
    """Another kind, or the same without the customer: what has been typed comes along."""
    request = counter.request
    switched_from = request.POST.get("switch", "")
    if switched_from:
        drop_draft(member=request.user, place=f"intake/{switched_from}")
    fields = {name: value for name, value in request.POST.items() if name not in ("customer", "supply_point")}
    return _page(counter, counter.carried_form(fields))


def _save(counter: Counter, form: IntakeForm) -> HttpResponse:
    """Take it down, then on to the receipt or the order."""
    order = take_down(
        intake=form.intake(),
        told=form.cleaned_data.get("answer_now", ""),
        draft_at=counter.place,
        actor=counter.request.user,
        now=counter.request.now,
        request_id=counter.request_id,
    )
    if "print" in counter.request.POST:
        return redirect(reverse("workorders:receipt", args=[order.code]) + "?print=1")
    return redirect("workorders:detail", code=order.code)


def _add_to(counter: Counter, code: str) -> HttpResponse:
    """It is about an order that is open already: what the customer said goes there, and its handler is told."""
    request = counter.request
    order = get_order_for(request.user, code)
    form = counter.form(request.POST)
    form.require_only("description")
    if form.is_valid():
        with refusals_into(form):
            who = {"actor": request.user, "now": request.now, "request_id": counter.request_id}
            add_contact(code=order.code, note=form.cleaned_data["description"], **who)
            drop_draft(member=request.user, place=counter.place)
            messages.success(request, _("Added to %(code)s; whoever has it in hand is told.") % {"code": order.code})
            return redirect("workorders:detail", code=order.code)
    return _page(counter, form, status=422)


@never_cache
@require_POST
def promise(request: HttpRequest, kind: str) -> HttpResponse:
    """The box, what is known, what the service asks and the place's address, for what has been typed so far (htmx)."""
    counter = counter_of(request, kind)
    form = counter.carried_form({k: v for k, v in request.POST.items() if k not in OF_THE_PERSON})
    context = {
        "counter": counter,
        "form": form,
        "box": counter.box,
        "asks_anew": request.POST.get("asked_for", "") != counter.service,
        "moved": counter.supply_point is not None and _is_of_another_place(counter),
    }
    return render(request, "workorders/intake/_answer.html", context)


def _is_of_another_place(counter: Counter) -> bool:
    """The address in the form is that of a supply point that is not the chosen one."""
    typed = counter.request.POST.get("address", "").strip()
    others = {point.address for point in counter.supply_points if point != counter.supply_point}
    return typed in others and typed != counter.supply_point.address


@require_POST
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep what has been typed (htmx)."""
    counter = counter_of(request, kind)
    kept = keep_draft(member=request.user, place=counter.place, fields=request.POST.dict(), now=request.now)
    response = render(request, "workorders/intake/_draft.html", {"saved_at": request.now if kept else None})
    if kept:
        response.headers["HX-Trigger"] = "dh:kept"
    return response

"""Plans of orderly use: the list, one version, writing it, who is never asked, the acts that bring it into force."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.exports import Column
from common.forms import form_page, posted, refusals_into
from common.lists import ListSpec, list_page
from customers.selectors import get_customer_for
from outages.forms.orderly import BatchForm, ExemptForm, PlanForm, WritingForm
from outages.models import OrderlyPlan
from outages.orderly_acts import PLAN_SPECS
from outages.orderly_choices import Verb
from outages.orderly_policies import can, can_read, can_write
from outages.selectors.orderly.exempt import exempt_list, ground_words
from outages.selectors.orderly.plans import (
    get_batch,
    get_plan_for,
    newest,
    with_sums,
)
from outages.selectors.orderly.runs import not_closed
from outages.services.orderly.planning import draft, edit, lift_exemption, remove_batch, write_batch
from outages.services.orderly.planning import exempt as put_on_list
from outages.views.orderly_page import PlanPage
from staff.policies import can_export_work

AT = {"menu_at": "outages:list"}
PLANS = ListSpec(
    name="outages.orderly_plans",
    template="outages/orderly/list.html",
    rows="outages/orderly/_rows.html",
    order=("-id",),
)
EXEMPT = ListSpec(
    name="outages.orderly_exempt",
    template="outages/orderly/exempt.html",
    rows="outages/orderly/_exempt_rows.html",
    order=("account_no",),
    columns=(
        Column(gettext_lazy("Account number"), "account_no"),
        Column(gettext_lazy("Name"), "name"),
        Column(gettext_lazy("Ground"), ground_words),
        Column(gettext_lazy("Put down by hand"), lambda customer: bool(customer.by_hand)),
        Column(gettext_lazy("Why"), "by_hand_why"),
    ),
    may_export=can_export_work,
)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan, and what is asked of users now and next."""
    require(can_read(request.user))
    rows = with_sums(newest(request.user)).select_related("unit")
    runs = not_closed(request.user) if not request.htmx else []
    return list_page(request, rows, PLANS, AT | {"runs": runs, "may_write": bool(can_write(request.user))})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    require(can_write(request.user))
    form = PlanForm(posted(request), actor=request.user)
    if form.is_valid():
        with refusals_into(form):
            made = draft(facts=form.facts(), actor=request.user, now=request.now, request_id=form.request())
            return redirect("outages:orderly_plan", made.code, made.number)
    return form_page(request, "outages/orderly/plan_form.html", form, AT)


@require_safe
def plan(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version: what it brings, by whom, how it came into force, what was done with it."""
    found = get_plan_for(request.user, code, number)
    return render(request, "outages/orderly/plan.html", AT | {"plan": found, "page": PlanPage(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Other figures for a draft."""
    found = get_plan_for(request.user, code, number)
    require(can(Verb.EDIT, request.user, found))
    form = PlanForm(posted(request), actor=request.user, plan=found)
    if form.is_valid():
        with refusals_into(form):
            edit(**_call(request, found, form), facts=form.facts())
            return redirect("outages:orderly_plan", code, number)
    return form_page(request, "outages/orderly/plan_form.html", form, AT | {"plan": found})


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, code: str, number: int, batch: int | None = None) -> HttpResponse:
    """A batch and its users."""
    found = get_plan_for(request.user, code, number)
    require(can(Verb.BATCH, request.user, found))
    one = get_batch(found, batch) if batch is not None else None
    form = BatchForm(posted(request), actor=request.user, plan=found, batch=one)
    if form.is_valid():
        with refusals_into(form):
            write_batch(**_call(request, found, form), writing=form.writing(), batch=batch)
            return redirect("outages:orderly_plan", code, number)
    return form_page(request, "outages/orderly/batch.html", form, AT | {"plan": found, "batch": one})


@require_http_methods(["GET", "HEAD", "POST"])
def batch_remove(request: HttpRequest, code: str, number: int, batch: int) -> HttpResponse:
    """Take a batch out of a draft."""
    found = get_plan_for(request.user, code, number)
    require(can(Verb.BATCH_REMOVE, request.user, found))
    form, one = WritingForm(posted(request), actor=request.user, plan=found), get_batch(found, batch)
    if form.is_valid():
        with refusals_into(form):
            remove_batch(**_call(request, found, form), batch=batch)
            return redirect("outages:orderly_plan", code, number)
    words = {
        "title": _("Take “%(name)s” out of the plan?") % {"name": one.name},
        "follows": _("Its users are not asked by this plan any more."),
        "button": _("Take it out"),
    }
    return form_page(request, "outages/orderly/act.html", form, AT | words | {"plan": found})


@require_http_methods(["GET", "HEAD", "POST"])
def exempt(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Who is never asked, by name; a form sent here is the export."""
    found = get_plan_for(request.user, code, number)
    may_write = found.is_draft and bool(can(Verb.EXEMPT, request.user, found))
    return list_page(request, exempt_list(request.user, found), EXEMPT, AT | {"plan": found, "may_write": may_write})


@require_http_methods(["GET", "HEAD", "POST"])
def exempt_new(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Put somebody on the list by hand."""
    found = get_plan_for(request.user, code, number)
    require(can(Verb.EXEMPT, request.user, found))
    form = ExemptForm(posted(request), actor=request.user, plan=found)
    if form.is_valid():
        with refusals_into(form):
            own = {name: form.cleaned_data[name] for name in ("ground", "reason")}
            put_on_list(**_call(request, found, form), customer=form.customer, **own)
            return redirect("outages:orderly_exempt", code, number)
    return form_page(request, "outages/orderly/exempt_form.html", form, AT | {"plan": found})


@require_http_methods(["GET", "HEAD", "POST"])
def exempt_lift(request: HttpRequest, code: str, number: int, account: str) -> HttpResponse:
    """Take somebody off the list again who was put on it by hand."""
    found = get_plan_for(request.user, code, number)
    require(can(Verb.UNEXEMPT, request.user, found))
    customer = get_customer_for(request.user, account)
    form = WritingForm(posted(request), actor=request.user, plan=found)
    if form.is_valid():
        with refusals_into(form):
            lift_exemption(**_call(request, found, form), customer=customer)
            return redirect("outages:orderly_exempt", code, number)
    words = {
        "title": _("May %(name)s be asked again?") % {"name": customer.name},
        "follows": _("They leave the list of this version and can be put into a batch."),
        "button": _("Lift it"),
    }
    return form_page(request, "outages/orderly/act.html", form, AT | words | {"plan": found})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, number: int, slug: str) -> HttpResponse:
    """One act on a version: its form, and doing it. Activating leads to the run it made."""
    found, spec = get_plan_for(request.user, code, number), PLAN_SPECS.get(slug)
    if spec is None:
        raise Http404(slug)
    require(can(spec.verb, request.user, found))
    form = spec.form(posted(request), subject=found)
    if form.is_valid():
        with refusals_into(form):
            event = spec.service(code=code, number=number, actor=request.user, now=request.now, **form.arguments())
            messages.success(request, f"{found.name}: {spec.button}")
            if event.run_id:
                return redirect("outages:orderly_run", event.run.code)
            return redirect("outages:orderly_plan", code, event.data.get("number", number))
    words = {"title": spec.title, "follows": spec.follows, "button": spec.button}
    page = PlanPage(request, found)
    return form_page(request, "outages/orderly/act.html", form, AT | words | {"plan": found, "page": page})


def _call(request: HttpRequest, plan: OrderlyPlan, form: WritingForm) -> dict[str, Any]:
    """What every service that writes a version is called with."""
    return {
        "code": plan.code,
        "number": plan.number,
        "actor": request.user,
        "now": request.now,
        "request_id": form.request(),
        "revision": form.cleaned_data.get("revision"),
    }

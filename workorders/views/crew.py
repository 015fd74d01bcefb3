"""The crew's phone: what is next, one press when there, one form when done."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.access import ALLOW, deny, require
from common.errors import Refusal
from customers.choices import Purpose, Secret
from customers.services.privacy import reveal
from workorders.choices import LateReason
from workorders.forms.crew import BEFORE_LEAVING, FinishForm, LateEntryForm
from workorders.models import WorkOrder
from workorders.policies import can_see_person
from workorders.presentation import promise_of
from workorders.selectors.crew import crew_day, is_crew_member, is_workable, promises_for_crew, same_building
from workorders.selectors.history import last_slip
from workorders.selectors.orders import get_order_for
from workorders.selectors.progress import mark_progress
from workorders.services.amending import take_back
from workorders.services.dispatching import accept
from workorders.services.field import arrive, contact_customer, finish, set_off

PRESSES: dict[str, Callable[..., WorkOrder]] = {"accept": accept, "set-off": set_off, "arrive": arrive}


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Today's jobs, danger first, then by time left."""
    crew = is_crew_member(request.user)
    require(ALLOW if crew else deny(gettext_lazy("This page is for crews. Your own work is under “My work”.")))
    day = crew_day(request.user, now=request.now)
    context = {"day": day, "same": same_building(day.jobs), "keys": {job.pk: uuid4() for job in day.jobs}}
    return render(request, "workorders/crew/jobs.html", context)


@require_GET
def job(request: HttpRequest, code: str) -> HttpResponse:
    """One job: where, what was promised, photos, what to see to before leaving."""
    order = get_order_for(request.user, code)
    mark_progress([order])
    now = request.now
    may_see = bool(can_see_person(request.user, order))
    context = {
        "order": order,
        "doors": _doors(request, order) if may_see else (),
        "promises": [promise_of(clock, now=now) for clock in promises_for_crew(order)],
        "request_id": uuid4(),
        "slip": last_slip(order, request.user, now=now),
        "before_leaving": BEFORE_LEAVING,
        "late_reasons": LateReason.choices,
        "may_see_person": may_see,
    }
    return render(request, "workorders/crew/job.html", context)


def _doors(request: HttpRequest, order: WorkOrder) -> tuple[str, ...]:
    """The door a crew has to go to; every look is on record."""
    if order.customer is None or order.supply_point is None or not order.supply_point.door or not is_workable(order):
        return ()
    shown = reveal(
        customer=order.customer, fields=[Secret.DOOR], purpose=Purpose.ON_SITE, actor=request.user, now=request.now
    )
    return tuple(door for address, door in shown.doors if address == order.supply_point.address)


@require_POST
def press(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Accept, set off, arrive: one press, no form."""
    order = get_order_for(request.user, code)
    if what not in PRESSES:
        raise Http404(what)
    try:
        PRESSES[what](code=order.code, actor=request.user, now=request.now, request_id=_uuid(request))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("workorders:crew_job", code=order.code)


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the last press back."""
    order = get_order_for(request.user, code)
    slip = last_slip(order, request.user, now=request.now)
    try:
        if slip is None:
            raise Refusal(_("This can no longer be taken back. The dispatch desk can correct the time."))
        take_back(code=order.code, actor=request.user, now=request.now, request_id=_uuid(request), event=slip)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("workorders:crew_job", code=order.code)


@require_http_methods(["GET", "POST"])
def earlier(request: HttpRequest, code: str) -> HttpResponse:
    """A late entry: the crew was there before somebody pressed."""
    order = get_order_for(request.user, code)
    form = LateEntryForm(request.POST or None)
    if form.is_valid() and _try(form, lambda: arrive(**_who(request, order), at=form.cleaned_data["at"])):
        return redirect("workorders:crew_job", code=order.code)
    return _form_page(request, "workorders/crew/earlier.html", order, form)


@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Repaired, power is back."""
    order = get_order_for(request.user, code)
    form = FinishForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        cause = dict(FinishForm.base_fields["cause"].choices)[data["cause"]]
        own = {"result": data["result"], "cause": str(cause), "checked": data["leaving"], "at": data["at"]}
        if _try(form, lambda: finish(**_who(request, order), **own)):
            messages.success(request, _("%(what)s: done.") % {"what": order.headline})
            return redirect("workorders:crew")
    return _form_page(request, "workorders/crew/done.html", order, form)


@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Show the number to call; the look is on record, and the customer counts as contacted when the crew says so."""
    order = get_order_for(request.user, code)
    require(can_see_person(request.user, order))
    if order.customer:
        reveal(
            customer=order.customer, fields=[Secret.PHONE], purpose=Purpose.ON_SITE, actor=request.user,
            now=request.now,
        )  # fmt: skip
    return render(request, "workorders/crew/call.html", {"order": order, "request_id": uuid4()})


@require_POST
def spoke(request: HttpRequest, code: str) -> HttpResponse:
    """The customer was reached on the phone."""
    order = get_order_for(request.user, code)
    note = request.POST.get("note", "").strip() or _("Spoke on the phone")
    try:
        contact_customer(**_who(request, order), note=note)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("workorders:crew_job", code=order.code)


def _who(request: HttpRequest, order: WorkOrder) -> dict:
    return {"code": order.code, "actor": request.user, "now": request.now, "request_id": _uuid(request)}


def _try(form, do: Callable[[], WorkOrder]) -> bool:
    """Do it; a refusal goes to its field."""
    try:
        do()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return False
    return True


def _form_page(request: HttpRequest, template: str, order: WorkOrder, form) -> HttpResponse:
    context = {"order": order, "form": form, "request_id": request.POST.get("request_id") or uuid4()}
    return render(request, template, context, status=422 if form.errors else 200)


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()

"""The crew's phone: what is next, one press when there, one form when done."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, posted, refusals_into
from customers.choices import Purpose
from workorders.choices import Phase, Verb
from workorders.forms.acts import spec_of
from workorders.forms.crew import FinishForm, LateEntryForm, PhotoForm
from workorders.kinds import goes_out
from workorders.models import WorkOrder
from workorders.policies import can_use_phone
from workorders.selectors.crew import crew_day, same_building
from workorders.selectors.history import last_slip, was_done
from workorders.selectors.orders import get_order_for
from workorders.selectors.progress import mark_progress
from workorders.services.amending import take_back
from workorders.services.attachments import attach
from workorders.services.dispatching import accept
from workorders.services.field import arrive, contact_customer, finish, set_off
from workorders.services.looking import look
from workorders.views.acts import ActPage, answer_act
from workorders.views.crew_page import CrewJob, crew_step

PRESSES: dict[str, Callable[..., WorkOrder]] = {"accept": accept, "set-off": set_off, "arrive": arrive}
ACTS = frozenset({"tell-late", "return"})  # forms of the desk that a crew needs on its phone too


class CrewActPage(ActPage):
    """A form of the desk in the crew's face; it leads back to the job."""

    template = "workorders/crew/act.html"

    @property
    def url(self) -> str:
        return reverse("workorders:crew_act", args=[self.order.code, self.slug])

    @property
    def back(self) -> str:
        return reverse("workorders:crew_job", args=[self.order.code])

    def done(self) -> HttpResponse:
        """Sent back, it is no job of this crew any more."""
        return redirect("workorders:crew") if self.spec.verb == Verb.RETURN else super().done()


def _order(request: HttpRequest, code: str) -> WorkOrder:
    """The order, for a crew that may see it. Raises: Http404; `Denied` for whoever is in no crew."""
    order = get_order_for(request.user, code)
    require(can_use_phone(request.user))
    return order


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Today's jobs, danger first, then by time left."""
    require(can_use_phone(request.user))
    day = crew_day(request.user, now=request.now)
    first = day.jobs[0] if day.jobs else None
    context = {
        "day": day,
        "same": same_building(day.jobs),
        "step": crew_step(request.user, first) if first else None,
        "request_id": uuid4(),
    }
    return render(request, "workorders/crew/jobs.html", context)


@never_cache
@require_safe
def job(request: HttpRequest, code: str) -> HttpResponse:
    """One job: where, what was promised, photos, what to see to before leaving."""
    (order,) = mark_progress([_order(request, code)])
    page = CrewJob(order=order, actor=request.user, now=request.now)
    return render(request, "workorders/crew/job.html", {"page": page, "order": order, "request_id": uuid4()})


@require_POST
def press(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Accept, set off, arrive: one press, no form."""
    order = _order(request, code)
    if what not in PRESSES:
        raise Http404(what)
    return _pressed(request, order, lambda: PRESSES[what](**_who(request, order)))


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the last press back."""
    order = _order(request, code)
    slip = last_slip(order, request.user, now=request.now)

    def back() -> WorkOrder:
        if slip is None:
            raise Refusal(_("This can no longer be taken back. The dispatch desk can correct the time."))
        return take_back(**_who(request, order), event=slip)

    return _pressed(request, order, back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest, code: str) -> HttpResponse:
    """A late entry: the crew was there before somebody pressed."""
    order = _order(request, code)
    form = LateEntryForm(posted(request), now=request.now)
    if form.is_valid():
        with refusals_into(form):
            arrive(**_who(request, order), at=form.cleaned_data["at"])
            return redirect("workorders:crew_job", code=order.code)
    return _form(request, "workorders/crew/earlier.html", order, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Repaired, power is back: since the press that led here."""
    order = _order(request, code)
    leaving = request.GET.getlist("leaving")
    form = FinishForm(
        posted(request), outside=goes_out(order.kind, order.service_type), now=request.now, leaving=leaving
    )
    if form.is_valid():
        data = form.cleaned_data
        own = {"result": data["result"], "cause": data.get("cause", ""), "checked": data.get("leaving", ())}
        with refusals_into(form):
            finish(**_who(request, order), **own, at=data["at"])
            messages.success(request, _("%(what)s: done.") % {"what": order.headline})
            return redirect("workorders:crew")
    return _form(request, "workorders/crew/done.html", order, form)


@require_POST
def photo(request: HttpRequest, code: str, phase: str) -> HttpResponse:
    """One photo before, during or after."""
    order = _order(request, code)
    if phase not in Phase.values:
        raise Http404(phase)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["photo"]))
        return job_again(request, order, status=422)
    try:
        attach(**_who(request, order), uploads=[form.cleaned_data["photo"]], phase=phase, photos_only=True)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return job_again(request, order, status=422)
    return redirect("workorders:crew_job", code=order.code)


def job_again(request: HttpRequest, order: WorkOrder, *, status: int) -> HttpResponse:
    """The job as it stands, with what could not be taken."""
    mark_progress([order])
    page = CrewJob(order=order, actor=request.user, now=request.now)
    context = {"page": page, "order": order, "request_id": uuid4()}
    return render(request, "workorders/crew/job.html", context, status=status)


@never_cache
@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Show the numbers to call; the look is on record, and the customer counts as contacted when the crew says so."""
    order = _order(request, code)
    shown = look(order=order, purpose=Purpose.ON_SITE, actor=request.user, now=request.now)
    context = {"order": order, "shown": shown, "request_id": uuid4()}
    return render(request, "workorders/crew/call.html", context)


@require_POST
def spoke(request: HttpRequest, code: str) -> HttpResponse:
    """The customer was reached on the phone."""
    order = _order(request, code)
    note = request.POST.get("note", "").strip()[:200] or _("Spoke on the phone")
    return _pressed(request, order, lambda: contact_customer(**_who(request, order), note=note))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Telling the customer it will be late, sending it back: the desk's forms on the phone."""
    spec = spec_of(act) if act in ACTS else None
    if spec is None:
        raise Http404(act)
    return answer_act(CrewActPage(request, _order(request, code), spec))


def _who(request: HttpRequest, order: WorkOrder) -> dict:
    return {"code": order.code, "actor": request.user, "now": request.now, "request_id": _uuid(request)}


def _pressed(request: HttpRequest, order: WorkOrder, do: Callable[[], WorkOrder]) -> HttpResponse:
    """Do it and show the job, which says what was refused. Pressed twice, it is done once and complains of nothing."""
    if not was_done(order, _uuid(request)):
        try:
            do()
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
    return redirect("workorders:crew_job", code=order.code)


def _form(request: HttpRequest, template: str, order: WorkOrder, form) -> HttpResponse:
    context = {"order": order, "request_id": request.POST.get("request_id") or uuid4()}
    return form_page(request, template, form, context)


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()

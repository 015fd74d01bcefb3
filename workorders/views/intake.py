"""Intake: one form per kind, the promise beside it before it is saved."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import contributions
from common.access import require
from common.errors import Refusal
from customers.models import Customer, SupplyPoint
from customers.selectors import get_customer_for
from staff.choices import AreaClass, Role
from workorders.choices import Channel, Kind, ServiceType, Situation, State
from workorders.forms.intake import FORMS, SERVICE_ASKS, IntakeForm
from workorders.models import WorkOrder
from workorders.policies import can_receive
from workorders.presentation import promise_of
from workorders.promise_box import PromiseBox, box_for
from workorders.rules import Case
from workorders.selectors.similar import similar_orders
from workorders.services.closing import answer
from workorders.services.drafts import draft_at, drop_draft, keep_draft
from workorders.services.intake import preview, receive


@dataclass
class Counter:
    """The intake page of one request: which kind, which customer, which place."""

    request: HttpRequest
    kind: Kind

    @property
    def place(self) -> str:
        """Where this page's draft is kept."""
        return f"intake/{self.kind}"

    @cached_property
    def given(self):
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def customer(self) -> Customer | None:
        account_no = self.given.get("customer", "")
        return get_customer_for(self.request.user, account_no) if account_no else None

    @cached_property
    def supply_points(self) -> list[SupplyPoint]:
        if self.customer is None:
            return []
        return sorted(self.customer.supply_points.all(), key=lambda point: (not point.is_main, point.pk))

    @cached_property
    def supply_point(self) -> SupplyPoint | None:
        """The chosen one, else the main one."""
        wanted = self.given.get("supply_point", "")
        chosen = (p for p in self.supply_points if str(p.pk) == wanted)
        return next(chosen, next(iter(self.supply_points), None))

    def form(self, data=None, **initial) -> IntakeForm:
        return FORMS[self.kind](
            data, customer=self.customer, supply_point=self.supply_point, initial=self.defaults() | initial
        )

    def defaults(self) -> dict[str, str]:
        """What the form begins with: the file's values, masked, and the channel this role usually hears."""
        roles = self.request.user.roles
        start = {"channel": Channel.HOTLINE if Role.AGENT in roles else Channel.COUNTER, "area_class": AreaClass.URBAN}
        if self.customer:
            probe = FORMS[self.kind](customer=self.customer, supply_point=self.supply_point)
            start |= {"contact_name": self.customer.name, "contact_phone": probe.masked_phone}
        if self.supply_point:
            start["address"] = self.supply_point.address
        return start

    def case(self) -> Case | None:
        """What the rules look at so far; None while what decides has not been picked."""
        service, situation = self.given.get("service_type", ""), self.given.get("situation", "")
        if self.kind == Kind.SERVICE and service not in ServiceType.values:
            return None
        if self.kind == Kind.FAULT and situation not in Situation.values:
            return None
        point = self.supply_point
        area = point.transformer.area.area_class if point else self.given.get("area_class") or AreaClass.URBAN
        channel = self.given.get("channel") or self.defaults()["channel"]
        return Case(
            kind=self.kind,
            service_type=service if self.kind == Kind.SERVICE else "",
            area_class=area,
            customer_class=self.customer.klass if self.customer else "",
            channel=channel,
        )

    def box(self) -> PromiseBox:
        case, now = self.case(), self.request.now
        promised = preview(case=case, now=now) if case else []
        return box_for(promised, case=case, situation=self.given.get("situation", ""), now=now)

    def context(self, form: IntakeForm, **more) -> dict:
        return {
            "counter": self,
            "form": form,
            "kinds": [(k.value, k.label) for k in Kind],
            "service_asks": list(SERVICE_ASKS),
            "box": self.box(),
            "known": self.known(),
            "menu_at": "workorders:intake",
            "request_id": self.given.get("request_id") or uuid4(),
        } | more

    def known(self) -> dict:
        """What is known already and may be the same: similar orders, and notes of the rooms above."""
        now = self.request.now
        found = similar_orders(
            actor=self.request.user, kind=self.kind, customer=self.customer, supply_point=self.supply_point, now=now
        )
        notes = [check(self.customer, self.supply_point, self.kind, now) for check in contributions.preopen_checks]
        return {
            "similar": [(order, promise_of(order.next_clock, now=now, href=_page(order))) for order in found],
            "notes": [note for note in notes if note],
        }


def _page(order: WorkOrder) -> str:
    return reverse("workorders:detail", args=[order.code])


def _counter(request: HttpRequest, kind: str) -> Counter:
    require(can_receive(request.user))
    if kind not in FORMS:
        raise Http404(kind)
    return Counter(request, Kind(kind))


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Fault reports come most; the tabs lead to the others."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("workorders:intake_kind", args=[Kind.FAULT]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind. Without script the first post shows the promise, the second saves (design §11)."""
    counter = _counter(request, kind)
    if request.method == "GET":
        return _fresh(counter)
    form = counter.form(request.POST)
    if not form.is_valid():
        return render(request, "workorders/intake.html", counter.context(form), status=422)
    if not request.POST.get("promised"):
        return render(request, "workorders/intake.html", counter.context(form, review=True))
    try:
        order = _save(counter, form)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return render(request, "workorders/intake.html", counter.context(form), status=422)
    drop_draft(member=request.user, place=counter.place)
    if "print" in request.POST:
        return redirect(reverse("workorders:receipt", args=[order.code]) + "?print=1")
    return redirect(_page(order))


def _fresh(counter: Counter) -> HttpResponse:
    """An empty form, or what this person left unsaved here (unless another customer was chosen meanwhile)."""
    request, draft = counter.request, draft_at(counter.request.user, counter.place)
    if draft and request.GET.get("draft") == "drop":
        drop_draft(member=request.user, place=counter.place)
        draft = None
    mine = draft and draft.fields.get("customer", "") == request.GET.get("customer", "")
    form = counter.form(**draft.fields) if mine else counter.form()
    context = counter.context(form, draft=draft, restored=mine)
    return render(request, "workorders/intake.html", context)


def _save(counter: Counter, form: IntakeForm) -> WorkOrder:
    """Receive, and answer at once when the clerk wrote what the customer was told."""
    request, taken = counter.request, form.intake()
    request_id = _uuid(request.POST.get("request_id", ""))
    order = receive(intake=taken, actor=request.user, now=request.now, request_id=request_id)
    told = form.cleaned_data.get("answer_now", "").strip()
    if told and order.state == State.RECEIVED:
        said = {"text": told, "channel": taken.channel}  # a question is answered where it was asked
        order = answer(code=order.code, actor=request.user, now=request.now, request_id=None, **said)
    return order


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@require_GET
def promise(request: HttpRequest, kind: str) -> HttpResponse:
    """The box and what is known, for what has been typed so far (htmx)."""
    counter = _counter(request, kind)
    return render(
        request, "workorders/intake/_promise.html", {"box": counter.box(), "known": counter.known(), "oob": True}
    )


@require_POST
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep what has been typed (htmx)."""
    counter = _counter(request, kind)
    kept = keep_draft(member=request.user, place=counter.place, fields=request.POST.dict(), now=request.now)
    return render(request, "workorders/intake/_draft.html", {"saved_at": request.now if kept else None})

"""The intake page of one request: which kind, which customer, which place, what is known, what is promised."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest
from django.urls import reverse

from common import contributions
from common.access import require
from common.worktime import BeyondCalendar
from customers.models import Customer, SupplyPoint
from customers.panel import CustomerPanel
from customers.policies import can_save
from customers.selectors import Hit, get_customer_for, search
from staff.choices import AreaClass, Role
from workorders.choices import Channel, Kind, ServiceType, Situation
from workorders.forms.intake import FORMS, IntakeForm
from workorders.policies import can_receive
from workorders.presentation import promise_of
from workorders.promise_box import PromiseBox, beyond_box, box_for
from workorders.rules import Case
from workorders.selectors.similar import SimilarOrder, similar_orders
from workorders.services.intake import Intake, preview

FORM_ID = "dh-intake"
FOUND = 8
OF_THE_PERSON = ("customer", "supply_point", "contact_name", "contact_phone", "address")


@dataclass
class Counter:
    """What the intake page shows and asks; ``request.user`` may receive (`counter_of` has checked)."""

    request: HttpRequest
    kind: Kind
    carried: dict[str, str] = field(default_factory=dict)  # typed elsewhere or earlier, and shown in the form again

    # ── who and where ──

    @cached_property
    def given(self):
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def customer(self) -> Customer | None:
        account_no = "" if "without_customer" in self.given else self.given.get("customer", "")
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

    @cached_property
    def panel(self) -> CustomerPanel | None:
        """The customer beside the form; carries the account and the choice of the place into it."""
        if self.customer is None:
            return None
        return CustomerPanel(
            customer=self.customer,
            actor=self.request.user,
            now=self.request.now,
            form_id=FORM_ID,
            chosen=self.supply_point,
            back=self.url,
        )

    @property
    def text(self) -> str:
        """What was typed into the search box."""
        return self.request.GET.get("q", "").strip()

    @cached_property
    def hits(self) -> list[Hit]:
        """Who else that may have been."""
        return search(self.text, actor=self.request.user, limit=FOUND).hits if self.text else []

    @property
    def may_add_customer(self) -> bool:
        return bool(can_save(self.request.user))

    # ── the form ──

    @property
    def url(self) -> str:
        return reverse("workorders:intake_kind", args=[self.kind])

    @property
    def place(self) -> str:
        """Where this page's draft is kept."""
        return f"intake/{self.kind}"

    @property
    def kinds(self) -> list[tuple[Kind, str]]:
        """The tabs: every kind with the address of its form."""
        return [(kind, reverse("workorders:intake_kind", args=[kind])) for kind in FORMS]

    def form(self, data=None, **initial) -> IntakeForm:
        begin = self.defaults() | initial if data is None else {}
        form = FORMS[self.kind](data, customer=self.customer, supply_point=self.supply_point, initial=begin)
        form.ask_for(self.service)
        return form

    def carried_form(self, fields: dict[str, str], *, without_person: bool = False) -> IntakeForm:
        """The form with what was typed elsewhere; what was left empty or masked there gives way to the file."""
        kept = {name: value for name, value in fields.items() if value}
        if "*" in kept.get("contact_phone", ""):
            del kept["contact_phone"]
        if without_person:
            kept = {name: value for name, value in kept.items() if name not in OF_THE_PERSON}
        self.carried = kept
        return self.form(**kept)

    def _typed(self, name: str) -> str:
        """What stands in a field of the form now."""
        return self.given.get(name) or self.carried.get(name, "")

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

    @property
    def service(self) -> str:
        """The service asked for, in a service request."""
        return self._typed("service_type")

    @cached_property
    def request_id(self) -> UUID:
        """One for the order this form opens, however often it is sent."""
        try:
            return UUID(self.given.get("request_id", ""))
        except ValueError:
            return uuid4()

    # ── what is promised ──

    @cached_property
    def case(self) -> Case | None:
        """What the rules look at so far; None while what decides has not been picked."""
        if self.kind == Kind.SERVICE and self.service not in ServiceType.values:
            return None
        if self.kind == Kind.FAULT and self.situation not in Situation.values:
            return None
        point = self.supply_point
        area = point.transformer.area.area_class if point else self._typed("area_class") or AreaClass.URBAN
        return Case(
            kind=self.kind,
            service_type=self.service if self.kind == Kind.SERVICE else "",
            area_class=area,
            customer_class=self.customer.klass if self.customer else "",
            channel=self._typed("channel") or self.defaults()["channel"],
        )

    @property
    def situation(self) -> str:
        return self._typed("situation")

    @property
    def is_safety(self) -> bool:
        """Duty is told at once: the service decides by the same words."""
        taken = Intake(
            kind=self.kind,
            channel=Channel.COUNTER,
            description="",
            situation=self.situation,
            customer=self.customer,
        )
        return taken.is_safety

    @cached_property
    def box(self) -> PromiseBox:
        now = self.request.now
        try:
            promised = preview(case=self.case, now=now) if self.case else []
        except BeyondCalendar:
            return beyond_box()
        return box_for(promised, kind=self.kind, case=self.case, is_safety=self.is_safety, now=now)

    # ── what is known already ──

    @cached_property
    def not_same(self) -> list[str]:
        """Orders this person has looked at and found to be about something else."""
        return self.given.getlist("not_same")

    @cached_property
    def similar(self) -> list[SimilarOrder]:
        """Open orders that may be about the same, with their promise."""
        now = self.request.now
        found = similar_orders(
            actor=self.request.user, kind=self.kind, customer=self.customer, supply_point=self.supply_point, now=now
        )
        for one in found:
            page = reverse("workorders:detail", args=[one.order.code])
            one.promise = promise_of(one.order.next_clock, now=now, href=page)
        return [one for one in found if one.order.code not in self.not_same]

    @cached_property
    def notes(self) -> list:
        """What the rooms above know of this place."""
        now = self.request.now
        found = [check(self.customer, self.supply_point, self.kind, now) for check in contributions.preopen_checks]
        return [note for note in found if note]


def counter_of(request: HttpRequest, kind: str) -> Counter:
    """The counter of a kind. Raises: `Denied`; Http404 for a kind there is not."""
    require(can_receive(request.user))
    if kind not in FORMS:
        raise Http404(kind)
    return Counter(request, Kind(kind))

"""What the page of one order shows one person: promises, story, next step, why, whom it is for."""

from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from common.calendars import CompanyCalendar, company_calendar
from customers import masking
from customers.choices import FLAG_ICONS, Flag, Importance, Purpose, Secrecy
from staff.models import Member
from staff.selectors import scope_of
from workorders.choices import ON_THE_WALL, STATE_ICON, ClockState, State, Verb
from workorders.forms.acts import spec_of
from workorders.kinds import KINDS
from workorders.models import Attachment, Clock, WorkOrder
from workorders.nextstep import Step, is_open_to, next_step, other_steps, owes_a_word, state_words, waits_for
from workorders.policies import DESK, can_look, can_see_person
from workorders.presentation import lines, promise_of
from workorders.promise import Look, PromiseView
from workorders.selectors.attachments import FILES, files_of
from workorders.selectors.nearby import nearby_orders
from workorders.selectors.orders import clocks_of, get_order_for
from workorders.selectors.progress import PROGRESS, mark_progress
from workorders.selectors.timeline import Stretch, stretch_of
from workorders.services.looking import Shown
from workorders.timeline import Ahead, Entry, Mark, coming, entries_of
from workorders.why import Sum, why

AS_LINE = (Look.OVER, Look.WARN, Look.RUN, Look.PAUSED)


@dataclass
class OrderPage:
    """Everything the page of one order shows one person; parts are read when the template asks for them."""

    request: HttpRequest
    order: WorkOrder
    shown: Shown | None = None
    refused: str = ""

    @property
    def actor(self) -> Member:
        return self.request.user

    @cached_property
    def calendar(self) -> CompanyCalendar | None:
        """Asked for once, and only where some limit of these or of the orders nearby is not around the clock."""
        clocks = [*self.clocks, *(order.next_clock for order in self._nearby if order.next_clock)]
        return company_calendar() if any(c.base not in ON_THE_WALL for c in clocks) else None

    @property
    def is_internal(self) -> bool:
        return KINDS[self.order.kind].internal

    @cached_property
    def shows_person(self) -> bool:
        return bool(can_see_person(self.actor, self.order))

    # ── promises ──

    @cached_property
    def clocks(self) -> list[Clock]:
        return clocks_of(self.order)

    @cached_property
    def views(self) -> list[PromiseView]:
        return lines(self.clocks, now=self.request.now, calendar=self.calendar, href=self._why_link)

    def _why_link(self, clock: Clock) -> str:
        return f"?clock={clock.pk}#dh-why" if clock.due_at else ""

    @property
    def wicks(self) -> list[PromiseView]:
        """Drawn as lines: what runs or stands still, and what the customer waits for next."""
        return [v for v in self.views if v.look in AS_LINE or (v.look is Look.WAIT and v.facts.is_promise)]

    @property
    def chips(self) -> list[PromiseView]:
        """The rest: kept and late, then inside limits that have not begun."""
        rest = {(v.word, v.detail or v.text): v for v in self.views if v not in self.wicks}  # what reads the same once
        return sorted(rest.values(), key=lambda v: v.look is Look.WAIT)

    @cached_property
    def why(self) -> Sum | None:
        wanted = self.request.GET.get("clock", "")
        leading = (self.order.next_clock_id, self.order.promise_clock_id)
        ranked = sorted(self.clocks, key=lambda c: (str(c.pk) != wanted, c.pk != leading[0], c.pk != leading[1]))
        clock = next((c for c in ranked if c.due_at and c.state != ClockState.VOID), None)
        return why(clock, calendar=self.calendar, now=self.request.now) if clock else None

    # ── the timeline ──

    @property
    def public_only(self) -> bool:
        return self.request.GET.get("show") == "customer"

    @property
    def printing(self) -> bool:
        return self.request.GET.get("print") == "1"

    @cached_property
    def stretch(self) -> Stretch:
        before = self.request.GET.get("before", "")
        return stretch_of(self.order, public=self.public_only, before=before, whole=self.printing)

    @cached_property
    def entries(self) -> list[Entry]:
        said = {"now": self.request.now, "show_person": self.shows_person, "clocks": self.clocks}
        return entries_of(self.stretch.events, self.stretch.messages, **said)

    @cached_property
    def ahead(self) -> list[Ahead]:
        """Alarms to come; only above the latest rows, and nothing customers are shown."""
        if self.public_only or self.request.GET.get("before"):
            return []
        return coming(self.order, self.clocks, now=self.request.now)

    @property
    def is_latest(self) -> bool:
        return not self.request.GET.get("before")

    @property
    def spans_days(self) -> bool:
        """Whether some row is of another day, so that every time needs its date."""
        today = localdate(self.request.now)
        return any(localdate(row.at) != today for row in [*self.ahead, *self.entries])

    @cached_property
    def attachments(self) -> list[Attachment]:
        return files_of(self.order) if self.shows_person else []

    # ── acts ──

    @cached_property
    def step(self) -> Step | None:
        return next_step(self.actor, self.order, now=self.request.now)

    @cached_property
    def others(self) -> list[Step]:
        return other_steps(self.actor, self.order, self.step)

    @property
    def owes_a_word(self) -> bool:
        return owes_a_word(self.order, self.request.now)

    @property
    def late_step(self) -> Step | None:
        """Telling the customer in time is a sentence under the buttons, not one of them."""
        return next((step for step in self.others if step.verb == Verb.TELL_LATE), None)

    @property
    def buttons(self) -> list[Step]:
        return [step for step in self.others if step.verb != Verb.TELL_LATE]

    @property
    def may_note(self) -> bool:
        return is_open_to(Verb.NOTE, self.actor, self.order)

    @cached_property
    def composer(self):
        return spec_of("note").form(order=self.order, actor=self.actor, now=self.request.now)

    @property
    def waits_for(self) -> str:
        return waits_for(self.order)

    @property
    def state_words(self) -> str:
        return state_words(self.order)

    @property
    def state_icon(self) -> str:
        """Returned, cancelled and merged are tags with an icon, not windows."""
        return STATE_ICON.get(State(self.order.state), "")

    @cached_property
    def request_id(self) -> str:
        """One for the forms of this page: pressing two of them is two requests of different acts, never one twice."""
        return str(uuid4())

    # ── whom it is for ──

    @property
    def tags(self) -> list[Mark]:
        """Class and area, then what to take care of."""
        order, customer = self.order, self.order.customer
        marks = [Mark(str(customer.get_klass_display()))] if customer else []
        marks.append(Mark(str(order.get_area_class_display())))
        if customer and customer.importance != Importance.NONE:
            marks.append(Mark(str(customer.get_importance_display()), "dark"))
        for flag in customer.flags if customer else ():
            marks.append(Mark(str(Flag(flag).label), "look", FLAG_ICONS[Flag(flag)]))
        return marks

    @property
    def phone(self) -> str:
        return masking.phone(self.order.contact_phone)

    @property
    def caller(self) -> str:
        """Who to ask for, when it is not the customer."""
        name = self.order.contact_name
        return "" if self.order.customer is None or name == self.order.customer.name else name

    @property
    def may_look(self) -> bool:
        has_something = self.order.customer_id or self.order.contact_phone
        return bool(has_something and self.shows_person and can_look(self.actor, self.order))

    @property
    def purposes(self) -> list[tuple[str, str]]:
        return Purpose.choices

    @property
    def secrecy(self) -> str:
        """The level printed across a confidential page."""
        customer = self.order.customer
        if customer is None:
            return ""
        level = customer.secrecy_on(localdate(self.request.now))
        return "" if level == Secrecy.NONE else str(Secrecy(level).label)

    @cached_property
    def _nearby(self) -> list[WorkOrder]:
        return nearby_orders(self.actor, self.order)

    @cached_property
    def nearby(self) -> list[tuple[WorkOrder, PromiseView]]:
        return [(o, promise_of(o.next_clock, now=self.request.now, calendar=self.calendar)) for o in self._nearby]

    # ── where it hangs in the house ──

    @cached_property
    def home(self) -> tuple[str, Promise]:
        return home_of(self.actor)

    @property
    def url(self) -> str:
        return reverse("workorders:detail", args=[self.order.code])


def home_of(actor: Member) -> tuple[str, Promise]:
    """The list this person works from: URL name and word."""
    if scope_of(actor).has(*DESK):
        return "workorders:dispatch", _("Dispatch")
    return "workorders:mine", _("My work")


def order_page(request: HttpRequest, code: str, **more) -> OrderPage:
    """The page of an order this person may see. Raises: Http404."""
    order = get_order_for(request.user, code, file_rows=FILES, progress_rows=PROGRESS)
    mark_progress([order])
    return OrderPage(request, order, **more)

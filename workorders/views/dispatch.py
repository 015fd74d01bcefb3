"""The dispatch board: who can take it, what waits, what is late; one press gives an order to a crew."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.access import ALLOW, deny, require
from common.contributions import map_layers
from common.errors import Refusal
from common.forms import ours
from staff.choices import Role
from staff.models import Unit
from staff.selectors import get_unit, scope_of
from workorders.choices import State
from workorders.models import WorkOrder
from workorders.presentation import lines
from workorders.promise import PromiseView
from workorders.selectors.board import CrewLoad, Suggestion, crew_loads, suggest, under_way
from workorders.selectors.orders import awaiting_dispatch, clocks_of, get_order_for, with_rows
from workorders.selectors.picking import UnitChoice, near_units
from workorders.selectors.progress import mark_progress
from workorders.services.dispatching import dispatch_order

SHOWN = 60
LINES = 3  # promises of the order looked at; its page has all of them
OTHERS = 5  # crews offered besides the suggested one


@dataclass
class Board:
    """What the board shows to one person: crews, orders to give, orders under way, the one looked at."""

    request: HttpRequest

    @cached_property
    def crews(self) -> list[CrewLoad]:
        return crew_loads(self.request.user, now=self.request.now)

    @property
    def on_duty(self) -> int:
        return sum(1 for crew in self.crews if crew.people)

    @property
    def people(self) -> int:
        return sum(len(crew.people) for crew in self.crews)

    @cached_property
    def crew(self) -> Unit | None:
        """The crew whose orders alone are shown under way."""
        code = self.request.GET.get("crew", "")
        return next((crew.unit for crew in self.crews if crew.unit.code == code), None)

    @cached_property
    def waiting(self) -> list[tuple[WorkOrder, Suggestion | None, UUID]]:
        """What is to be given, each with the crew to give it to and the request that one press stands for."""
        found = awaiting_dispatch(self.request.user).select_related("supply_point__transformer__area__station")
        rows = with_rows(found).order_by("next_due_at", "id")[:SHOWN]
        return [(order, suggest(order, self.crews), uuid4()) for order in mark_progress(rows)]

    @cached_property
    def running(self) -> list[WorkOrder]:
        rows = with_rows(under_way(self.request.user)).order_by("next_due_at", "id")
        if self.crew:
            rows = rows.filter(unit=self.crew)
        return mark_progress(rows[:SHOWN])

    @cached_property
    def chosen(self) -> WorkOrder | None:
        """The order looked at: the one named, else the first to give, else the most pressing."""
        named = self.request.GET.get("order", "")
        first = next((order.code for order in [*(row[0] for row in self.waiting), *self.running]), "")
        for code in filter(None, (named, first)):
            try:
                return mark_progress([get_order_for(self.request.user, code)])[0]
            except Http404:
                continue  # a link of yesterday: the board stands all the same
        return None

    @cached_property
    def lines(self) -> list[PromiseView]:
        """Its promises that run or wait, the tightest first."""
        if self.chosen is None:
            return []
        return lines(clocks_of(self.chosen), now=self.request.now)[:LINES]

    @cached_property
    def choices(self) -> list[UnitChoice]:
        """Other units it could be given to at once."""
        order = self.chosen
        if order is None or order.state not in (State.RECEIVED, State.RETURNED):
            return []
        return near_units(order, self.request.user, now=self.request.now, crews=self.crews)[:OTHERS]

    @property
    def maps(self) -> list[tuple[str, Any]]:
        """What the rooms above draw of these orders: template and what it shows."""
        drawn = ((one.template, one.context(self, self.request.user, self.request.now)) for one in map_layers)
        return [(template, layer) for template, layer in drawn if layer]

    @property
    def is_picking(self) -> bool:
        return "pick" in self.request.GET

    @cached_property
    def request_id(self) -> UUID:
        return uuid4()


def _require_desk(request: HttpRequest) -> None:
    allowed = scope_of(request.user).has(Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER)
    require(ALLOW if allowed else deny(gettext_lazy("The dispatch board belongs to dispatchers and supervisors.")))


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Crews, orders to give, orders under way, the one looked at."""
    _require_desk(request)
    return _board(request)


def _board(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    context = {"board": Board(request), "menu_at": "workorders:dispatch"}
    return render(request, "workorders/dispatch.html", context, status=status)


@require_POST
def give(request: HttpRequest, code: str) -> HttpResponse:
    """One press: this order to this crew."""
    order = get_order_for(request.user, code)
    _require_desk(request)
    try:
        unit = get_unit(request.POST.get("unit", ""))
    except Http404:
        messages.error(request, _("Choose a unit for “%(what)s”.") % {"what": order.headline})
        return _board(request, status=422)
    try:
        dispatch_order(code=order.code, actor=request.user, now=request.now, request_id=_uuid(request), unit=unit)
    except Refusal as refusal:
        messages.error(request, f"{order.headline}: {refusal.message}")
    else:
        messages.success(request, _("%(what)s given to %(unit)s") % {"what": order.headline, "unit": unit.label})
    return _back(request)


@require_POST
def give_many(request: HttpRequest) -> HttpResponse:
    """Each ticked order to the crew suggested for it; the outcome is summed up, row by row where it failed."""
    _require_desk(request)
    codes = request.POST.getlist("code")
    if not codes:
        messages.error(request, _("Tick at least one order."))
        return _board(request, status=422)
    crews, given, failed = crew_loads(request.user, now=request.now), 0, []
    for order in [get_order_for(request.user, code) for code in codes]:
        try:
            _give_suggested(request, order, crews)
            given += 1
        except Refusal as refusal:
            failed.append(f"{order.headline}: {refusal.message}")
    messages.success(request, ngettext("%(n)d order given", "%(n)d orders given", given) % {"n": given})
    for words in failed:
        messages.error(request, words)
    return _back(request)


def _give_suggested(request: HttpRequest, order: WorkOrder, crews: list[CrewLoad]) -> None:
    suggestion = suggest(order, crews)
    if suggestion is None:
        raise Refusal(_("nobody has to drive out for it; choose its unit yourself"))
    once = uuid5(_uuid(request), order.code)
    dispatch_order(
        code=order.code, actor=request.user, now=request.now, request_id=once, unit=suggestion.crew.unit
    )  # fmt: skip
    suggestion.crew.load += 1


def _back(request: HttpRequest) -> HttpResponse:
    """The board as it was filtered."""
    return redirect(ours(request, request.POST.get("next", "")) or "workorders:dispatch")


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()

"""The dispatch board: who can take it, what waits, what is late; one press gives an order to a crew."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from common.access import ALLOW, deny, require
from common.errors import Refusal
from staff.choices import Role
from staff.selectors import get_unit, scope_of
from workorders.presentation import lines
from workorders.selectors.board import IN_HAND, crew_loads, suggest
from workorders.selectors.orders import awaiting_dispatch, clocks_of, get_order_for, open_orders, with_rows
from workorders.selectors.progress import mark_progress
from workorders.services.dispatching import dispatch_order

SHOWN = 60


def _require_desk(request: HttpRequest) -> None:
    allowed = scope_of(request.user).has(Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER)
    require(ALLOW if allowed else deny(gettext_lazy("The dispatch board belongs to dispatchers and supervisors.")))


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Crews, orders to give, orders under way, the one looked at."""
    _require_desk(request)
    crews = crew_loads(request.user, now=request.now)
    waiting = list(with_rows(awaiting_dispatch(request.user)).order_by("next_due_at", "id")[:SHOWN])
    running = list(with_rows(open_orders(request.user).filter(state__in=IN_HAND)).order_by("next_due_at", "id")[:SHOWN])
    chosen = request.GET.get("order") or next((order.code for order in [*waiting, *running]), "")
    context = {
        "crews": crews,
        "on_duty": sum(1 for crew in crews if crew.people),
        "people": sum(len(crew.people) for crew in crews),
        "waiting": [(order, suggest(order, crews), uuid4()) for order in waiting],
        "running": running,
        "chosen": get_order_for(request.user, chosen) if chosen else None,
        "picking": "pick" in request.GET,
        "menu_at": "workorders:dispatch",
    }
    mark_progress([*waiting, *running, *filter(None, [context["chosen"]])])
    if context["chosen"]:
        context["lines"] = lines(clocks_of(context["chosen"]), now=request.now)[:1]
    return render(request, "workorders/dispatch.html", context)


@require_POST
def give(request: HttpRequest, code: str) -> HttpResponse:
    """One press: this order to this crew."""
    order = get_order_for(request.user, code)
    unit = get_unit(request.POST.get("unit", ""))
    try:
        dispatch_order(code=order.code, actor=request.user, now=request.now, request_id=_uuid(request), unit=unit)
    except Refusal as refusal:
        messages.error(request, f"{order.headline}: {refusal.message}")
    else:
        messages.success(request, _("%(what)s given to %(unit)s") % {"what": order.headline, "unit": unit.name})
    return redirect("workorders:dispatch")


@require_POST
def give_many(request: HttpRequest) -> HttpResponse:
    """Each ticked order to the crew suggested for it; the outcome is summed up, row by row where it failed."""
    _require_desk(request)
    crews, given, failed = crew_loads(request.user, now=request.now), 0, []
    for code in request.POST.getlist("code"):
        order = get_order_for(request.user, code)
        suggestion = suggest(order, crews)
        try:
            if suggestion is None:
                raise Refusal(_("no crew is free"))
            dispatch_order(
                code=code, actor=request.user, now=request.now, request_id=uuid5(_uuid(request), code),
                unit=suggestion.crew.unit,
            )  # fmt: skip
            suggestion.crew.load += 1
            given += 1
        except Refusal as refusal:
            failed.append(f"{order.headline}: {refusal.message}")
    messages.success(request, ngettext("%(n)d order given", "%(n)d orders given", given) % {"n": given})
    for words in failed:
        messages.error(request, words)
    return redirect("workorders:dispatch")


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()

"""My work, all orders, the call-back queue: one list, three questions."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.access import ALLOW, deny, require
from common.counting import counted_up_to
from common.exports import Column
from common.lists import MOST_COUNTED, ListSpec, list_page
from customers import masking
from staff.choices import Role
from staff.policies import can_export_work
from staff.selectors import scope_of
from workorders.choices import State
from workorders.filters import OrderFilter, WorkFilter
from workorders.models import WorkOrder
from workorders.selectors.orders import (
    awaiting_call_back,
    my_orders,
    unit_orders,
    visible_to,
    with_rows,
)
from workorders.selectors.progress import mark_progress

ORDER = ("next_due_at", "id")
A_SCREEN_AND_A_HALF = 30  # rows: people work from the top, and each row waits for all of them


def time_group(order: WorkOrder, now: datetime) -> str:
    """The heading an order stands under: by the time it has left."""
    due = order.next_due_at
    if due is None:
        return _("Later")
    if due < now:
        return _("Late")
    if due < now + timedelta(hours=1):
        return _("Within the hour")
    return _("Today") if localdate(due) == localdate(now) else _("Later")


COLUMNS = (
    Column(gettext_lazy("Code"), "code"),
    Column(gettext_lazy("Kind"), lambda o: o.get_kind_display()),
    Column(gettext_lazy("What"), lambda o: o.headline),
    Column(gettext_lazy("State"), lambda o: o.get_state_display()),
    Column(gettext_lazy("Unit"), lambda o: o.unit.name),
    Column(gettext_lazy("Received"), "received_at"),
    Column(gettext_lazy("Due"), "next_due_at"),
    Column(gettext_lazy("Ended"), "closed_at"),
    Column(gettext_lazy("Phone"), lambda o: masking.phone(o.contact_phone)),
)
ALL = ListSpec(
    name="workorders.orders",
    template="workorders/list.html",
    rows="workorders/_rows.html",
    order=ORDER,
    filterset=OrderFilter,
    columns=COLUMNS,
    may_export=can_export_work,
    group=time_group,
    prepare=mark_progress,
    at_first=A_SCREEN_AND_A_HALF,
)
MINE = ListSpec(
    name="workorders.mine",
    template="workorders/mine.html",
    rows="workorders/_rows.html",
    order=ORDER,
    filterset=WorkFilter,
    columns=COLUMNS,
    may_export=can_export_work,
    group=time_group,
    prepare=mark_progress,
    at_first=A_SCREEN_AND_A_HALF,
)
CALLBACKS = ListSpec(
    name="workorders.callbacks",
    template="workorders/callbacks.html",
    rows="workorders/_callback_rows.html",
    order=ORDER,
    group=time_group,
    prepare=mark_progress,
    at_first=A_SCREEN_AND_A_HALF,
)


@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """All orders this person may see; every figure elsewhere links here."""
    return list_page(request, with_rows(visible_to(request.user)), ALL, {"menu_at": "workorders:list"})


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """In hand, or in my unit's hand; the most pressing on top."""
    chosen = "unit" if request.GET.get("view") == "unit" else "mine"
    views = {"mine": my_orders(request.user), "unit": unit_orders(request.user)}
    counts = counted_up_to(MOST_COUNTED + 1, *views.values())
    tabs = [(name, count, name == chosen) for name, count in zip(views, counts, strict=True)]
    context = {"tabs": tabs, "chosen": chosen, "menu_at": "workorders:mine"}
    return list_page(request, with_rows(views[chosen]), MINE, context)


@require_GET
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who waits for a call-back; those I handled or answered myself say so."""
    scope = scope_of(request.user)
    allowed = scope.has(Role.AGENT, Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER)
    require(ALLOW if allowed else deny(gettext_lazy("Agents and the dispatch desk call back.")))
    rows = with_rows(awaiting_call_back(request.user).filter(state=State.ANSWERED))
    return list_page(request, rows, CALLBACKS, {"menu_at": "workorders:callbacks"})

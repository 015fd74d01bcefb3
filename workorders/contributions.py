"""What this room shows in the pages below: menu, customer panel, search, health, leaving members."""

import re
from datetime import datetime
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext_lazy

from common import contributions as house
from common.calendars import company_calendar
from common.contributions import (
    CustomerAct,
    Leaving,
    LeavingCheck,
    MenuEntry,
    Panel,
    SearchSource,
    SettingsPage,
    StartPage,
)
from customers.models import Customer
from staff.choices import Role
from staff.models import Member, Unit
from workorders import watch  # noqa: F401 - registers itself
from workorders.models import WorkOrder
from workorders.presentation import promise_of
from workorders.selectors.orders import awaiting_call_back, awaiting_dispatch, find_orders, my_orders, open_of_customer
from workorders.services.dispatching import hand_over

R = Role
MENU = [
    ("mine", gettext_lazy("My work"), "inbox", "workorders:mine", set(R) - {R.AUDITOR, R.ADMINISTRATOR}, my_orders, 10),
    (
        "intake", gettext_lazy("Intake"), "headset", "workorders:intake",
        {R.CLERK, R.AGENT, R.DISPATCHER, R.SUPERVISOR}, None, 20,
    ),
    (
        "dispatch", gettext_lazy("Dispatch"), "route", "workorders:dispatch",
        {R.DISPATCHER, R.DISPATCH_SUPERVISOR, R.SUPERVISOR, R.MANAGER}, awaiting_dispatch, 30,
    ),
    (
        "callbacks", gettext_lazy("Call-back"), "phone-call", "workorders:callbacks",
        {R.AGENT, R.DISPATCHER, R.DISPATCH_SUPERVISOR, R.SUPERVISOR, R.MANAGER}, awaiting_call_back, 40,
    ),
    ("orders", gettext_lazy("All orders"), "list", "workorders:list", set(R) - {R.HANDLER}, None, 75),
]  # fmt: skip


KEYS = {"mine": "w", "intake": "i", "dispatch": "d"}  # after G (ui.md §7)
for name, label, icon, url_name, roles, orders, order in MENU:
    entry = MenuEntry(label, icon, url_name, frozenset(roles), orders, key=KEYS.get(name, ""))
    house.menu.register(name, entry, order=order)

START = [
    ("crew", {R.HANDLER, R.UNIT_LEAD}, "workorders:crew", 40),
    ("dispatch", {R.DISPATCHER, R.DISPATCH_SUPERVISOR}, "workorders:dispatch", 20),
    ("intake", {R.CLERK, R.AGENT}, "workorders:intake", 30),
    ("mine", set(R) - {R.AUDITOR, R.ADMINISTRATOR}, "workorders:mine", 90),
]
for name, roles, url_name, order in START:
    house.start_pages.register(name, StartPage(frozenset(roles), url_name), order=order)


def _open_orders_panel(customer: Customer, actor: Member, now: datetime) -> dict | None:
    """Open orders with their promise, and how many there ever were."""
    found = open_of_customer(actor, customer)
    calendar = company_calendar() if found.open else None
    rows = [(order, promise_of(order.next_clock, now=now, calendar=calendar)) for order in found.open]
    return {"rows": rows, "total": found.total, "customer": customer}


house.customer_panels.register("orders", Panel("workorders/parts/customer_orders.html", _open_orders_panel), order=10)


def _find(text: str, actor: Member) -> list[dict]:
    """Orders by code or last digits."""
    return [
        {"url": reverse("workorders:detail", args=[o.code]), "title": o.headline, "detail": o.code}
        for o in find_orders(actor, text)
    ]


def _intake_for(customer: Customer | None) -> str:
    """Where a request of this customer, or of nobody on file, is taken."""
    start = reverse("workorders:intake")
    return f"{start}?customer={customer.account_no}" if customer else start


house.customer_acts.register(
    "intake",
    CustomerAct(
        gettext_lazy("Take a request"),
        gettext_lazy("Take it without a customer"),
        "headset",
        _intake_for,
        frozenset({R.CLERK, R.AGENT, R.DISPATCHER, R.SUPERVISOR}),
    ),
    order=10,
)

house.search_sources.register("orders", SearchSource(gettext_lazy("Orders"), _find), order=10)


ORDER_CODE = re.compile(r"[A-Z]{2}-\d{6}-\d{4,}\Z")


def _about(code: str) -> str:
    """The page of the order that a message is about."""
    return reverse("workorders:detail", args=[code]) if ORDER_CODE.match(code) else ""


house.about_links.register("orders", _about)


def _still_holds(member: Member) -> LeavingCheck:
    """Open orders a member who leaves still has in hand."""
    return LeavingCheck(
        gettext_lazy("open orders"), my_orders(member).count(), f"{reverse('workorders:list')}?member={member.staff_no}"
    )


def _hand_over(member: Member, to: Member, actor: Member, now: datetime) -> int:
    codes = list(my_orders(member).values_list("code", flat=True))
    for code in codes:
        hand_over(code=code, actor=actor, now=now, request_id=uuid4(), to=to)
    return len(codes)


house.leaving_checks.register("orders", Leaving(_still_holds, _hand_over))


def _unit_holds(unit: Unit) -> LeavingCheck:
    """Open orders that keep a unit from being closed."""
    here = WorkOrder.objects.filter(unit=unit, closed_at__isnull=True)
    return LeavingCheck(gettext_lazy("open orders"), here.count(), f"{reverse('workorders:list')}?unit={unit.code}")


house.closing_checks.register("orders", _unit_holds)

house.settings_pages.register(
    "rules",
    SettingsPage(
        gettext_lazy("Time limits"),
        gettext_lazy("Every limit with its source; who is told when it passes"),
        "clock",
        "workorders:rules",
        frozenset(R),
    ),
    order=50,
)

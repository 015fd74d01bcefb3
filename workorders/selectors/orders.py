"""Which orders a member sees, and finding one. Every list starts at `visible_to`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from customers.models import Customer
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of
from workorders.choices import State
from workorders.kinds import CONFIDENTIAL
from workorders.models import Clock, WorkOrder
from workorders.policies import handling_ids

_CODE = re.compile(r"^[A-Z]{2}-\d{6}(-\d*)?$")
# Halls and the hotline help every customer who asks about an order, wherever it is handled.
SEES_ALL = frozenset({Role.CLERK, Role.AGENT})


def visible_to(actor: Member) -> QuerySet[WorkOrder]:
    """Orders ``actor`` may see: all for halls and hotline, else those of the units reached, taken in or assigned."""
    scope = scope_of(actor)
    if scope.has(*SEES_ALL) or scope.reaches_all:
        return WorkOrder.objects.all()
    return WorkOrder.objects.filter(Q(unit_id__in=scope.unit_ids()) | Q(first_owner=actor) | Q(assignee=actor))


def sees(actor: Member, order: WorkOrder) -> bool:
    """The rule of `visible_to` for one order that is loaded already; a test holds the two together."""
    scope = scope_of(actor)
    own = actor.pk in (order.first_owner_id, order.assignee_id)
    return own or scope.has(*SEES_ALL) or scope.reaches(order.unit)


def of_customer(actor: Member, account_no: str) -> QuerySet[WorkOrder]:
    """A customer's orders. That somebody tipped us off is told only to the unit that handles it."""
    secret = Q(kind__in=CONFIDENTIAL) & ~Q(unit_id__in=handling_ids(actor))
    return visible_to(actor).filter(customer__account_no=account_no).exclude(secret)


def get_order_for(actor: Member, code: str, **annotations: Any) -> WorkOrder:
    """The order with everything its page shows at the top. Raises: Http404 when not there or not theirs to see.

    ``annotations``: what a page wants to read along in the same query.
    """
    order = _reading(WorkOrder.objects.all(), _OWN, _PAGE).annotate(**annotations).filter(code=code).first()
    if order is None or not sees(actor, order):
        raise Http404(code)
    return order


def can_still_see(actor: Member, order: WorkOrder) -> bool:
    """Whether the order is in this person's reach as it stands now: an act of their own may have moved it away."""
    return visible_to(actor).filter(pk=order.pk).exists()


Columns = Mapping[str, Sequence[str]]  # of which thing, which

# What is read along with an order. Everything there is to know about seven other things would be three times as much,
# ladders and the outlines of areas among it, and every column costs something with each of a page's fifty rows.
_UNIT = ("code", "name", "name_en", "kind", "path", "depth")
_CLOCK = (
    "order", "rule", "kind", "ordinal", "state", "starts_on", "base", "amount", "is_promise", "started_at", "warn_at",
    "due_at", "stopped_at", "is_provisional",
)  # fmt: skip
_OWN = frozenset(field.name for field in WorkOrder._meta.concrete_fields)
_ROW = {
    "unit": _UNIT,
    "assignee": ("name",),
    "customer": ("account_no", "name", "flags"),
    "next_clock": _CLOCK,
    "promise_clock": _CLOCK,
    "supply_point": ("transformer",),
    "supply_point__transformer": ("area",),
    "supply_point__transformer__area": ("name", "station", "crew"),
}
_PAGE = {
    **_ROW,
    "assignee": ("name", "phone"),
    "first_owner": ("name",),
    "customer": (
        "account_no", "name", "flags", "klass", "importance", "language", "secrecy_level", "secrecy_until",
    ),
    "supply_point": ("transformer", "address", "door", "meter_no"),
    "supply_point__transformer": ("area", "feeder", "code", "name"),
    "supply_point__transformer__feeder": ("name",),
}  # fmt: skip


def _reading(orders: QuerySet[WorkOrder], own: Iterable[str], along: Columns) -> QuerySet[WorkOrder]:
    """With ``own`` columns and those of the things ``along`` it, in one query."""
    return orders.select_related(*along).only(*own, *(f"{thing}__{name}" for thing in along for name in along[thing]))


def with_rows(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """What a list row shows and asks, in one query."""
    return _reading(orders, _OWN - {"token", "details", "area_class", "late_reason", "ruled_on"}, _ROW)


def with_promise(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """What a mere mention of an order shows: its code and its tightest promise; and what says who sees it."""
    return _reading(orders, ("code", "first_owner", "assignee"), {"unit": ("path",), "next_clock": _CLOCK})


def open_orders(actor: Member) -> QuerySet[WorkOrder]:
    """Open ones, tightest first; orders without a running clock come last."""
    return visible_to(actor).filter(closed_at__isnull=True)


def my_orders(actor: Member) -> QuerySet[WorkOrder]:
    """In hand: assigned to me, or taken in by me and not yet accepted by a handler (req 23)."""
    mine = Q(assignee=actor) | Q(first_owner=actor, assignee__isnull=True)
    return WorkOrder.objects.filter(mine, closed_at__isnull=True)


def unit_orders(actor: Member) -> QuerySet[WorkOrder]:
    """Open orders of my own unit and the units below it.

    By their ids: behind a subquery PostgreSQL cannot know whether they hold much of the queue or next to nothing of it.
    """
    return WorkOrder.objects.filter(unit_id__in=scope_of(actor).ids_under(actor.home_unit.path), closed_at__isnull=True)


def awaiting_dispatch(actor: Member) -> QuerySet[WorkOrder]:
    """Received or come back, in the units this dispatcher reaches."""
    return open_orders(actor).filter(state__in=[State.RECEIVED, State.RETURNED])


def awaiting_call_back(actor: Member) -> QuerySet[WorkOrder]:
    """Answered and not yet closed, in the order their call-back falls due."""
    return open_orders(actor).filter(state=State.ANSWERED)


def clocks_of(order: WorkOrder) -> list[Clock]:
    """The clocks of the order's present generation with the rules they came from."""
    return list(order.clocks.filter(order_generation=order.generation).select_related("rule"))


@dataclass(frozen=True)
class CustomerOrders:
    """What a customer has with us: open ones, tightest first, and how many there ever were."""

    open: list[WorkOrder]
    total: int


def open_of_customer(actor: Member, customer: Customer) -> CustomerOrders:
    """A customer's orders as the panel shows them; two queries."""
    orders = of_customer(actor, customer.account_no)
    rows = orders.filter(closed_at__isnull=True).select_related("next_clock").order_by("next_due_at")[:5]
    return CustomerOrders(list(rows), orders.count())


def find_orders(actor: Member, text: str, *, limit: int = 5) -> list[WorkOrder]:
    """Orders by code, by its beginning, or by its last digits as people say them on the phone; newest first."""
    text = text.strip().upper()
    if not (is_tail(text) or is_code(text)):
        return []
    wanted = Q(tail=text) if is_tail(text) else Q(code__startswith=text)
    return list(visible_to(actor).filter(wanted).order_by("-received_at")[:limit])


def is_tail(text: str) -> bool:
    """Whether these can be the last digits of a code."""
    return text.isdigit() and len(text) in (4, 5, 6)


def is_code(text: str) -> bool:
    """Whether this is a code, or its beginning down to the day: “BX-261120”, “BX-261120-01”."""
    return bool(_CODE.match(text))

"""The call list of an outage, and the promises that stand to be broken through it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from customers.models import Contact, Customer, SupplyPoint
from customers.selectors import get_customer_for
from customers.selectors import visible_to as customers_visible_to
from outages.choices import ENDED
from outages.models import Affected, Call, CallResult, CallTry, Notice, Outage
from staff.models import Member
from workorders.kinds import CONFIDENTIAL
from workorders.models import WorkOrder
from workorders.selectors.orders import visible_to, with_rows

AT_RISK_SHOWN = 30
STILL_TO_CALL = ("", CallResult.NO_ANSWER)


def latest_notice(outage: Outage, *, lock: bool = False) -> Notice | None:
    """The newest news of an outage: what whoever is called is told."""
    notices = Notice.objects.filter(outage=outage).order_by("-pk")
    return (notices.select_for_update(of=("self",)) if lock else notices).first()


def call_list(notice: Notice | None, actor: Member) -> QuerySet[Call]:
    """Whom to call about a notice, as far as this member may see them, with what a row shows."""
    if notice is None:
        return Call.objects.none()
    calls = Call.objects.filter(notice=notice, customer__in=customers_visible_to(actor))
    contacts = Contact.objects.only("customer_id", "name", "phone", "role", "is_primary")
    points = SupplyPoint.objects.only("customer_id", "address", "is_main").order_by("-is_main", "id")
    return calls.select_related("customer", "tried_by").prefetch_related(
        Prefetch("customer__contacts", queryset=contacts), Prefetch("customer__supply_points", queryset=points)
    )


def hidden_calls(notice: Notice | None, actor: Member) -> int:
    """How many still to be called have a file that this member may not open."""
    if notice is None:
        return 0
    rest = Call.objects.filter(notice=notice, result__in=STILL_TO_CALL)
    return rest.exclude(customer__in=customers_visible_to(actor)).count()


def get_called_for(actor: Member, outage: Outage, account_no: str) -> Customer:
    """A customer of the frozen list, with contacts and places. Raises: Http404 for others, and for unseen ones."""
    customer = get_customer_for(actor, account_no)
    if not _listed(outage).filter(customer_id=customer.pk).exists():
        raise Http404(account_no)
    return customer


def call_of(notice: Notice | None, customer: Customer) -> Call | None:
    """Their row on the call list, if they are on it."""
    return Call.objects.filter(notice=notice, customer=customer).select_related("tried_by").first() if notice else None


def tries_of(call: Call | None) -> Sequence[CallTry]:
    """Every time they were called about it, the latest first."""
    return list(call.tries.select_related("actor")) if call else []


def _listed(outage: Outage) -> QuerySet[Affected]:
    return Affected.objects.filter(version__outage=outage, version__number=outage.version)


def at_risk(outage: Outage, now: datetime) -> QuerySet[WorkOrder]:
    """Open orders at places of the list whose promise falls due while the power is off, the tightest first.

    An end that nobody knows leaves every promise from now on at risk. Who tipped us off is not called about it.
    """
    if outage.state in ENDED or not outage.version or outage.starts is None:
        return WorkOrder.objects.none()
    window = Q(promise_due_at__gte=outage.starts)
    if outage.back_at and outage.back_at > now:
        window &= Q(promise_due_at__lte=outage.back_at)
    orders = WorkOrder.objects.filter(
        window, closed_at__isnull=True, supply_point__in=_listed(outage).values("supply_point")
    )
    return orders.exclude(kind__in=CONFIDENTIAL).order_by("promise_due_at", "id")


def at_risk_for(actor: Member, outage: Outage, now: datetime) -> list[tuple[WorkOrder, Customer]]:
    """The first of them that this member may see, as rows show them, with whom each is for."""
    seen = at_risk(outage, now).filter(pk__in=visible_to(actor).values("pk"), customer__isnull=False)
    rows = with_rows(seen.filter(customer__in=customers_visible_to(actor)))[:AT_RISK_SHOWN]
    return [(order, order.customer) for order in rows if order.customer]


def is_at_risk(outage: Outage, customer: Customer, now: datetime) -> bool:
    """Whether a promise to this customer is."""
    return at_risk(outage, now).filter(customer=customer).exists()


def called_about(notice: Notice | None, customers: Sequence[int]) -> dict[int, Call]:
    """What came of calling these customers, by customer."""
    if notice is None:
        return {}
    return {call.customer_id: call for call in Call.objects.filter(notice=notice, customer__in=customers)}

"""Who is never asked, one by one: important users and those cared for by their file, and those put down by hand."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from customers.models import Customer
from customers.selectors.files import visible_to as customers_visible_to
from outages.exempt import NAMED, ground_of
from outages.models import Exemption, OrderlyPlan
from outages.orderly_choices import Ground
from staff.models import Member


def exempt_list(actor: Member, plan: OrderlyPlan) -> QuerySet[Customer]:
    """The customers named on a plan's list that ``actor`` may see, with ``by_hand`` (the ground) and ``by_hand_why``.

    Homes and farms are exempt as a whole and not named here.
    """
    own = Exemption.objects.filter(plan=plan, customer=OuterRef("pk"))
    named = customers_visible_to(actor).filter(NAMED | Q(Exists(own)))
    return named.annotate(by_hand=Subquery(own.values("ground")[:1]), by_hand_why=Subquery(own.values("reason")[:1]))


def ground_words(customer: Customer) -> str:
    """Why somebody of the list is exempt: what their file says before what was put down."""
    own = ground_of(customer)
    return str(own.label if own else Ground(customer.by_hand).label)  # type: ignore[attr-defined]

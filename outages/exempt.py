"""Who is never asked to use less, by their file (req 56): rows and words of one rule. A trigger keeps the same."""

from django.db.models import Q

from customers.choices import CustomerKlass, Flag, Importance
from customers.models import Customer
from outages.orderly_choices import Ground

CARED_FOR = frozenset({Flag.LIFE_SUPPORT, Flag.MEDICAL})
KLASSES = {CustomerKlass.RESIDENTIAL: Ground.LIVELIHOOD, CustomerKlass.AGRICULTURAL: Ground.DROUGHT}

# Named one by one; of the others whole usage categories are exempt.
NAMED = ~Q(importance=Importance.NONE) | Q(flags__overlap=sorted(CARED_FOR))
EXEMPT = NAMED | Q(klass__in=list(KLASSES))


def ground_of(customer: Customer) -> Ground | None:
    """Why this customer is never asked, by what their file says now; None when they may be."""
    if customer.importance != Importance.NONE:
        return Ground.IMPORTANT
    if not CARED_FOR.isdisjoint(customer.flags):
        return Ground.LIFE
    return KLASSES.get(CustomerKlass(customer.klass))

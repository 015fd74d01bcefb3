"""Looking up an order from outside: the same answer whatever is wrong, and only so many tries."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Refusal
from customers.phones import clean_phone
from portal.models import LookupTry
from workorders.models import WorkOrder
from workorders.selectors.public import find_for_customer

TRIES = 8
WITHIN = timedelta(minutes=10)


def look_up(*, code: str, phone: str, address: str, now: datetime) -> WorkOrder:
    """The customer's order. Raises: `Refusal` that never tells whether the code exists."""
    tries = LookupTry.objects.filter(address=address, at__gt=now - WITHIN).count()
    if tries >= TRIES:
        minutes = int(WITHIN.total_seconds() // 60)
        raise Refusal(
            ngettext(
                "Too many tries. Try again in %(n)d minute.", "Too many tries. Try again in %(n)d minutes.", minutes
            )
            % {"n": minutes}
        )
    number = clean_phone(phone, field="phone")
    order = find_for_customer(code=code, phone=number)
    if order is None:
        LookupTry.objects.create(address=address, at=now)
        raise Refusal(_("We find nothing under this number and this phone. Check both, or call us."))
    return order


def forget_tries(*, now: datetime) -> int:
    """Tries that no longer count."""
    return LookupTry.objects.filter(at__lt=now - WITHIN).delete()[0]

"""Looking up an order from outside: the same answer whatever is wrong, and only so many tries."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.crypto import salted_hmac
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
    """The customer's order.

    Tries in vain are counted for the asking address and for the phone asked about, so that neither one machine nor many
    guess their way in. Raises: `Refusal`, the same whether the code, the phone or both are wrong.
    """
    number = clean_phone(phone, field="phone")
    whose = _key(number)
    tried = LookupTry.objects.filter(Q(address=address) | Q(phone_key=whose), at__gt=now - WITHIN)
    if tried.filter(address=address).count() >= TRIES or tried.filter(phone_key=whose).count() >= TRIES:
        raise Refusal(_too_many(int(WITHIN.total_seconds() // 60)))
    order = find_for_customer(code=code, phone=number)
    if order is None:
        LookupTry.objects.create(address=address, phone_key=whose, at=now)
        raise Refusal(_("We find nothing under this number and this phone. Check both, or call us."))
    return order


def _too_many(minutes: int) -> str:
    words = ngettext(
        "Too many tries. Try again in %(n)d minute.", "Too many tries. Try again in %(n)d minutes.", minutes
    )
    return words % {"n": minutes}


def _key(number: str) -> str:
    """What a phone is counted under; the number itself is not kept."""
    return salted_hmac("portal.lookup", number, algorithm="sha256").hexdigest()


def forget_tries(*, now: datetime) -> int:
    """Let go of tries that no longer count; return how many."""
    return LookupTry.objects.filter(at__lt=now - WITHIN).delete()[0]

"""Importance, key account and secrecy: set by archive keepers and managers only."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.choices import Secrecy
from customers.models import Customer
from customers.policies import can_classify
from customers.services.drafts import FileChanged
from staff.models import Member


@dataclass(frozen=True, kw_only=True)
class Grades:
    """What the file is graded as; a secrecy level holds until its term, without one until it is taken off."""

    importance: str
    key_account: str
    secrecy_level: str
    secrecy_until: date | None = None


def grade_customer(*, account_no: str, version: int, grades: Grades, actor: Member, now: datetime) -> Customer:
    """Set the grades of a file. Locks: the customer.

    Raises: Denied; Refusal for a term without a level or in the past; FileChanged when ``version`` is stale.
    """
    require(can_classify(actor))
    if grades.secrecy_until and grades.secrecy_level == Secrecy.NONE:
        raise Refusal(_("A term needs a secrecy level."), field="secrecy_level")
    if grades.secrecy_until and grades.secrecy_until < now.date():
        raise Refusal(_("This day is over. Choose a later one."), field="secrecy_until")
    with transaction.atomic():
        customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(account_no=account_no)
        if customer.version != version:
            raise FileChanged(customer)
        customer.importance, customer.key_account = grades.importance, grades.key_account
        customer.secrecy_level, customer.secrecy_until = grades.secrecy_level, grades.secrecy_until
        customer.version += 1
        customer.updated_at, customer.updated_by = now, actor
        customer.save()
        return customer

"""Looking at what is masked: for a purpose, for a short while, and never without a trace."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from common.access import require
from common.errors import Refusal
from customers.choices import Purpose, Secret
from customers.models import Customer, ViewLog
from customers.policies import can_reveal
from staff.models import Member

SHOWN_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Revealed:
    """The full values, until ``until``; ``phones`` as (who, number), ``doors`` as (address, door)."""

    phones: tuple[tuple[str, str], ...] = ()
    doors: tuple[tuple[str, str], ...] = ()
    until: datetime | None = None


def reveal(*, customer: Customer, fields: Collection[str], purpose: str, actor: Member, now: datetime) -> Revealed:
    """Show full phones or doors; the look is on record before anything is shown.

    ``customer`` must come from `get_customer_for`. Raises: Denied; Refusal without a purpose from the catalogue.
    """
    if purpose not in Purpose.values:
        raise Refusal(_("Say what you need it for."), field="purpose")
    wanted = [secret for secret in Secret.values if secret in fields]
    if not wanted:
        raise Refusal(_("Say what you want to see."), field="fields")
    require(can_reveal(actor, customer, localdate(now)))
    ViewLog.objects.create(
        actor=actor,
        customer=customer,
        fields=wanted,
        purpose=purpose,
        at=now,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
    )
    phones = tuple((c.name or c.get_role_display(), c.phone) for c in customer.contacts.all())
    doors = tuple((place.address, place.door) for place in customer.supply_points.all() if place.door)
    return Revealed(
        phones=phones if Secret.PHONE in wanted else (),
        doors=doors if Secret.DOOR in wanted else (),
        until=now + SHOWN_FOR,
    )


def purge_views(*, now: datetime) -> int:
    """Take out looks older than the retention setting (never under 180 days); return how many.

    The only way past the table's append-only trigger; it says so for its own transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL denghuo.retention = 'on'")
        kept = timedelta(days=max(settings.RETENTION_DAYS, 180))
        cursor.execute("DELETE FROM customers_viewlog WHERE at < %s", [now - kept])
        gone = cursor.rowcount
        cursor.execute("SET LOCAL denghuo.retention = 'off'")
        return gone

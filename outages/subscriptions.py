"""What this room listens to: its tables were made, a pass without a broker."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from outages.services.chasing import chase
from outages.services.history import load_shipped_sources
from outages.services.owing import renew_news
from outages.services.shipping import load_shipped_leads, load_shipped_levels
from outages.services.storming import send_digests
from outages.services.telling import spread_waiting
from workorders.signals import pass_made


@receiver(post_migrate, dispatch_uid="outages.leads")
def ship_leads(sender: Any, **_kwargs: Any) -> None:
    """The shipped rules are there as soon as their tables are."""
    if sender.name == "outages":
        load_shipped_leads()
        load_shipped_levels()
        load_shipped_sources()


# Where no broker asks for it. One receiver each: what fails in one stops none of the others.


@receiver(pass_made, dispatch_uid="outages.pass.notices")
def spread_notices(sender: Any, now: datetime, **_kwargs: Any) -> None:
    """Notices go out."""
    spread_waiting(now=now)


@receiver(pass_made, dispatch_uid="outages.pass.receipts")
def chase_receipts(sender: Any, now: datetime, **_kwargs: Any) -> None:
    """Those who have not signed are gone to; news that was filed too early is owed again."""
    chase(now=now)
    renew_news(now=now)


@receiver(pass_made, dispatch_uid="outages.pass.storms")
def sum_up_storms(sender: Any, now: datetime, **_kwargs: Any) -> None:
    """Alarms that nobody heard are summed up."""
    send_digests(now=now)

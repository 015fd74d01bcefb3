"""What this room listens to: its tables were made, a pass without a broker."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from outages.services.history import load_shipped_sources
from outages.services.shipping import load_shipped_leads, load_shipped_levels
from outages.services.storming import send_digests
from outages.services.telling import spread_waiting
from outages.services.written import chase
from workorders.signals import pass_made


@receiver(post_migrate, dispatch_uid="outages.leads")
def ship_leads(sender: Any, **_kwargs: Any) -> None:
    """The shipped rules are there as soon as their tables are."""
    if sender.name == "outages":
        load_shipped_leads()
        load_shipped_levels()
        load_shipped_sources()


@receiver(pass_made, dispatch_uid="outages.pass")
def make_pass(sender: Any, now: datetime, **_kwargs: Any) -> None:
    """Where no broker asks for it: notices go out, receipts are chased, storms summed up."""
    spread_waiting(now=now)
    chase(now=now)
    send_digests(now=now)

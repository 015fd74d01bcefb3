"""What this room listens to: its tables were made."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from outages.services.shipping import load_shipped_leads, load_shipped_levels


@receiver(post_migrate, dispatch_uid="outages.leads")
def ship_leads(sender: Any, **_kwargs: Any) -> None:
    """The shipped rules are there as soon as their tables are."""
    if sender.name == "outages":
        load_shipped_leads()
        load_shipped_levels()

"""What this room listens to: its tables were made."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from outages.services.history import load_shipped_sources
from outages.services.shipping import load_shipped_leads


@receiver(post_migrate, dispatch_uid="outages.leads")
def ship_leads(sender: Any, **_kwargs: Any) -> None:
    """The shipped lead times, and how known files of past outages read, are there as soon as their tables are."""
    if sender.name == "outages":
        load_shipped_leads()
        load_shipped_sources()

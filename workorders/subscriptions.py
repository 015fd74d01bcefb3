"""What this room listens to: the shipped rules are there as soon as their table is."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from workorders.services.rulebook import load_shipped_rules


@receiver(post_migrate, dispatch_uid="workorders.rules")
def ship_rules(sender: Any, **_kwargs: Any) -> None:
    """Load the shipped rules that are not there yet; edited ones are left alone."""
    if sender.name == "workorders":
        load_shipped_rules()

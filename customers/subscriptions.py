"""What this room does when another one speaks."""

from typing import Any

from django.dispatch import receiver

from customers.services.nudging import nudge_refreshing
from staff.models import Unit
from staff.signals import unit_moved


@receiver(unit_moved)
def file_anew(sender: Any, *, unit: Unit, **_kwargs: Any) -> None:
    """Customers are filed under every unit above them."""
    nudge_refreshing(unit.pk)

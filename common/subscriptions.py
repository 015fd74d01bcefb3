"""What the common room listens to: the database was set up or emptied, so the shipped calendar belongs into it."""

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from common.apps import CommonConfig
from common.models import WorkDay
from common.services.calendar import load_shipped_years


@receiver(post_migrate, sender=None, dispatch_uid="common.shipped_calendar")
def fill_calendar(*, app_config: Any, using: str, **kwargs: Any) -> None:
    """Load the shipped years that are missing; years an operator loaded are left alone."""
    if not isinstance(app_config, CommonConfig) or using != "default":
        return
    if WorkDay._meta.db_table in connections[using].introspection.table_names():
        load_shipped_years(now=timezone.now())

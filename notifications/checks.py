"""System checks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

from notifications.services.retention import AT_LEAST_DAYS


@register()
def settings_make_sense(**_: Any) -> list[CheckMessage]:
    """Retention is long enough, and a gateway has a key to sign with."""
    found: list[CheckMessage] = []
    if settings.RETENTION_DAYS < AT_LEAST_DAYS:
        found.append(Error(f"RETENTION_DAYS must be at least {AT_LEAST_DAYS}.", id="notifications.E001"))
    if settings.SMS_GATEWAY_URL and not settings.SMS_GATEWAY_KEY:
        found.append(Error("SMS_GATEWAY_URL is set but SMS_GATEWAY_KEY is not.", id="notifications.E002"))
    if not settings.SMS_GATEWAY_URL and not settings.DEV_PAGES:
        found.append(Info("No SMS gateway is set up: every SMS will fail visibly.", id="notifications.I001"))
    return found

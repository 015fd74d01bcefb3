"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Names of the house and the instant of this request."""
    return {
        "utility_name": settings.UTILITY_NAME,
        "hotline": settings.HOTLINE,
        "now": getattr(request, "now", None),
        "idle_s": settings.IDLE_TIMEOUT_MIN * 60,
        "demo": settings.DENGHUO_DEMO,
        "dev_pages": settings.DEV_PAGES,
    }

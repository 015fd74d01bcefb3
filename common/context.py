"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common.house import utility_name

FIND_URL = "/customers/"  # the one search box; its suggestions are at suggest/ below it


def page(request: HttpRequest) -> dict[str, Any]:
    """Names of the house and the instant of this request."""
    return {
        "utility_name": utility_name,  # asked when drawn: a receipt speaks the customer's language
        "hotline": settings.HOTLINE,
        "find_url": FIND_URL,
        "now": getattr(request, "now", None),
        "idle_s": settings.IDLE_TIMEOUT_MIN * 60,
        "demo": settings.DENGHUO_DEMO,
        "dev_pages": settings.DEV_PAGES,
    }

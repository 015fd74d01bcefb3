"""What the utility calls itself, in the reader's language."""

from django.conf import settings
from django.utils.translation import get_language


def utility_name() -> str:
    """``UTILITY_NAME``, or its English form where the reader's language is English and one is set."""
    name: str = settings.UTILITY_NAME_EN if get_language() == "en" else ""
    return name or settings.UTILITY_NAME

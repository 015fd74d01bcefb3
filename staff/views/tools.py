"""What several pages of the staff room share."""

from django.urls import NoReverseMatch, reverse


def address(url_name: str) -> str:
    """The address of a page by name; empty while no room has it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""

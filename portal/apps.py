"""Portal: pages for customers; holds no rules."""

from common.apps import RoomConfig


class PortalConfig(RoomConfig):
    """The customer's own view of a promise."""

    default = True
    name = "portal"

"""The outages room."""

from common.apps import RoomConfig


class OutagesConfig(RoomConfig):
    """Above customers and work orders, beside nobody."""

    default = True
    name = "outages"

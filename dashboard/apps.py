"""Dashboard: pages for supervisors; holds no rules."""

from common.apps import RoomConfig


class DashboardConfig(RoomConfig):
    """Every figure leads to the orders behind it."""

    default = True
    name = "dashboard"

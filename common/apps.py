"""Common: time, work calendar, list pages, parts, contributions. Knows no other room."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """A room that, when the house is ready, connects what it says to the rooms around it."""

    def ready(self) -> None:
        for part in ("messages", "contributions", "subscriptions", "checks"):
            if find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")


class CommonConfig(RoomConfig):
    """Working time, the calendar and the parts that pages are made of."""

    default = True
    name = "common"

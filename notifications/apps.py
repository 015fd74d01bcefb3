"""Notifications: the outbox, its templates and transports."""

from common.apps import RoomConfig


class NotificationsConfig(RoomConfig):
    """Tells people, once each, what a change says to them."""

    default = True
    name = "notifications"

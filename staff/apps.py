"""Staff: people, units, roles, duty, login."""

from common.apps import RoomConfig


class StaffConfig(RoomConfig):
    """Who works here, in which unit, with which role, and who is on duty."""

    default = True
    name = "staff"

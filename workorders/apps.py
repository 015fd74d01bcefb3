"""Work orders: rules, clocks, dispatch and the closing loop."""

from common.apps import RoomConfig


class WorkordersConfig(RoomConfig):
    """The promise made, kept or broken in plain sight."""

    default = True
    name = "workorders"

"""Simulation: a city that lives, through the real services."""

from common.apps import RoomConfig


class SimulationConfig(RoomConfig):
    """Grows the demo and checks the invariants."""

    default = True
    name = "simulation"

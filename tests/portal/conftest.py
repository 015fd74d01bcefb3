"""The town of the work-order room."""

from tests.workorders.conftest import world

__all__ = ["world"]

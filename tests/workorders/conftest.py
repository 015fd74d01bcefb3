"""The town and the rules, for every test of this room."""

import pytest

from tests.workorders.world import World, build
from workorders.services.rulebook import load_shipped_rules


@pytest.fixture
def world(db) -> World:
    """A small town with the shipped rules in force."""
    load_shipped_rules()
    return build()

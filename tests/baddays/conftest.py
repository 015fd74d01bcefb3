"""Bad days: each test brings one about and looks at the state afterwards."""

import pytest

from tests.workorders.world import World, build
from workorders.services.rulebook import load_shipped_rules


@pytest.fixture
def town(transactional_db: None) -> World:
    """A small town whose rows are really committed, so that threads and other processes see them."""
    load_shipped_rules()
    return build()

"""The same seed and the same end tell the same story."""

import pytest

from simulation.growing import grow
from tests.simulation.conftest import UNTIL, undone
from workorders.models import Event


@pytest.mark.no_cover  # the same lines are counted elsewhere; tracing them doubles the longest test
def test_the_same_seed_and_end_tell_the_same_story(house):
    story = a_day()
    assert len(story) > 50
    assert a_day() == story


def a_day() -> list[tuple]:
    """Everything that happened in a day of a tiny city that is gone afterwards."""
    with undone():
        grow(days=1, customers=30, seed=3, until=UNTIL, say=lambda line: None)
        rows = Event.objects.order_by("id")
        return list(rows.values_list("order__code", "verb", "at", "actor__staff_no", "unit__code", "text"))

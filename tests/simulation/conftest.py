"""A small city that has lived for a day and a half, grown once a module; and an empty house with its rules."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from common.services.calendar import load_shipped_years
from simulation.growing import analyze, grow
from simulation.models import Simulation
from tests.conftest import moment
from workorders.services.rulebook import load_shipped_rules

UNTIL = moment("2026-11-20 15:05:00")  # a Friday afternoon


def load_reference() -> None:
    """The calendar and the rules, as a fresh house has them."""
    load_shipped_years(now=UNTIL)
    load_shipped_rules()


@pytest.fixture
def house(db) -> None:
    """A house with its rules and nobody in it."""
    load_reference()


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is undone. Marked as Django's TestCase marks its own, so that the sender may commit in it."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker) -> Iterator[Simulation]:
    """A city whose seed shows every stage at its end, gone when the module is done.

    What a test (marked ``django_db``) does to it is gone after the test.
    """
    with django_db_blocker.unblock(), undone():
        load_reference()
        state = grow(days=1, customers=120, seed=9, until=UNTIL, say=lambda line: None)
        analyze()
        yield state

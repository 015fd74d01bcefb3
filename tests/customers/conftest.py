"""A small town with people who look for customers."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from staff.choices import Role
from staff.models import Member
from tests.customers.factories import AreaFactory, TransformerFactory
from tests.staff.factories import Town, company, member


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def town(db) -> Town:
    return company()


@pytest.fixture
def clerk(town: Town) -> Member:
    """Sits in a hall; finds everybody."""
    return member(name="李婉清", unit=town.top, roles=[Role.CLERK])


@pytest.fixture
def handler(town: Town) -> Member:
    """Works in the crew; finds those its station supplies."""
    return member(name="陈师傅", unit=town.crew, roles=[Role.HANDLER])


@pytest.fixture
def keeper(town: Town) -> Member:
    keeper = member(name="周婷", unit=town.top, roles=[Role.ARCHIVE_KEEPER])
    keeper.language = "en"
    keeper.save(update_fields=["language"])
    return keeper


@pytest.fixture
def here(town: Town):
    """A transformer of the crew's own area."""
    return TransformerFactory(area=AreaFactory(station=town.station, crew=town.crew))


@pytest.fixture
def elsewhere(town: Town):
    """A transformer of the county beside it."""
    return TransformerFactory(area=AreaFactory(station=town.beside))

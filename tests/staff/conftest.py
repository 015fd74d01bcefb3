"""Fixtures of the staff room."""

import pytest
from django.test import Client
from django.utils import translation

from staff.choices import Role
from tests.staff import factories


@pytest.fixture(autouse=True)
def plain_rules(settings):
    """Without the doors that a test asks for by name."""
    settings.PASSWORD_MAX_AGE_DAYS = 0
    settings.DENGHUO_DEMO = False


@pytest.fixture
def now():
    """Friday 2026-11-20 14:32 in Shanghai."""
    return factories.NOW


@pytest.fixture
def town(db):
    """The company of `tests.staff.factories`."""
    return factories.company()


@pytest.fixture
def admin(town):
    """An administrator of the whole company."""
    return factories.member("XL0001", "管理员", unit=town.top, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def client_class():
    """To make more than one browser."""
    return Client


@pytest.fixture
def in_english(client):
    """Pages in English for this test's client."""
    client.cookies["django_language"] = "en"


@pytest.fixture
def english():
    """Words of services in English."""
    with translation.override("en"):
        yield

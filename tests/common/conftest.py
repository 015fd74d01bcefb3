"""What tests of the common room share."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from django.utils import translation

from common.workdays import plan_year, shipped_years, spell_times


@pytest.fixture(scope="session")
def shipped_days() -> dict[date, tuple[tuple[time, time], ...]]:
    """Working spells of every day in the shipped files; no database."""
    days = {}
    for shipped in shipped_years():
        days |= {day: spell_times(plan.spells) for day, plan in plan_year(shipped.year, shipped.rows()).items()}
    return days


@pytest.fixture
def english() -> Iterator[None]:
    """Words come in their source language, whatever the catalogue says."""
    with translation.override("en"):
        yield

"""Years, quarters and months as people choose them."""

from datetime import date

import pytest
from django.utils import translation

from common.periods import Period
from tests.workorders.world import at


@pytest.mark.parametrize(
    ("key", "start", "end", "last"),
    [
        ("2026", "2026-01-01 00:00:00", "2027-01-01 00:00:00", "2026-12-31"),
        ("2026-Q4", "2026-10-01 00:00:00", "2027-01-01 00:00:00", "2026-12-31"),
        ("2026-12", "2026-12-01 00:00:00", "2027-01-01 00:00:00", "2026-12-31"),
        ("2028-02", "2028-02-01 00:00:00", "2028-03-01 00:00:00", "2028-02-29"),
    ],
)
def test_key_gives_its_days_and_comes_back(key, start, end, last):
    period = Period.parse(key)
    assert (period.start, period.end, period.last) == (at(start), at(end), date.fromisoformat(last))
    assert period.key == key


@pytest.mark.parametrize("key", ["2026-13", "2026-00", "2026-Q5", "2026-Q0", "26", "", "2026-1", "2026-Q4 ", "٢٠٢٦"])
def test_nonsense_is_no_period(key):
    with pytest.raises(ValueError, match="no year, quarter or month"):
        Period.parse(key)


def test_parts_of_a_period():
    assert [part.key for part in Period(2026).quarters] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [part.key for part in Period(2026, quarter=2).months] == ["2026-04", "2026-05", "2026-06"]
    assert [part.key for part in Period(2026, month=5).quarters] == ["2026-Q2"]


def test_words_of_a_period():
    with translation.override("en"):
        assert [Period.parse(key).label for key in ("2026", "2026-Q4", "2026-11")] == [
            "2026", "Quarter 4 of 2026", "Nov 2026",
        ]  # fmt: skip
        assert [Period.parse(key).short for key in ("2026", "2026-Q4", "2026-11")] == ["2026", "Q4", "Nov"]

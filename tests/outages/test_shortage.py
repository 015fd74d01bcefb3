"""How short power is, which batches answer it, what they brought: the pure part."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outages.shortage import Span, answering, hours, level_of, mean_mw, overlap, skipped, too_soon, total
from tests.workorders.world import NOON

D = Decimal
TEN = NOON.replace(hour=10, minute=0, second=0)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rule:
    level: str
    from_percent: Decimal
    from_included: bool


@dataclass(frozen=True)
class Load:
    number: int
    measure: str
    mw: Decimal


@dataclass(frozen=True)
class Slice:
    starts_at: datetime
    ends_at: datetime
    mw: Decimal


RULES = [Rule("IV", D(0), False), Rule("III", D(5), True), Rule("II", D(10), True), Rule("I", D(20), False)]
BATCHES = [Load(1, "cut", D(4)), Load(2, "shift", D(2)), Load(3, "avoid", D(3)), Load(4, "shift", D(1))]


@pytest.mark.parametrize(
    ("shortage", "level"),
    [("0.1", "IV"), ("4.9", "IV"), ("5.0", "III"), ("9.9", "III"), ("10.0", "II"), ("20.0", "II"), ("20.1", "I")],
)
def test_level_follows_from_the_share_of_the_peak(shortage, level):
    """B5.1: I above 20 %, II 10 to 20 %, III 5 to 10 %, IV below 5 % of peak demand."""
    assert level_of(RULES, D(shortage), D(100)) == level


def test_without_rules_there_is_no_level():
    assert level_of([], D(5), D(100)) == ""


class TestOrder:
    """B5.2: shift peak, avoid peak, limit, cut."""

    @pytest.mark.parametrize(
        ("shortage", "numbers"), [("1", [2]), ("2", [2]), ("3", [2, 4]), ("3.1", [2, 4, 3]), ("99", [2, 4, 3, 1])]
    )
    def test_batches_answer_in_their_order_and_no_more_than_needed(self, shortage, numbers):
        assert [b.number for b in answering(BATCHES, D(shortage))] == numbers

    @given(st.decimals("0.1", "12", places=1))
    def test_what_answers_covers_the_shortage_or_is_everything_and_keeps_the_order(self, shortage):
        chosen = answering(BATCHES, shortage)
        assert total(chosen) >= shortage or len(chosen) == len(BATCHES)
        assert too_soon(chosen, BATCHES, shortage) is None

    def test_a_later_measure_before_an_earlier_one_is_used_up_is_too_soon(self):
        assert too_soon([BATCHES[1], BATCHES[2]], BATCHES, D(5)) == ("avoid", "shift", D(1))

    def test_a_later_measure_though_the_earlier_ones_cover_is_too_soon(self):
        assert too_soon([b for b in BATCHES if b.measure != "cut"], BATCHES, D(3)) == ("avoid", "shift", D(0))

    def test_within_a_measure_any_batch_may_be_used(self):
        assert too_soon([BATCHES[3]], BATCHES, D(1)) is None

    def test_measures_gone_past_are_named(self):
        assert skipped({"shift", "cut"}) == ["avoid", "limit"]
        assert skipped({"shift", "avoid"}) == []
        assert skipped(set()) == []


class TestHours:
    def test_window_is_cut_at_full_hours(self):
        start, end = TEN + HOUR / 2, TEN + 2 * HOUR + HOUR / 4
        spans = list(hours(start, end))
        assert [(s.end - s.start).total_seconds() / 60 for s in spans] == [30, 60, 15]
        assert (spans[0].start, spans[-1].end) == (start, end)

    def test_records_weigh_by_their_time_in_the_hour(self):
        half = Slice(TEN, TEN + HOUR / 2, D(4))
        later = Slice(TEN + HOUR / 2, TEN + 2 * HOUR, D(1))
        assert mean_mw([half, later], Span(TEN, TEN + HOUR)) == D("2.5")
        assert mean_mw([half, later], Span(TEN + HOUR, TEN + 2 * HOUR)) == D("1.0")
        assert mean_mw([], Span(TEN, TEN + HOUR)) == D(0)
        assert mean_mw([half], Span(TEN, TEN)) == D(0)

    def test_records_that_only_touch_do_not_overlap(self):
        first, second = Slice(TEN, TEN + HOUR, D(1)), Slice(TEN + HOUR, TEN + 2 * HOUR, D(1))
        assert not overlap(first, [second])
        assert overlap(Slice(TEN, TEN + 2 * HOUR, D(1)), [second])

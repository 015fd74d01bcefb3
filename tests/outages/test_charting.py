"""Charts and shades: places in a drawing, from nought, without anything to divide by."""

import pytest

from outages.charting import chart_of, shares, step_for
from outages.shades import shade_of


def test_bars_stand_on_nought_and_the_highest_carries_its_figure():
    chart = chart_of([10, None, 40], [0, 0, 0])
    assert [bar.height for bar in chart.bars] == [19.0, 0.0, 76.0]
    assert (chart.peak, chart.grid[0][1], chart.line) == (2, 0.0, [])
    assert all(bar.y + bar.height == pytest.approx(chart.grid[0][0]) for bar in chart.bars)


def test_the_line_beside_is_level_in_its_column_and_upright_between():
    chart = chart_of([1, 1], [2, 1])
    assert [line for line in chart.line if line[1] == line[3]] == [(0.0, 9.0, 50.0, 9.0), (50.0, 47.0, 100.0, 47.0)]
    assert (50.0, 9.0, 50.0, 47.0) in chart.line


@pytest.mark.parametrize("values", [[], [None], [0, 0.0]])
def test_nothing_to_draw_is_no_chart(values):
    assert chart_of(values, values) is None


@pytest.mark.parametrize(
    ("most", "step"), [(1, 0.2), (5, 1), (5.1, 2), (10, 2), (11, 5), (739, 200), (0.004, 0.001), (1000, 200)]
)
def test_lines_are_few_and_round(most, step):
    assert step_for(most) == pytest.approx(step)


def test_bars_side_by_side_are_shares_of_the_longest():
    assert shares([5, None, 10]) == [50.0, 0.0, 100.0]
    assert shares([None, 0]) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("minutes", "shade"), [(None, "calm"), (0, "calm"), (1, "lost1"), (25, "lost2"), (99, "lost4"), (100, "lost4")]
)
def test_areas_are_the_darker_the_longer(minutes, shade):
    assert shade_of(minutes, 100) == shade
    assert shade_of(minutes, 0) == "calm"

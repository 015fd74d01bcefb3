"""Intake by hour as a drawing: nothing is drawn higher than the paper, nothing that is not known."""

import pytest

from dashboard.chart import TOP, chart_of

QUIET = [0] * 24


def day(**hours: int) -> list[int]:
    return [hours.get(f"h{h}", 0) for h in range(24)]


def test_only_hours_that_have_begun_have_a_bar():
    chart = chart_of(day(h8=3), [], hour_now=9)
    assert [bar.hour for bar in chart.bars] == list(range(10))
    assert [bar.is_now for bar in chart.bars] == [False] * 9 + [True]


def test_highest_hour_carries_its_figure_and_a_quiet_day_none():
    chart = chart_of(day(h8=3, h13=41), [], hour_now=14)
    assert [(bar.hour, bar.n) for bar in chart.bars if bar.is_peak] == [(13, 41)]
    assert not any(bar.is_peak for bar in chart_of(QUIET, [], hour_now=23).bars)


@pytest.mark.parametrize("most", [0, 1, 4, 5, 6, 41, 99, 1_001, 24_999, 25_001, 1_000_000])
def test_every_bar_stays_on_the_paper_between_few_lines(most):
    chart = chart_of(day(h3=most), [], hour_now=23)
    assert all(bar.y >= TOP for bar in chart.bars)
    assert 2 <= len(chart.grid) <= 6
    assert chart.grid[-1][1] >= most
    assert chart.grid[0] == (87.0, 0)


def test_bar_stands_on_the_base_line():
    for bar in chart_of(day(h1=7, h2=2), [], hour_now=5).bars:
        assert bar.y + bar.height == pytest.approx(87, abs=0.11)


def test_usual_day_is_one_unbroken_line_over_all_hours():
    lines = chart_of(QUIET, [float(h % 3) for h in range(24)], hour_now=5).usual
    level = [line for line in lines if line[1] == line[3] and line[0] != line[2]]
    upright = [line for line in lines if line[0] == line[2]]
    assert (len(level), len(upright)) == (24, 23)
    assert (level[0][0], level[-1][2]) == (0, 100)


def test_scale_fits_the_usual_day_when_it_is_higher_than_today():
    chart = chart_of(day(h3=1), [0.0] * 23 + [19.5], hour_now=4)
    assert chart.grid[-1][1] >= 19.5
    assert min(min(y1, y2) for _x1, y1, _x2, y2 in chart.usual) >= TOP


def test_without_weeks_to_compare_with_there_is_no_line():
    chart = chart_of(day(h3=1), [], hour_now=4)
    assert chart.usual == []
    assert chart.table[3] == (3, 1, None)


def test_table_says_nothing_of_hours_to_come():
    table = chart_of(day(h3=1), [1.25] * 24, hour_now=4).table
    assert (table[4], table[5]) == ((4, 0, 1.2), (5, None, 1.2))

"""How one promise looks, one second before, at and after every moment where it changes."""

from datetime import timedelta

import pytest
from django.template import engines
from django.utils import translation

from tests.conftest import moment
from workorders.promise import ClockFacts, Look, PromiseView, view

START = moment("2026-11-20 14:32")
WARN = moment("2026-11-20 14:59")
DUE = moment("2026-11-20 15:17")
SECOND = timedelta(seconds=1)


def facts(**changes) -> ClockFacts:
    given = {
        "label": "到场",
        "kind": "arrive",
        "state": "running",
        "started_at": START,
        "due_at": DUE,
        "warn_at": WARN,
        "amount": "45 分",
    }
    return ClockFacts(**(given | changes))


def seen(now, **changes) -> PromiseView:
    return view(facts(**changes), now=now)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("now", "look", "text"),
    [
        (START, Look.RUN, "剩 45 分"),
        (START + SECOND, Look.RUN, "剩 44 分"),
        (WARN - SECOND, Look.RUN, "剩 18 分"),
        (WARN, Look.WARN, "仅剩 18 分"),
        (WARN + SECOND, Look.WARN, "仅剩 17 分"),
        (DUE - timedelta(seconds=61), Look.WARN, "仅剩 1 分"),
        (DUE - timedelta(seconds=60), Look.WARN, "仅剩 1 分"),
        (DUE - timedelta(seconds=59), Look.WARN, "不到 1 分"),
        (DUE - SECOND, Look.WARN, "不到 1 分"),
        (DUE, Look.WARN, "不到 1 分"),
        (DUE + timedelta(microseconds=1), Look.OVER, "已超 1 分"),
        (DUE + SECOND, Look.OVER, "已超 1 分"),
        (DUE + timedelta(seconds=60), Look.OVER, "已超 1 分"),
        (DUE + timedelta(seconds=61), Look.OVER, "已超 2 分"),
        (DUE + timedelta(hours=2, minutes=10), Look.OVER, "已超 2 小时 10 分"),
        (DUE + timedelta(days=1), Look.OVER, "已超 1 天"),
    ],
)
def test_a_running_promise_warns_at_its_warn_point_and_breaks_after_its_moment(now, look, text):
    promise = seen(now)
    assert (promise.look, promise.text) == (look, text)


@pytest.mark.parametrize(
    ("stopped", "look", "text"),
    [
        (DUE - SECOND, Look.KEPT, "已守时"),
        (DUE, Look.KEPT, "已守时"),
        (DUE + timedelta(microseconds=1), Look.LATE, "晚 1 分做到"),
        (DUE + SECOND, Look.LATE, "晚 1 分做到"),
        (DUE + timedelta(minutes=12), Look.LATE, "晚 12 分做到"),
    ],
)
def test_done_at_the_very_moment_is_kept_and_after_it_late(stopped, look, text):
    promise = seen(DUE + timedelta(hours=5), state="stopped", stopped_at=stopped)
    assert (promise.look, promise.text) == (look, text)


def test_time_stands_still_for_a_late_promise():
    stopped = DUE + timedelta(minutes=12)
    soon = seen(stopped, state="stopped", stopped_at=stopped)
    later = seen(stopped + timedelta(days=9), state="stopped", stopped_at=stopped)
    assert soon.text == later.text == "晚 12 分做到"
    assert soon.split == later.split


def test_a_kept_promise_tells_its_figures_only_when_asked():
    promise = seen(DUE, state="stopped", stopped_at=START + timedelta(seconds=100))
    assert (promise.text, promise.aside, promise.detail) == ("已守时", "用时 1 分 40 秒", "用 1 分 40 秒，限 45 分")


def test_without_a_warn_point_a_promise_runs_until_it_breaks():
    assert seen(DUE, warn_at=None).look is Look.RUN
    assert seen(DUE + SECOND, warn_at=None).look is Look.OVER


@pytest.mark.parametrize("hours_later", [0, 5, 500])
def test_a_paused_promise_never_alarms(hours_later):
    now = START + timedelta(hours=hours_later)
    pause = (START + timedelta(minutes=10), None)
    promise = seen(now, state="paused", due_at=None, paused_left=timedelta(hours=3, minutes=20), pauses=(pause,))
    assert (promise.look, promise.text) == (Look.PAUSED, "暂停 · 剩 3 小时 20 分")
    assert not promise.ticking


def test_a_waiting_promise_says_what_it_waits_for():
    promise = seen(START, state="waiting", started_at=None, due_at=None, waits_for="到场后起算", amount="3 小时")
    assert (promise.look, promise.text, promise.end_words) == (Look.WAIT, "到场后起算", "+3 小时")
    assert seen(START, state="waiting", started_at=None, due_at=None).text == "待起算"


def test_no_clock_is_no_time_limit():
    assert (view(None, now=START).look, view(None, now=START).text) == (Look.NONE, "不限时")


def test_a_clock_without_its_moment_is_shown_as_none_rather_than_wrong():
    assert seen(START, due_at=None).look is Look.NONE


@pytest.mark.parametrize(
    ("days", "now", "text"),
    [
        (2, DUE - timedelta(days=4), "剩 2 个工作日"),
        (1, DUE - timedelta(days=3), "剩 1 个工作日"),
        (0, DUE - timedelta(days=2), "剩 2 天"),  # a weekend ahead and nothing of work left: never “0”
        (1, DUE - timedelta(hours=23), "剩 23 小时"),
        (1, DUE + timedelta(days=1, seconds=1), "已超 1 天 1 小时"),
    ],
)
def test_working_days_are_told_while_more_than_a_day_is_left(days, now, text):
    promise = seen(now, started_at=DUE - timedelta(days=9), warn_at=None, working_days_left=days)
    assert promise.text == text


def test_a_moment_in_an_unannounced_year_says_so():
    promise = seen(START, provisional=True)
    assert promise.aside == "15:17 前，假日安排未定"


# ── the drawing ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "split"), [(START, 0), (START + timedelta(minutes=27), 60), (DUE, 100), (START - SECOND, 0)]
)
def test_the_wick_burns_from_left_to_right(now, split):
    promise = seen(now)
    assert promise.split == split
    assert promise.split + promise.rest == 100


def test_over_the_tick_moves_left_and_the_rest_is_red():
    assert seen(moment("2026-11-20 15:32")).split == 75


def test_a_clock_that_starts_and_ends_at_once_is_drawn_used_up():
    assert seen(START, due_at=START, warn_at=None).split == 100


def test_pauses_are_gaps_where_they_were():
    pause = (START + timedelta(minutes=9), START + timedelta(minutes=18))
    assert seen(START + timedelta(minutes=27), pauses=(pause,)).gaps == ((20, 20),)


def test_a_pause_that_rounds_to_nothing_is_not_drawn():
    pause = (START + timedelta(minutes=9), START + timedelta(minutes=9, seconds=1))
    assert seen(START + timedelta(minutes=27), pauses=(pause,)).gaps == ()


# ── in both languages ───────────────────────────────────────────────────

PHRASES = [
    (START + timedelta(minutes=27), {}, "到场，仅剩 18 分，今天 15:17 前", "Arrive, only 18 min left, by 15:17 today"),
    (START, {"warn_at": None}, "到场，剩 45 分，今天 15:17 前", "Arrive, 45 min left, by 15:17 today"),
    (DUE + SECOND, {}, "到场，已超 1 分，原定 15:17 前", "Arrive, 1 min over, was by 15:17"),
    (
        DUE,
        {"state": "stopped", "stopped_at": DUE + SECOND},
        "到场，晚 1 分做到，15:17 到场",
        "Arrive, done 1 min late, Arrive 15:17",
    ),
    (DUE, {"state": "stopped", "stopped_at": START + SECOND}, "到场，已守时，用时 1 秒", "Arrive, kept, took 1 s"),
]


@pytest.mark.parametrize(("now", "changes", "zh", "en"), PHRASES)
def test_a_promise_is_read_as_one_phrase(now, changes, zh, en):
    assert seen(now, **changes).phrase == zh
    with translation.override("en"):
        assert seen(now, **({"label": "Arrive"} | changes)).phrase == en


# ── drawn ───────────────────────────────────────────────────────────────


def drawn(source: str, promise: PromiseView, **context) -> str:
    template = engines["django"].from_string("{% load promise %}" + source)
    return template.render({"view": promise} | context)


@pytest.mark.parametrize(
    ("changes", "now", "look"),
    [
        ({}, START, "run"),
        ({}, WARN, "warn"),
        ({}, DUE + SECOND, "over"),
        ({"state": "stopped", "stopped_at": DUE + SECOND}, DUE, "late"),
        ({"state": "stopped", "stopped_at": DUE}, DUE, "kept"),
        ({"state": "paused", "paused_left": timedelta(hours=1)}, DUE, "paused"),
        ({"state": "waiting"}, DUE, "wait"),
        ({"due_at": None}, DUE, "none"),
    ],
)
def test_every_look_is_drawn_by_chip_and_line_without_inline_style(changes, now, look):
    promise = seen(now, **changes)
    for size, source in (("pr", "{% promise_chip view fill=True %}"), ("pl", "{% promise_line view hero=True %}")):
        html = drawn(source, promise)
        assert f"dh-{size}--{look}" in html
        assert promise.text.removeprefix("暂停 · ") in html
        assert "style=" not in html


def test_only_a_ticking_chip_is_given_to_the_script():
    assert 'data-state="warn"' in drawn("{% promise_chip view %}", seen(WARN))
    assert "data-due" not in drawn("{% promise_chip view %}", seen(WARN, state="stopped", stopped_at=WARN))


def test_a_chip_links_to_its_order_unless_told_not_to():
    promise = seen(WARN, href="/orders/BX-261120-0147/")
    assert '<a href="/orders/BX-261120-0147/"' in drawn("{% promise_chip view %}", promise)
    assert "<a" not in drawn('{% promise_chip view href="" %}', promise)


def test_what_a_customer_wrote_is_escaped_in_a_chip():
    assert "<b>x" not in drawn("{% promise_chip view %}", seen(WARN, label="<b>x"))

"""What customers and crews read about a promise, in whole sentences of both languages."""

from datetime import timedelta

import pytest
from django.template import engines
from django.utils import translation
from django.utils.html import strip_tags

from tests.conftest import moment
from workorders.promise import ClockFacts, view
from workorders.promise_sentence import Sentence, Told, sentence
from workorders.promise_words import SAYS

START = moment("2026-11-20 14:05")
DUE = moment("2026-11-20 14:50")


def said(now, told=None, voice="customer", language="zh-hans", **changes) -> Sentence:
    given = {"label": "到场", "kind": "arrive", "state": "running", "started_at": START, "due_at": DUE}
    with translation.override(language):
        return sentence(view(ClockFacts(**(given | changes)), now=now), told=told, voice=voice)


def lines(one: Sentence) -> tuple[str, str, str]:
    return one.lead, one.what, strip_tags(one.left)


def test_a_running_promise_says_what_by_when_how_long():
    now = DUE - timedelta(minutes=38)
    assert lines(said(now)) == ("我们答应您", "今天 14:50 前到", "还有 38 分")
    english = ("We promised", "We will be there by 14:50", "38 minutes from now")
    assert lines(said(now, language="en")) == english


def test_a_broken_promise_is_admitted_and_leads_with_the_new_time():
    told = Told(new_time=moment("2026-11-20 15:25"), reason="前一处修得比预计久。")
    one = said(moment("2026-11-20 15:04"), told)
    assert one.mood == "broken"
    assert lines(one) == (
        "我们说好 14:50 前到，没有做到，对不起",
        "新的时间：15:25 前到",
        "已经晚了 14 分。前一处修得比预计久。",
    )
    told = Told(new_time=moment("2026-11-20 15:25"), reason="The job before yours took longer than we planned.")
    assert lines(said(moment("2026-11-20 15:04"), told, language="en")) == (
        "We said 14:50 and did not make it. Sorry.",
        "New time: by 15:25",
        "14 minutes late so far. The job before yours took longer than we planned.",
    )


def test_without_a_new_time_the_next_news_has_one():
    told = Told(news_at=moment("2026-11-20 15:15"))
    assert said(moment("2026-11-20 15:04"), told).what == "还不知道几点能到，15:15 前告诉您"
    english = "We do not know yet when we can be there. We will tell you more by 15:15."
    assert said(moment("2026-11-20 15:04"), told, language="en").what == english


@pytest.mark.parametrize(("now", "what"), [("15:25:00", "新的时间：15:25 前到"), ("15:25:01", "还不知道几点能到")])
def test_a_new_time_that_has_passed_is_not_promised_again(now, what):
    told = Told(new_time=moment("2026-11-20 15:25"))
    assert said(moment(f"2026-11-20 {now}"), told).what == what


def test_news_that_did_not_come_are_not_announced_again():
    told = Told(news_at=moment("2026-11-20 15:15"))
    assert said(moment("2026-11-20 15:15:01"), told).what == "还不知道几点能到"


@pytest.mark.parametrize(
    ("stopped", "what"),
    [
        ("14:39", "14:39 到了，早 11 分"),
        ("14:49:01", "14:49 到了，守时"),
        ("14:50", "14:50 到了，守时"),
        ("14:50:01", "14:50 到了，晚 1 分"),
        ("15:02", "15:02 到了，晚 12 分"),
    ],
)
def test_what_is_done_says_when_and_how_early_or_late(stopped, what):
    one = said(moment("2026-11-20 16:00"), state="stopped", stopped_at=moment(f"2026-11-20 {stopped}"))
    assert one.what == what


def test_a_late_one_keeps_its_apology():
    one = said(moment("2026-11-20 16:00"), state="stopped", stopped_at=moment("2026-11-20 15:02"))
    assert one.lead == "我们说好 14:50 前到，没有做到，对不起"
    assert one.mood == "broken"


def test_a_kept_one_says_what_comes_next():
    told = Told(next_words="正在修，18:06 前来电")
    one = said(moment("2026-11-20 16:00"), told, state="stopped", stopped_at=moment("2026-11-20 14:39"))
    assert (one.mood, one.lead, one.left) == ("kept", "我们答应 14:50 前到", "正在修，18:06 前来电")


def test_a_paused_one_says_what_it_waits_for_and_what_stays():
    told = Told(reason="还差一张房产证照片")
    one = said(START, told, state="paused", paused_left=timedelta(hours=3, minutes=20))
    assert lines(one) == ("还差一张房产证照片", "时间停着，等您补来", "收到后还有 3 小时 20 分，不会作废")


def test_a_promise_that_waits_says_within_what_time():
    one = said(START, kind="restore", state="waiting", amount="3 小时", waits_for="到场后起算")
    assert lines(one) == ("我们答应您", "3 小时内来电", "到场后起算")


def test_no_limit_is_said_too():
    assert said(START, due_at=None).what == "这件事不限时"


def test_a_crew_reads_the_trades_word_and_no_apology():
    one = said(DUE - timedelta(minutes=38), voice="crew", source="十项承诺 · 45 分")
    assert lines(one) == ("十项承诺 · 45 分", "14:50 前到场", "还有 38 分")
    done = said(DUE, voice="crew", state="stopped", stopped_at=moment("2026-11-20 14:39"))
    assert (done.lead, done.what) == ("答应 14:50 前到", "14:39 到了，守时")


@pytest.mark.parametrize("kind", [*SAYS, "some later kind"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_all_its_sentences(kind, language):
    with translation.override(language):
        for one in (
            said(START, kind=kind, language=language),
            said(DUE + timedelta(minutes=1), kind=kind, language=language),
            said(DUE, kind=kind, language=language, state="stopped", stopped_at=DUE),
            said(START, kind=kind, language=language, state="waiting", amount="3 h"),
        ):
            assert one.what
            assert "%(" not in one.what + one.lead + str(one.left)


FORBIDDEN = ("工单", "台区", "派单", "时限", "闭环", "户变", "请耐心等待", "系统繁忙", "！", "复电")


def test_customers_never_read_the_trades_words():
    with translation.override("zh-hans"):
        for says in SAYS.values():
            sentences = "".join(str(getattr(says, name)) for name in says.__dataclass_fields__)
            assert not [word for word in FORBIDDEN if word in sentences]


def test_a_reason_is_escaped_and_the_figure_is_bold():
    told = Told(reason="<script>alert(1)</script>")
    left = str(said(DUE + timedelta(minutes=3), told).left)
    assert "<script>" not in left
    assert '<b class="dh-span">3 分</b>' in left


def test_the_drawn_sentence_has_its_wick_and_no_inline_style():
    facts = ClockFacts(label="到场", kind="arrive", state="running", started_at=START, due_at=DUE)
    with translation.override("zh-hans"):
        html = (
            engines["django"]
            .from_string('{% load promise %}{% promise_sentence view reason="前一处修得久" %}')
            .render({"view": view(facts, now=DUE + timedelta(minutes=14))})
        )
    assert "dh-say--broken" in html
    assert "dh-over-run" in html
    assert "style=" not in html

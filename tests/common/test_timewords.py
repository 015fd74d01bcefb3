"""Words about time, in both languages, at every boundary where they change."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from common import timewords
from tests.conftest import moment

NOW = moment("2026-11-20 14:32")  # a Friday


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


LEFT = [
    (s(0), "不到 1 分", "under 1 min"),
    (s(59), "不到 1 分", "under 1 min"),
    (s(59.999), "不到 1 分", "under 1 min"),
    (s(60), "1 分", "1 min"),
    (s(119), "1 分", "1 min"),
    (s(18 * 60 + 59), "18 分", "18 min"),
    (s(59 * 60 + 59), "59 分", "59 min"),
    (s(3600), "1 小时", "1 h"),
    (s(3600 + 59), "1 小时", "1 h"),
    (s(3660), "1 小时 01 分", "1 h 01 min"),
    (s(7500), "2 小时 05 分", "2 h 05 min"),
    (s(86_399), "23 小时 59 分", "23 h 59 min"),
    (s(86_400), "1 天", "1 day"),
    (s(86_400 + 3599), "1 天", "1 day"),
    (s(86_400 + 3600), "1 天 1 小时", "1 day 1 h"),
    (s(39 * 3600), "1 天 15 小时", "1 day 15 h"),
    (s(3 * 86_400 - 1), "2 天 23 小时", "2 days 23 h"),
    (s(3 * 86_400), "3 天", "3 days"),
    (s(4 * 86_400 - 1), "3 天", "3 days"),
]


@pytest.mark.parametrize(("span", "zh", "en"), LEFT)
def test_left_time_is_rounded_down_and_never_zero(span, zh, en, language):
    assert timewords.left(span) == (zh if language == "zh-hans" else en)


OVER = [
    (s(0), "1 分", "1 min"),
    (s(0.000001), "1 分", "1 min"),
    (s(1), "1 分", "1 min"),
    (s(60), "1 分", "1 min"),
    (s(61), "2 分", "2 min"),
    (s(59 * 60), "59 分", "59 min"),
    (s(59 * 60 + 1), "1 小时", "1 h"),
    (s(3600), "1 小时", "1 h"),
    (s(3601), "1 小时 01 分", "1 h 01 min"),
    (s(7800), "2 小时 10 分", "2 h 10 min"),
    (s(86_340), "23 小时 59 分", "23 h 59 min"),
    (s(86_341), "1 天", "1 day"),
    (s(86_400), "1 天", "1 day"),
    (s(86_401), "1 天 1 小时", "1 day 1 h"),
    (s(38 * 3600), "1 天 14 小时", "1 day 14 h"),
    (s(71 * 3600), "2 天 23 小时", "2 days 23 h"),
    (s(71 * 3600 + 1), "3 天", "3 days"),
    (s(3 * 86_400), "3 天", "3 days"),
    (s(3 * 86_400 + 1), "4 天", "4 days"),
]


@pytest.mark.parametrize(("span", "zh", "en"), OVER)
def test_over_time_is_rounded_up_and_never_zero(span, zh, en, language):
    assert timewords.over(span) == (zh if language == "zh-hans" else en)


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (s(59), "不到 1 分", "under 1 minute"),
        (s(60), "1 分", "1 minute"),
        (s(38 * 60), "38 分", "38 minutes"),
        (s(3600), "1 小时", "1 hour"),
        (s(2 * 3600 + 51 * 60), "2 小时 51 分", "2 hours 51 minutes"),
        (s(25 * 3600), "1 天 1 小时", "1 day 1 hour"),
        (s(39 * 3600), "1 天 15 小时", "1 day 15 hours"),
        (s(2 * 86_400), "2 天", "2 days"),
    ],
)
def test_spans_in_sentences_are_spelled_out(span, zh, en, language):
    assert timewords.left(span, spelled=True) == (zh if language == "zh-hans" else en)


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (s(0), "0 秒", "0 s"),
        (s(40), "40 秒", "40 s"),
        (s(100), "1 分 40 秒", "1 min 40 s"),
        (s(125), "2 分 05 秒", "2 min 05 s"),
        (s(45 * 60), "45 分", "45 min"),
        (s(3 * 3600), "3 小时", "3 h"),
        (s(5400), "1 小时 30 分", "1 h 30 min"),
        (s(24 * 3600), "24 小时", "24 h"),
        (s(72 * 3600), "72 小时", "72 h"),
        (s(7 * 86_400), "7 天", "7 days"),
        (s(4 * 86_400 + 3 * 3600), "4 天 3 小时", "4 days 3 h"),
        (s(-45 * 60), "−45 分", "−45 min"),
    ],
)
def test_an_exact_span_says_no_more_and_no_less(span, zh, en, language):
    assert timewords.duration(span) == (zh if language == "zh-hans" else en)


@pytest.mark.parametrize(("n", "zh", "en"), [(1, "1 个工作日", "1 working day"), (2, "2 个工作日", "2 working days")])
def test_working_days_have_a_singular_in_english(n, zh, en, language):
    assert timewords.working_days(n) == (zh if language == "zh-hans" else en)


INSTANTS = [
    ("2026-11-20 15:17", "15:17", "15:17"),
    ("2026-11-20 00:00", "0:00", "0:00"),
    ("2026-11-20 23:59:59", "23:59", "23:59"),
    ("2026-11-21 00:00", "明天 0:00", "tomorrow 0:00"),
    ("2026-11-21 09:00", "明天 9:00", "tomorrow 9:00"),
    ("2026-11-19 23:59:59", "昨天 23:59", "yesterday 23:59"),
    ("2026-11-22 09:00", "11 月 22 日 周日 9:00", "Sun 22 Nov, 9:00"),
    ("2026-11-24 08:30", "11 月 24 日 周二 8:30", "Tue 24 Nov, 8:30"),
    ("2026-01-01 08:05", "1 月 1 日 周四 8:05", "Thu 1 Jan, 8:05"),
    ("2027-01-04 08:30", "2027 年 1 月 4 日 周一 8:30", "Mon 4 Jan 2027, 8:30"),
    ("2025-12-31 18:00", "2025 年 12 月 31 日 周三 18:00", "Wed 31 Dec 2025, 18:00"),
]


@pytest.mark.parametrize(("at", "zh", "en"), INSTANTS)
def test_an_instant_names_its_day_unless_it_is_today(at, zh, en, language):
    assert timewords.instant(moment(at), NOW) == (zh if language == "zh-hans" else en)


def test_tomorrow_is_tomorrow_also_over_the_year_end(language):
    now = moment("2026-12-31 23:30")
    expected = {"zh-hans": "明天 0:30", "en": "tomorrow 0:30"}[language]
    assert timewords.instant(moment("2027-01-01 00:30"), now) == expected


def test_the_day_is_that_of_shanghai_not_of_utc(language):
    at = datetime.fromisoformat("2026-11-20T16:30:00+00:00")  # half past midnight in Shanghai
    assert timewords.instant(at, NOW) == {"zh-hans": "明天 0:30", "en": "tomorrow 0:30"}[language]


def test_a_promise_is_said_with_by(language):
    assert timewords.by(moment("2026-11-20 15:17"), NOW) == {"zh-hans": "15:17 前", "en": "by 15:17"}[language]
    assert (
        timewords.by(moment("2026-11-20 15:17"), NOW, today=True)
        == {
            "zh-hans": "今天 15:17 前",
            "en": "by 15:17 today",
        }[language]
    )
    assert (
        timewords.by(moment("2026-11-21 09:00"), NOW) == {"zh-hans": "明天 9:00 前", "en": "by tomorrow 9:00"}[language]
    )


def test_a_promise_to_a_customer_names_today_in_chinese(language):
    said = timewords.promised(moment("2026-11-20 15:17"), NOW)
    assert said == {"zh-hans": "今天 15:17 前", "en": "by 15:17"}[language]
    later = timewords.promised(moment("2026-11-24 08:30"), NOW)
    assert later == {"zh-hans": "11 月 24 日 周二 8:30 前", "en": "by Tue 24 Nov, 8:30"}[language]


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        ("18:00", "下午 6 点前", "by 6 in the afternoon"),
        ("18:59", "下午 6 点 59 分前", "by 6:59 in the afternoon"),
        ("19:00", "晚上 7 点前", "by 7 in the evening"),
    ],
)
def test_the_evening_begins_at_seven(at, zh, en, language):
    assert timewords.spoken(moment(f"2026-11-20 {at}"), NOW) == (zh if language == "zh-hans" else en)


def test_columns_have_figures_only():
    assert timewords.instant_table(moment("2026-11-24 08:30"), NOW) == "11-24 08:30"
    assert timewords.instant_table(moment("2027-01-04 08:30"), NOW) == "2027-01-04 08:30"
    assert timewords.instant_short(moment("2026-11-20 08:30"), NOW) == "8:30"
    assert timewords.instant_short(moment("2026-11-18 09:10"), NOW) == "11-18 09:10"


def test_a_day_may_be_a_date(language):
    assert timewords.day(date(2026, 11, 20), NOW) == {"zh-hans": "今天", "en": "today"}[language]
    assert timewords.day(date(2026, 11, 24), NOW) == {"zh-hans": "11 月 24 日 周二", "en": "Tue 24 Nov"}[language]
    assert (
        timewords.day(moment("2027-01-04 08:30"), NOW)
        == {
            "zh-hans": "2027 年 1 月 4 日 周一",
            "en": "Mon 4 Jan 2027",
        }[language]
    )


def test_the_script_gets_the_patterns_the_server_speaks(language):
    patterns = timewords.patterns()
    assert patterns["hm"] % {"h": 2, "m": 5} == timewords.left(s(7500))
    assert patterns["days"][1] % {"n": 3} == timewords.left(s(3 * 86_400))
    days = patterns["days"][0] % {"n": 1}
    assert patterns["dh"] % {"days": days, "h": 15} == timewords.left(s(39 * 3600))
    spelled = timewords.patterns_spelled()
    assert spelled["minutes"][1] % {"n": 38} == timewords.left(s(38 * 60), spelled=True)

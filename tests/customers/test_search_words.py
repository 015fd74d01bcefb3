"""What the typed text means, and under which keys a customer is filed: both sides of one module."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.pinyin import spell
from customers.ranking import rank, underlined
from customers.search import MAX_CHARS, Facts, keys_of, lines_of, parse, plain

CHEN = Facts(
    name="陈淑兰",
    pinyin="chenshulan",
    initials="csl",
    account_no="4200361772",
    phones=["13912342716"],
    meters=["420103380"],
    places=[("夜明珠街道桔城路18号2栋1单元", "302")],
    units=[7],
)


def test_full_width_case_and_spaces_do_not_matter():
    assert plain("  ＡＢｃ　１２号（铺面） ") == "abc12号铺面"


def test_invisible_and_punctuation_characters_are_not_compared():
    assert plain("O'Brien\u200d·😀\ufe0f") == "obrien😀"


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("陈淑兰", "chenshulan", "csl"),
        ("单雄", "shanxiong", "sx"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("解放路小学", "jiefangluxiaoxue", "jflxx"),
        ("O'Brien", "obrien", "obrien"),
        ("陈😀", "chen", "c"),
    ],
)
def test_names_are_spelled_as_they_are_typed(name, full, initials):
    assert spell(name) == (full, initials)


def test_keys_hold_names_ends_of_numbers_addresses_and_area():
    keys = set(keys_of(CHEN))
    assert {"=陈淑兰", "陈淑", "淑兰", "陈", "~cs", "~=csl", ">chen", "#2716", "#1772", "#3380", "^420036"} <= keys
    assert {"/桔城", "/1单", "/单元", "/30", "/02", "@7"} <= keys


@pytest.mark.parametrize("text", ["", "   ", "'", "!!", "。", "\x00", "a"])
def test_text_that_means_nothing_asks_for_nothing(text):
    assert parse(text).circles() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4200361772", "4200361772"),
        ("4200 361 772", "4200361772"),
        ("139 1234 2716", "13912342716"),
        ("+86 139-1234-2716", "13912342716"),
        ("0717-6221234", "07176221234"),
        ("139 **** 2716", "2716"),
        ("陈 2716", ""),
    ],
)
def test_numbers_are_read_however_they_are_grouped(text, number):
    assert parse(text).number == number


def test_several_words_narrow_in_one_question():
    (question,) = parse("陈淑 桔城路").circles()
    assert " & " in question.keys
    assert "'陈淑'" in question.keys
    assert "'/桔城'" in question.keys


def test_of_a_long_word_the_rarest_pieces_are_asked_for():
    common = {"/栋1": 0.4, "/1单": 0.4, "/单元": 0.8, "/桔城": 0.02, "/城路": 0.05, "/路1": 0.3, "/18": 0.1}
    far = parse("桔城路18号2栋1单元", common).words[0].far
    assert "'/8号'" in far.keys
    assert "'/单元'" not in far.keys
    assert far.share < 0.02


def test_a_word_of_common_pieces_only_says_how_common_it_is():
    assert parse("1单元", {"/1单": 0.4, "/单元": 0.8}).words[0].far.share == pytest.approx(0.4)


def test_long_text_is_cut_before_it_becomes_a_question():
    assert len(parse("长" * 10_000_000).words[0].text) == MAX_CHARS


def test_patterns_take_percent_and_underscore_literally():
    assert all("%" not in check.strip("%") for check in parse("100%店_").checks()[0])


def test_rank_puts_the_very_name_before_its_parts_and_addresses_last():
    def lines(name, address="云集路1号"):
        return lines_of(Facts(name, *spell(name), "4200000001", places=[(address, "")]))

    found = [lines("李东方"), lines("王伟", "东方大道3号"), lines("东方红"), lines("东方")]
    names = [entry.split("\n")[1] for entry in sorted(found, key=lambda entry: rank(entry, parse("东方")))]
    assert names == ["东方", "东方红", "李东方", "王伟"]


def test_rank_prefers_a_door_that_stands_alone():
    def lines(door):
        return lines_of(Facts("王伟", "wangwei", "ww", f"42000{door:0>5}", places=[("云集路1号2单元", door)]))

    found = sorted([lines("1302"), lines("302")], key=lambda entry: rank(entry, parse("云集路 302")))
    assert "单元302\n" in found[0]


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("陈淑兰", "陈淑", ("", "陈淑", "兰")),
        ("陈淑兰", "淑兰", ("陈", "淑兰", "")),
        ("陈淑兰", "csl", ("", "陈淑兰", "")),
        ("陈淑兰", "sl", ("陈", "淑兰", "")),
        ("陈淑兰", "chensh", ("", "陈淑", "兰")),
        ("O'Brien", "obri", ("", "O'Bri", "en")),
        ("陈淑兰", "桔城路", ("陈淑兰", "", "")),
    ],
)
def test_the_matched_part_of_the_name_is_underlined(name, text, parts):
    assert underlined(name, parse(text)) == parts


@given(st.text(max_size=80))
def test_any_text_parses_and_every_name_is_found_under_its_own_pieces(text):
    query = parse(text)
    assert len(query.words) <= 6
    name = plain(text)
    keys = set(keys_of(Facts(name=text, pinyin="", initials="", account_no="4200000001")))
    assert all(name[i : i + 2] in keys for i in range(len(name) - 1))

"""The key that sorts and finds names."""

import pytest

from common.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("周婷", "zhouting zt"),
        ("单雪", "shanxue sx"),
        ("望小军", "wangxiaojun wxj"),
        ("Ann Lee", "annlee annlee"),
        ("", ""),
    ],
)
def test_name_is_keyed_by_sound_and_initials(name, key):
    assert pinyin_key(name) == key


def test_keys_sort_as_chinese_is_sorted():
    assert sorted(["周婷", "陈刚", "李敏"], key=pinyin_key) == ["陈刚", "李敏", "周婷"]

"""What is shown of a person. Pure.

Inside the house: the name in full, phone and door masked. Outside, in public or on paper: the name masked too and the
address as far as the building (design §11, standards H3).
"""

import re

from customers.addresses import to_building
from customers.phones import clean_phone

STARS = "****"
SHORT = 7  # fewer digits are hidden altogether

# Surnames of two characters that occur in China today; facts, the rest of the people have one.
_DOUBLE = """
    欧阳 百里 淳于 澹台 第五 东方 独孤 端木 段干 公孙 公西 公羊 公冶 赫连 呼延 皇甫 乐正 令狐 闾丘 慕容
    纳兰 南宫 南门 濮阳 亓官 上官 申屠 司空 司寇 司马 司徒 太史 太叔 拓跋 完颜 万俟 尉迟 闻人 巫马 西门
    夏侯 鲜于 轩辕 宇文 长孙 钟离 仲孙 诸葛 颛孙 宗政 左丘
"""
DOUBLE_SURNAMES = frozenset(_DOUBLE.split())
PERSON_CHARS = 4  # a longer Chinese name is a company


def phone(number: str) -> str:
    """“139 **** 2716”; a landline keeps its area code and three last digits, short numbers show nothing."""
    digits = "".join(ch for ch in number if ch.isdigit())
    if len(digits) < SHORT:
        return STARS if digits else ""
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]} {STARS} {digits[-4:]}"
    head = digits[: 3 if digits[:2] in ("01", "02") else 4]
    return f"{head} {STARS} {digits[-3:]}"


def typed_phone(text: str, *, on_file: str, field: str) -> str:
    """The number typed, or the one on file when its masked form was left alone; the full one never reaches the page.

    Raises: Refusal on ``field``, saying how to mend it.
    """
    typed = text.strip()
    if on_file and typed == phone(on_file):
        return on_file
    return clean_phone(typed, field=field) if typed else ""


def door(number: str) -> str:
    """Three stars whatever the number; nothing when there is none."""
    return "***" if number else ""


def name_public(name: str) -> str:
    """“张*”, “陈**”, “欧阳**”; a company shows its first two characters, a name in letters its first one."""
    text = name.strip()
    if not text:
        return ""
    if not _is_chinese(text[0]):
        return text[0] + "***"
    if len(text) > PERSON_CHARS:
        return text[:2] + "***"
    shown = text[:2] if text[:2] in DOUBLE_SURNAMES and len(text) > 2 else text[:1]
    return shown + "*" * min(len(text) - len(shown), 2)


def address_public(address: str) -> str:
    """The address as far as the building."""
    return to_building(address)


def account_public(account_no: str) -> str:
    """The account with its middle hidden, for public look-ups: “4200 *** 772”."""
    return f"{account_no[:4]} *** {account_no[-3:]}" if len(account_no) == 10 else STARS


def text_public(text: str) -> str:
    """What people typed, with phone and account numbers in it masked; times and dates stay."""
    return _NUMBERS.sub(lambda found: phone(found[0]) if found[0][0] in "01" else STARS, text)


_NUMBERS = re.compile(
    r"(?<!\d)(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|\d{4} ?\d{3} ?\d{3})(?!\d)"  # mobile, landline, account
)


def _is_chinese(ch: str) -> bool:
    return "\u4e00" <= ch <= "\u9fff"

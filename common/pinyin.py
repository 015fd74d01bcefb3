"""How a Chinese name is typed on a keyboard: full pinyin and initials. Pure."""

from functools import lru_cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

PERSON_CHARS = 4  # longer names are companies: “解放路小学” does not begin with the surname 解

# Characters that are read differently as a surname. Facts of the language; the most common forty.
SURNAME_READINGS = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "乐正": ("yue", "zheng"), "令狐": ("ling", "hu"), "鲜于": ("xian", "yu"),
    "单": ("shan",), "解": ("xie",), "曾": ("zeng",), "仇": ("qiu",), "区": ("ou",), "查": ("zha",), "盖": ("ge",),
    "朴": ("piao",), "覃": ("qin",), "乐": ("yue",), "缪": ("miao",), "翟": ("zhai",), "折": ("she",), "召": ("shao",),
    "员": ("yun",), "祭": ("zhai",), "隗": ("wei",), "繁": ("po",), "冼": ("xian",), "么": ("yao",), "适": ("kuo",),
    "洗": ("xian",), "种": ("chong",), "秘": ("bi",), "黑": ("he",), "宿": ("su",), "薄": ("bo",), "尹": ("yin",),
    "车": ("che",), "卜": ("bu",), "郇": ("xun",), "郗": ("xi",), "佟": ("tong",), "阚": ("kan",), "逄": ("pang",),
}  # fmt: skip


class Spelling(NamedTuple):
    """``full`` is “chenshulan”, ``initials`` is “csl”; letters and digits that are not Chinese stand for themselves."""

    full: str
    initials: str


def spell(name: str) -> Spelling:
    """The two ways in which a clerk types ``name`` without an input method; lower case, no spaces."""
    rest = "".join(ch for ch in name.lower() if ch.isalnum())
    syllables: list[str] = []
    if len(rest) <= PERSON_CHARS:
        for surname in (rest[:2], rest[:1]):
            if surname in SURNAME_READINGS and len(rest) > len(surname):
                syllables.extend(SURNAME_READINGS[surname])
                rest = rest[len(surname) :]
                break
    syllables.extend(_reading(ch) for ch in rest)
    return Spelling("".join(syllables)[:400], "".join(s[:1] for s in syllables)[:60])


@lru_cache(maxsize=30_000)
def _reading(ch: str) -> str:
    """The plain reading of one character; itself when it has none."""
    if ch.isascii():
        return ch
    read = lazy_pinyin(ch, style=Style.NORMAL, errors="ignore")
    return read[0].lower() if read else ""


def pinyin_key(name: str) -> str:
    """Full pinyin, a space, initials: 周婷 → ``zhouting zt``; sorts in Chinese order, is searched as it stands."""
    return " ".join(part for part in spell(name) if part)

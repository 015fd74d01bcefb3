"""Chinese order and look-up by sound, without the database knowing Chinese."""

import re

from pypinyin import Style, lazy_pinyin

_OTHER = re.compile(r"[^a-z0-9]")


def pinyin_key(text: str) -> str:
    """Lower-case pinyin, a space, its initials: 周婷 → ``zhouting zt``; sorts and is searched as it stands."""
    syllables = [_OTHER.sub("", part.lower()) for part in lazy_pinyin(text, style=Style.NORMAL)]
    syllables = [part for part in syllables if part]
    return f"{''.join(syllables)} {''.join(part[0] for part in syllables)}".strip()

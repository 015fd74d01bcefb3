"""The spelling of names lives in `common.pinyin`, where the staff room finds it too."""

from common.pinyin import Spelling, spell

__all__ = ["Spelling", "spell"]

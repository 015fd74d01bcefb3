"""How well a candidate fits what was typed, and which part of it to underline. Pure."""

import re
from dataclasses import dataclass

from common.pinyin import spell
from customers.search import TAIL, Query, plain


def rank(lines: str, query: Query) -> tuple[int, str, str]:
    """How well a candidate fits, best first: whole names before parts, names before numbers before addresses."""
    entry = Entry.read(lines)
    score, places = 0, []
    for word in query.words:
        by_name = entry.by_name(word.text)
        place = next((address for address in entry.addresses if word.text in address), "")
        score += by_name or (7 if place and whole_in(word.text, place) else 8)
        places += [place] if place and not by_name else []
    return score, "".join(places) or entry.name, entry.account


def whole_in(number: str, text: str) -> bool:
    """Whether the digits stand in the text as a number of their own: 302 in “1单元302”, not in “1302”."""
    return not number.isdigit() or re.search(rf"(?<!\d){number}(?!\d)", text) is not None


@dataclass(frozen=True)
class Entry:
    """`lines_of` taken apart again."""

    name: str
    spelled: str
    account: str
    phones: tuple[str, ...]
    meters: tuple[str, ...]
    addresses: tuple[str, ...]
    initials: str

    @classmethod
    def read(cls, lines: str) -> "Entry":
        name, spelled, account, *rest, initials = lines.strip("\n").split("\n")
        marked = {mark: tuple(line[1:] for line in rest if line[0] == mark) for mark in "#*/"}
        return cls(name, spelled[1:], account[1:], marked["#"], marked["*"], marked["/"], initials[1:])

    def by_name(self, text: str) -> int:
        """1 (the very name) to 6 (an end of a number); 0 when only the address can have it."""
        steps = (
            text in (self.name, self.initials, self.spelled),
            self.name.startswith(text),
            text in self.name,
            self.initials.startswith(text) or self.spelled.startswith(text),
            text in self.initials,
            len(text) >= TAIL and (self.account.startswith(text) or bool(self.ends_with(text))),
        )
        return next((at for at, fits in enumerate(steps, start=1) if fits), 0)

    def ends_with(self, tail: str) -> str:
        """Which kind of number ends like this: account, phone, meter, or nothing."""
        numbers = {"account": (self.account,), "phone": self.phones, "meter": self.meters}
        return next((kind for kind, ones in numbers.items() if any(one.endswith(tail) for one in ones)), "")


def underlined(name: str, query: Query) -> tuple[str, str, str]:
    """``name`` as before, matched, after: the matched part is the first typed word that fits, written or spelled."""
    plains = [plain(ch) for ch in name]
    starts = [at for at, ch in enumerate(plains) for _ in ch]  # place in the plain text → place in the name
    text = "".join(plains)
    for word in query.words:
        found = text.find(word.text)
        span = (found, found + len(word.text)) if found >= 0 else _spelled_span(text, word.text)
        if span:
            start, end = starts[span[0]], starts[span[1] - 1] + 1
            return name[:start], name[start:end], name[end:]
    return name, "", ""


def _spelled_span(text: str, typed: str) -> tuple[int, int] | None:
    """Which characters of ``text`` were typed in pinyin: by initials anywhere, in full from the beginning."""
    initials = spell(text).initials
    if not typed.isascii() or not typed.isalpha() or len(initials) != len(text):
        return None
    found = initials.find(typed)
    if found >= 0:
        return found, found + len(typed)
    return next(((0, n) for n in range(1, len(text) + 1) if spell(text[:n]).full.startswith(typed)), None)

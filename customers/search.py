"""What the one search box understands. Pure: keys of a customer on one side, the typed text on the other.

A customer becomes one row: `keys_of` gives small keys (two-character grams of name and address, ends of numbers,
pinyin) for an index, `lines_of` the text that candidates are checked against. The typed text becomes words, and every
word says which keys a customer must carry. Both sides live here so that they cannot drift apart.

Marks in front of a key keep the kinds apart: none = name, ``=`` whole name, ``/`` address and door, ``#`` last four
of a number, ``^`` beginning of the account, ``>`` beginning of the pinyin, ``~`` initials, ``~=`` all initials, ``@``
station or crew.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

TAIL = 4  # “phone by its last four”
HEADS = (8, 6, 4)  # account prefixes that have a key; others use the next shorter one and are checked
SPELLED = (8, 6, 4, 2)  # the same for pinyin
MAX_WORDS = 6
MAX_CHARS = 60
GROUPED = re.compile(r"[\d\s\-+]+")
MASKED = re.compile(r"\d{3}\s*\*{4}\s*(\d{4})")


class _Plain(dict):
    """A translation table that learns: punctuation, spaces and invisible characters go, the rest stays."""

    def __missing__(self, code: int) -> int | None:
        keep = None if unicodedata.category(chr(code))[0] in "PZC" or 0xFE00 <= code <= 0xFE0F else code
        self[code] = keep
        return keep


_plain = _Plain()


def plain(text: str) -> str:
    """``text`` as it is compared: full width made narrow, lower case, without spaces and punctuation."""
    return unicodedata.normalize("NFKC", text).lower().translate(_plain)


@dataclass(frozen=True)
class Facts:
    """What a customer can be found by."""

    name: str
    pinyin: str
    initials: str
    account_no: str
    phones: Sequence[str] = ()
    meters: Sequence[str] = ()
    places: Sequence[tuple[str, str]] = ()  # (address, door): “1单元302” is typed in one go
    units: Sequence[int] = ()  # stations and crews that serve it: whoever finds only their own asks with these


def grams(text: str) -> list[str]:
    """The two-character pieces of ``text``."""
    return [text[i : i + 2] for i in range(len(text) - 1)]


def keys_of(facts: Facts) -> list[str]:
    """The keys under which a customer is filed, without doubles."""
    name = plain(facts.name)
    keys = {"=" + name, "~=" + facts.initials}
    keys.update(grams(name))
    keys.update(ch for ch in name if not ch.isascii())
    keys.update(">" + facts.pinyin[:n] for n in SPELLED if len(facts.pinyin) >= n)
    keys.update("~" + gram for gram in grams(facts.initials))
    keys.update("^" + facts.account_no[:n] for n in HEADS)
    keys.update("#" + number[-TAIL:] for number in _numbers(facts))
    for address in _places(facts):
        keys.update("/" + gram for gram in grams(address))
        keys.update("/" + run for run in re.findall(r"(?<!\d)\d(?!\d)", address))
    keys.update(f"@{unit}" for unit in facts.units)
    return sorted(keys)


def lines_of(facts: Facts) -> str:
    """The text that candidates are checked against, one fact a line, marked like the keys; initials last."""
    lines = [plain(facts.name), ">" + facts.pinyin, *("#" + number for number in _numbers(facts))]
    lines += ["/" + address for address in _places(facts)]
    return "\n" + "\n".join([*lines, "~" + facts.initials]) + "\n"


def _numbers(facts: Facts) -> list[str]:
    return [plain(number) for number in (facts.account_no, *facts.phones, *facts.meters) if number]


def _places(facts: Facts) -> list[str]:
    return [plain(address + door) for address, door in facts.places]


@dataclass(frozen=True)
class Word:
    """One typed word: which keys it asks for, in three circles from the surest to the widest.

    ``whole`` names the very thing; ``near`` are names, spellings and ends of numbers; ``far`` are addresses and
    beginnings of accounts. Each is an index query, empty when the word cannot be meant so. ``checks`` are LIKE patterns
    of which one must hold, empty when the keys alone are proof.
    """

    text: str
    whole: str = ""
    near: str = ""
    far: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A parsed search text. ``number`` is set when the text is one number, as dialled or read from a card."""

    words: tuple[Word, ...] = ()
    number: str = ""
    raw: str = field(default="", compare=False)

    def circles(self) -> list[str]:
        """Index queries to try in turn. Several words narrow (AND), each in any of its meanings."""
        if len(self.words) == 1:
            word = self.words[0]
            return [query for query in (word.whole, word.near, word.far) if query]
        meanings = [_any(word.near, word.far) for word in self.words]
        return [" & ".join(filter(None, meanings))] if any(meanings) else []

    def checks(self) -> list[list[str]]:
        """LIKE patterns per word; of each word one must hold."""
        return [list(word.checks) for word in self.words if word.checks]


def parse(text: str) -> Query:
    """Turn what was typed into a `Query`; nonsense gives an empty one, never an error."""
    raw = text.strip()[:MAX_CHARS]
    shown = MASKED.sub(r"\1", raw)
    digits = re.sub(r"\D", "", shown)
    if GROUPED.fullmatch(shown) and len(digits) >= 10:
        digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
        return Query((_word(digits),), number=digits, raw=raw)
    parts = [part for part in map(plain, shown.split()) if part][:MAX_WORDS]
    words = tuple(_word(part) for part in dict.fromkeys(parts))
    number = words[0].text if len(words) == 1 and any(ch.isdigit() for ch in words[0].text) else ""
    return Query(words, number=number, raw=raw)


def _word(text: str) -> Word:
    if text.isascii() and text.isdigit():
        return _digits(text)
    if text.isascii() and text.isalpha():
        return _letters(text)
    return _characters(text)


def _digits(text: str) -> Word:
    place = _all("/", grams(text)) if len(text) > 1 else _key("/" + text)
    if len(text) < TAIL:
        return Word(text, far=place, checks=(f"%/%{text}%",))
    head = next(n for n in HEADS if n <= len(text))
    return Word(
        text,
        near=_key("#" + text[-TAIL:]),
        far=_any(_key("^" + text[:head]), place if len(text) == TAIL else ""),  # no house has a longer number
        checks=(f"%{text}\n%", f"%\n#{text}%", f"%/%{text}%"),
    )


def _letters(text: str) -> Word:
    if len(text) < 2:
        return Word(text)
    head = next(n for n in SPELLED if n <= len(text))
    spelled = _any(_all("~", grams(text)), _key(">" + text[:head]))
    checks = (f"%\n>{text}%", f"%\n~%{text}%", f"%{_like(text)}%")
    return Word(
        text,
        whole=_key("~=" + text),
        near=_any(spelled, _all("", grams(text))),
        far=_all("/", grams(text)),
        checks=checks,
    )


def _characters(text: str) -> Word:
    if len(text) == 1:
        return Word(text, near=_key(text))
    number = _key("#" + text[-TAIL:]) if text.isascii() and len(text) >= TAIL else ""
    return Word(
        text,
        whole=_key("=" + text),
        near=_any(_all("", grams(text)), number),
        far=_all("/", grams(text)),
        checks=(f"%{_like(text)}%",) if len(text) > 2 else (),
    )


def _like(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _key(key: str) -> str:
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"


def _all(mark: str, pieces: Iterable[str]) -> str:
    return _joined(" & ", [_key(mark + piece) for piece in dict.fromkeys(pieces)])


def _any(*queries: str) -> str:
    return _joined(" | ", [query for query in queries if query])


def _joined(sign: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({sign.join(parts)})" if parts else ""

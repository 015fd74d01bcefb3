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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customers.asking import NOTHING, Ask, Asker, either, narrowest

TAIL = 4  # “phone by its last four”
HEADS = (8, 7, 6, 5, 4)  # account prefixes that have a key; longer ones are checked
SPELLED = (8, 6, 4, 2)  # beginnings of the pinyin; others use the next shorter one and are checked
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
    units: Sequence[int] = ()  # that serve it, and those above: who finds only their own is one of them


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
    keys.update("#" + number[-TAIL:].lower() for number in (facts.account_no, *facts.phones, *facts.meters) if number)
    for address in _places(facts):
        keys.update("/" + gram for gram in grams(address))
        keys.update("/" + run for run in re.findall(r"(?<!\d)\d(?!\d)", address))
    keys.update(f"@{unit}" for unit in facts.units)
    return sorted(keys)


def lines_of(facts: Facts) -> str:
    """The text that candidates are checked against, one fact a line, initials last.

    Marked ``>`` pinyin, ``^`` account, ``#`` phone, ``*`` meter, ``/`` place, ``~`` initials.
    """
    lines = [plain(facts.name), ">" + facts.pinyin, "^" + facts.account_no]
    lines += ["#" + phone for phone in facts.phones]
    lines += ["*" + meter.lower() for meter in facts.meters if meter]
    lines += ["/" + place for place in _places(facts)]
    return "\n" + "\n".join([*lines, "~" + facts.initials]) + "\n"


def _places(facts: Facts) -> list[str]:
    return [plain(address + door) for address, door in facts.places]


@dataclass(frozen=True)
class Word:
    """One typed word: which keys it asks for, in three circles from the surest to the widest.

    ``whole`` names the very thing; ``near`` are names, spellings and ends of numbers; ``far`` are addresses and
    beginnings of accounts. Each is empty when the word cannot be meant so. ``checks`` are LIKE patterns of which one
    must hold: not every key of a word is asked for.
    """

    text: str
    whole: Ask = NOTHING
    near: Ask = NOTHING
    far: Ask = NOTHING
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A parsed search text. ``number`` is set when the text is one number, as dialled or read from a card."""

    words: tuple[Word, ...] = ()
    number: str = ""

    def circles(self) -> list[Ask]:
        """Questions to the index to try in turn. Several words narrow (AND), each in any of its meanings."""
        if len(self.words) == 1:
            word = self.words[0]
            return [ask for ask in (word.whole, word.near, word.far) if ask]
        together = narrowest(either(word.near, word.far) for word in self.words)
        return [together] if together else []

    def checks(self) -> list[list[str]]:
        """LIKE patterns per word; of each word one must hold."""
        return [list(word.checks) for word in self.words if word.checks]


def parse(text: str, common: Mapping[str, float] | None = None) -> Query:
    """Turn what was typed into a `Query`; nonsense gives an empty one, never an error.

    ``common``: shares of the most common keys, so that the rare pieces of a word are asked for first.
    """
    asker = Asker(common or {})
    shown = MASKED.sub(r"\1", text.strip()[:MAX_CHARS])
    digits = re.sub(r"\D", "", shown)
    if GROUPED.fullmatch(shown) and len(digits) >= 10:
        digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
        return Query((_word(digits, asker),), number=digits)
    parts = [part for part in map(plain, shown.split()) if part][:MAX_WORDS]
    words = tuple(_word(part, asker) for part in dict.fromkeys(parts))
    number = words[0].text if len(words) == 1 and words[0].text.isascii() and re.search(r"\d", words[0].text) else ""
    return Query(words, number=number)


def _word(text: str, asker: Asker) -> Word:
    if text.isascii() and text.isdigit():
        return _digits(text, asker)
    if text.isascii() and text.isalpha():
        return _letters(text, asker)
    return _characters(text, asker)


def _digits(text: str, asker: Asker) -> Word:
    place = asker.pieces("/", grams(text) or [text])
    if len(text) < TAIL:
        return Word(text, far=place, checks=(f"%/%{text}%",))
    head = next(n for n in HEADS if n <= len(text))
    is_house = len(text) == TAIL  # no house has a longer number
    return Word(
        text,
        near=asker.key("#" + text[-TAIL:]),
        far=either(asker.key("^" + text[:head]), place if is_house else NOTHING),
        checks=(f"%{text}\n%", f"%\n^{text}%", f"%/%{text}%"),
    )


def _letters(text: str, asker: Asker) -> Word:
    if len(text) < 2:
        return Word(text)
    head = next(n for n in SPELLED if n <= len(text))
    spelled = either(asker.pieces("~", grams(text)), asker.key(">" + text[:head]))
    return Word(
        text,
        whole=asker.key("~=" + text),
        near=either(spelled, asker.pieces("", grams(text))),
        far=asker.pieces("/", grams(text)),
        checks=(f"%\n>{text}%", f"%\n~%{text}%", f"%{text}%"),
    )


def _characters(text: str, asker: Asker) -> Word:
    if len(text) == 1:
        return Word(text, near=asker.key(text), checks=(f"%{_like(text)}%",))
    number = asker.key("#" + text[-TAIL:]) if text.isascii() and len(text) >= TAIL else NOTHING
    return Word(
        text,
        whole=asker.key("=" + text),
        near=either(asker.pieces("", grams(text)), number),
        far=asker.pieces("/", grams(text)),
        checks=(f"%{_like(text)}%",),
    )


def _like(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")

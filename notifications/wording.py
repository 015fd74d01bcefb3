"""Pure: the tiny language of templates. ``{name}`` is a variable, ``{{`` and ``}}`` are braces, nothing else exists.

No attributes, indexes, formats or conversions, so a text can never reach into a program.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class BadText(ValueError):
    """The text is not written in the language; ``part`` is the piece that is wrong ("" when braces do not pair)."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class MissingValue(LookupError):
    """A variable of the text has no value; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[tuple[str, str], ...]:
    """Pieces (literal, variable name or ""). Raises: BadText."""
    pieces = []
    try:
        for literal, name, spec, conversion in Formatter().parse(text):
            if name is not None and (spec or conversion or not NAME.match(name)):
                raise BadText(name or "{}")
            pieces.append((literal, name or ""))
    except ValueError as error:
        if isinstance(error, BadText):
            raise
        raise BadText("") from error
    return tuple(pieces)


def names(text: str) -> frozenset[str]:
    """The variables that a text uses. Raises: BadText."""
    return frozenset(name for _, name in parse(text) if name)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled; never a hole. Raises: BadText, MissingValue."""
    out = []
    for literal, name in parse(text):
        out.append(literal)
        if name:
            if name not in values:
                raise MissingValue(name)
            out.append(values[name])
    return "".join(out)

"""Questions to the search index that are cheap to answer. Pure.

A question is a tsquery and a guess of how large a share of the customers fits. Of a long word only the rarest pieces
are asked for, as many as make it rare: each further list of half the city costs more than checking the few that are
left.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

UNLISTED = 0.001  # a key that the table's statistics do not name among the common ones
RARE_ENOUGH = 0.0005  # so few are left that the rest is checked row by row
FEW = 0.01  # so few that …
COMMON = 0.2  # … a key of so many is not worth asking for
MOST_PIECES = 4


class Ask(NamedTuple):
    """A part of a tsquery with the share of customers it may fit; falsy when it cannot be meant."""

    keys: str
    share: float

    def __bool__(self) -> bool:
        return bool(self.keys)


NOTHING = Ask("", 0.0)


class Asker:
    """Builds questions with the shares of common keys in mind."""

    def __init__(self, common: Mapping[str, float]) -> None:
        self.common = common
        self.unlisted = UNLISTED if common else 1.0  # nothing is known yet: anything may be common

    def key(self, key: str) -> Ask:
        """One key."""
        return Ask("'" + key.replace("\\", "\\\\").replace("'", "''") + "'", self.common.get(key, self.unlisted))

    def pieces(self, mark: str, pieces: Iterable[str]) -> Ask:
        """Several pieces of one word, all of them: the rarest, until few enough are left to be checked."""
        return narrowest([self.key(mark + piece) for piece in dict.fromkeys(pieces)])


def narrowest(asks: Iterable[Ask]) -> Ask:
    """All of these, of which only the rarest are asked for; the others must be checked in the rows that come back."""
    taken, share = [], 1.0
    for ask in sorted((ask for ask in asks if ask), key=lambda ask: ask.share)[:MOST_PIECES]:
        if share <= RARE_ENOUGH or (share <= FEW and ask.share >= COMMON):
            break
        taken.append(ask)
        share *= ask.share
    return both(*taken)


def both(*asks: Ask) -> Ask:
    """All of these; as rare as the rarest."""
    known = [ask for ask in asks if ask]
    return Ask(_joined(" & ", known), min((ask.share for ask in known), default=0.0))


def either(*asks: Ask) -> Ask:
    """Any of these."""
    known = [ask for ask in asks if ask]
    return Ask(_joined(" | ", known), min(sum(ask.share for ask in known), 1.0))


def _joined(sign: str, asks: list[Ask]) -> str:
    return asks[0].keys if len(asks) == 1 else f"({sign.join(ask.keys for ask in asks)})" if asks else ""

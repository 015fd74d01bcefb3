"""What upper rooms show inside lower pages.

A lower page asks a registry and knows nobody by name; the upper room registers a small provider at start, in its own
``contributions.py``. Providers are plain callables, so a page decides when to pay for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

T = TypeVar("T")


class Registry(Generic[T]):
    """Ordered by ``order`` then by registration; registering the same ``name`` again replaces it."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[int, T]] = {}

    def register(self, name: str, item: T, *, order: int = 50) -> T:
        self._items[name] = (order, item)
        return item

    def __iter__(self) -> Iterator[T]:
        return iter([item for _, item in sorted(self._items.values(), key=lambda pair: pair[0])])

    def __len__(self) -> int:
        return len(self._items)


@dataclass(frozen=True)
class MenuEntry:
    """One item of the rail. ``roles`` may open it; ``rows(member)`` is the list whose length stands beside it."""

    label: str | Promise
    icon: str
    url_name: str
    roles: frozenset[str]
    rows: Callable[[Any], QuerySet] | None = None
    low: bool = False  # at the foot of the rail
    key: str = ""  # letter after G that opens it (ui.md §7)


@dataclass(frozen=True)
class Panel:
    """A section of a page below: ``context(subject, actor, now)`` fills ``template``; None leaves it out."""

    template: str
    context: Callable[..., Any]


@dataclass(frozen=True)
class SearchSource:
    """Another thing the one search box finds: ``find(text, actor)`` gives rows (url, title, detail)."""

    label: str | Promise
    find: Callable[..., list[Any]]


@dataclass(frozen=True)
class HealthLine:
    """One line of the health page: ``probe(now)`` gives (ok, figure for machines, words for people).

    ``name`` is the machines' name, ``label`` the people's. A ``vital`` line that is not ok makes /readyz answer 503.
    """

    name: str
    probe: Callable[..., Any]
    label: str | Promise = ""
    vital: bool = True


@dataclass(frozen=True)
class StartPage:
    """Where a person with one of ``roles`` begins after login; the first that fits wins, by ``order``."""

    roles: frozenset[str]
    url_name: str


@dataclass(frozen=True)
class SettingsPage:
    """A page listed on the settings home for ``roles``; ``text`` says in one line what it is for."""

    label: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class HelpPage:
    """A section of the help page for ``roles`` (everybody when empty), drawn from ``template``."""

    roles: frozenset[str]
    template: str


@dataclass(frozen=True)
class LeavingCheck:
    """What a member still holds: ``label`` names it, ``url`` lists it."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True)
class Leaving:
    """A room's say when a member leaves: ``check(member)`` counts, ``hand_over(member, to, actor, now)`` passes on.

    Both run inside the transaction that deactivates the member; ``hand_over`` returns how many it passed on.
    """

    check: Callable[..., LeavingCheck]
    hand_over: Callable[..., int]


@dataclass(frozen=True)
class DemoPerson:
    """Somebody a visitor of the demo may log in as; the login page lists them while the demo runs."""

    staff_no: str
    name: str
    role: str | Promise
    tries: str | Promise = ""  # what there is to try with this login


@dataclass(frozen=True)
class CustomerAct:
    """What ``roles`` may begin for a customer: ``url(customer)``, with None for somebody who is not on file."""

    label: str | Promise
    label_without: str | Promise  # for somebody who is not on file
    icon: str
    url: Callable[[Any], str]
    roles: frozenset[str]


@dataclass(frozen=True)
class PlaceState:
    """How the power stands at a supply point: “没有停电消息”, “故障停电 13:20 起 · 预计 16:30 来电”."""

    text: str | Promise
    icon: str = "circle-check"
    is_off: bool = False


menu: Registry[MenuEntry] = Registry()
customer_panels: Registry[Panel] = Registry()
customer_acts: Registry[CustomerAct] = Registry()
place_states: Registry[Callable[..., dict[int, PlaceState]]] = Registry()  # (supply points, now) -> state by id
search_sources: Registry[SearchSource] = Registry()
preopen_checks: Registry[Callable[..., Any]] = Registry()  # (customer, supply_point, kind, now) -> note or None
map_layers: Registry[Panel] = Registry()  # (dispatch board, actor, now) -> what its map shows
dashboard_blocks: Registry[Panel] = Registry()
health_checks: Registry[HealthLine] = Registry()
help_pages: Registry[HelpPage] = Registry()
bell: Registry[Callable[[Any], QuerySet]] = Registry()  # (member) -> unread messages; the bell shows the sum
about_links: Registry[Callable[[str], str]] = Registry()  # (code a message is about) -> its page; "" when not ours
start_pages: Registry[StartPage] = Registry()
settings_pages: Registry[SettingsPage] = Registry()
gathered_alarms: Registry[Callable[[datetime], frozenset[int]]] = Registry()  # (now) -> units: theirs are summed up
leaving_checks: Registry[Leaving] = Registry()
closing_checks: Registry[Callable[..., LeavingCheck]] = Registry()  # (unit): what keeps a unit from being closed
demo_people: Registry[DemoPerson] = Registry()  # empty outside a demo

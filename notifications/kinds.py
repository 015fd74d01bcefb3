"""The kinds of messages there are. Rooms above declare theirs in ``<room>/messages.py``, imported at start."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications import wording
from notifications.choices import Audience, Channel

# Every text may use these without declaring them.
HOUSE_VARIABLES: Mapping[str, str | Promise] = {"utility": _("name of the utility"), "hotline": _("hotline number")}


class UnknownKind(LookupError):
    """No room has registered this kind."""


@dataclass(frozen=True)
class Kind:
    """What a kind of message says, to whom, and with which variables."""

    code: str
    label: str | Promise
    variables: Mapping[str, str | Promise]
    sample: Mapping[str, Any]
    defaults: Mapping[tuple[str, str], tuple[str, str]]
    audience: Audience = Audience.STAFF
    optional: frozenset[str] = field(default_factory=frozenset)

    @property
    def known(self) -> frozenset[str]:
        """Names that a text of this kind may use."""
        return frozenset(self.variables) | frozenset(HOUSE_VARIABLES)

    @property
    def described(self) -> list[tuple[str, str | Promise]]:
        """Each name as it is written in a text, with its meaning."""
        return [(f"{{{name}}}", meaning) for name, meaning in {**self.variables, **HOUSE_VARIABLES}.items()]

    @property
    def channels(self) -> list[str]:
        """The channels it has words for, in the order of `Channel`."""
        return [c for c in Channel.values if any(channel == c for channel, _ in self.defaults)]


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    label: str | Promise,
    variables: Mapping[str, str | Promise],
    sample: Mapping[str, Any],
    defaults: Mapping[tuple[str, str], tuple[str, str]],
    audience: str = Audience.STAFF,
    optional: Collection[str] = (),
) -> Kind:
    """Declare a kind of message; declaring it again replaces it.

    ``variables`` maps each name to its description for the editor; ``sample`` has a value for each; ``defaults`` maps
    (channel, language) to (subject, body), in every language of the site. A variable that may be blank is ``optional``;
    any other one without a value stops the message visibly.

    Raises: ImproperlyConfigured, at start, when texts, variables and sample do not fit each other.
    """
    made = Kind(kind, label, dict(variables), dict(sample), dict(defaults), Audience(audience), frozenset(optional))
    _refuse_misfit(made)
    _kinds[kind] = made
    return made


def get(kind: str) -> Kind:
    """The registered kind. Raises: UnknownKind."""
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def label(kind: str) -> str:
    """What people call the kind; its code when nobody declares it."""
    return str(_kinds[kind].label) if kind in _kinds else kind


def every() -> list[Kind]:
    """All kinds, customers' first, then by code."""
    return sorted(_kinds.values(), key=lambda kind: (kind.audience, kind.code))


def to_customers() -> list[str]:
    """Codes of the kinds that quiet hours hold back."""
    return [kind.code for kind in _kinds.values() if kind.audience == Audience.CUSTOMER]


def _refuse_misfit(kind: Kind) -> None:
    if set(kind.sample) != set(kind.variables):
        raise ImproperlyConfigured(
            f"{kind.code}: sample and variables differ: {set(kind.sample) ^ set(kind.variables)}"
        )
    if not kind.defaults or not kind.optional <= set(kind.variables):
        raise ImproperlyConfigured(f"{kind.code}: no texts, or an optional variable that is not one")
    wanted = {(channel, code) for channel in kind.channels for code, _name in settings.LANGUAGES}
    if set(kind.defaults) != wanted:
        raise ImproperlyConfigured(f"{kind.code}: texts and languages differ: {set(kind.defaults) ^ wanted}")
    for place, (subject, body) in kind.defaults.items():
        try:
            unknown = (wording.names(subject) | wording.names(body)) - kind.known
        except wording.BadText as error:
            raise ImproperlyConfigured(f"{kind.code} {place}: {error.part or 'braces do not pair'}") from error
        if unknown or not body.strip():
            raise ImproperlyConfigured(f"{kind.code} {place}: empty, or unknown variables {sorted(unknown)}")

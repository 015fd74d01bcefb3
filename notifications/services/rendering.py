"""From a kind and its data to words. Reads edited texts; writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from common import timewords
from common.house import utility_name
from notifications import kinds, wording
from notifications.choices import Channel
from notifications.models import Template


@dataclass(frozen=True)
class Text:
    """Subject and body, as a template or as sent words."""

    subject: str
    body: str


Place = tuple[str, str, str]  # kind, channel, language


class NoText(LookupError):
    """The kind has no words for this channel."""


def texts_in_force(places: Iterable[Place]) -> dict[Place, Text]:
    """The words in force for each place: the edited row, else the registered default. One query, whatever the number.

    A place without words in its language gets those of the company's language; without any it is left out.
    """
    wanted = set(places)
    rows = Template.objects.filter(kind__in={kind for kind, _, _ in wanted})
    edited = {(row.kind, row.channel, row.language): Text(row.subject, row.body) for row in rows}
    found = {place: edited.get(place) or _default(place) for place in wanted}
    return {place: text for place, text in found.items() if text is not None}


def _default(place: Place) -> Text | None:
    code, channel, language = place
    try:
        defaults = kinds.get(code).defaults
    except kinds.UnknownKind:
        return None
    words = defaults.get((channel, language)) or defaults.get((channel, settings.LANGUAGE_CODE))
    return Text(*words) if words else None


def render(text: Text, *, kind: str, data: Mapping[str, Any], channel: str, language: str, now: datetime) -> Text:
    """The words to send. A subject is one line, whatever a customer typed into its variables.

    Raises: wording.MissingValue, wording.BadText.
    """
    values = _values(kind, data, language=language, now=now)
    subject = " ".join(wording.fill(text.subject, values).split())[:200]
    body = wording.fill(text.body, values).strip()
    if channel == Channel.SMS:
        subject = ""
    return Text(subject, body)


def _values(code: str, data: Mapping[str, Any], *, language: str, now: datetime) -> dict[str, str]:
    """Values as words; blank ones are left out, so that they are missed, unless the kind says they may be blank."""
    kind = kinds.get(code)
    with translation.override(language):
        words = {name: _in_words(value, now=now) for name, value in data.items()}
        words |= {"utility": utility_name(), "hotline": settings.HOTLINE}
    values = {name: word for name, word in words.items() if word}
    return dict.fromkeys(kind.optional, "") | values


def _in_words(value: Any, *, now: datetime) -> str:
    """An instant is said as seen from the moment of sending: “today” must still be today after the quiet hours."""
    if isinstance(value, dict) and "at" in value:
        value = datetime.fromisoformat(value["at"])
    if isinstance(value, datetime):
        return timewords.instant(timezone.localtime(value), now)
    return "" if value is None else str(value).strip()

"""The words of messages: what is in force, checking them, changing them, going back."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from notifications import kinds, segments, wording
from notifications.choices import Channel
from notifications.kinds import Kind
from notifications.models import Message, Template
from notifications.policies import can_edit_templates
from notifications.services.rendering import Place, Text, render
from staff.models import Member

log = logging.getLogger(__name__)

CASES = 5
LANGUAGES = [code for code, _name in settings.LANGUAGES]
MOST_CHARACTERS = {Channel.SMS: 500, Channel.INAPP: 2000, Channel.EMAIL: 10_000}


@dataclass(frozen=True)
class Wording:
    """The words of one place, who wrote them, and those they were at first."""

    kind: Kind
    channel: str
    language: str
    text: Text
    original: Text
    row: Template | None

    @property
    def place(self) -> Place:
        return self.kind.code, self.channel, self.language

    @property
    def version(self) -> int:
        """Guards against two people saving; 0 while the original is in force."""
        return self.row.version if self.row else 0

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def language_label(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])


@dataclass(frozen=True)
class Preview:
    """A text as a recipient would read it; ``problem`` instead when it cannot be sent so."""

    text: Text | None
    problem: str = ""
    length: segments.Length | None = None


def wording_of(place: Place) -> Wording:
    """The words of this place. Raises: kinds.UnknownKind when there are none."""
    return wordings([place])[0]


def by_kind() -> list[tuple[Kind, list[Wording]]]:
    """Every kind with its texts, customers' kinds first. One query."""
    places = [(kind.code, channel, code) for kind in kinds.every() for channel in kind.channels for code in LANGUAGES]
    found = groupby(wordings(places), key=lambda one: one.kind.code)
    return [(kinds.get(code), list(group)) for code, group in found]


def wordings(places: list[Place]) -> list[Wording]:
    """The words of these places. Raises: kinds.UnknownKind. One query."""
    rows = Template.objects.filter(kind__in={code for code, _, _ in places}).select_related("updated_by")
    edited = {(row.kind, row.channel, row.language): row for row in rows}
    found = []
    for code, channel, language in places:
        kind = kinds.get(code)
        if (channel, language) not in kind.defaults:
            raise kinds.UnknownKind(code)
        original, row = Text(*kind.defaults[channel, language]), edited.get((code, channel, language))
        text = Text(row.subject, row.body) if row else original
        found.append(Wording(kind, channel, language, text, original, row))
    return found


def check_words(kind: Kind, channel: str, text: Text) -> None:
    """Raises: Refusal at its field, naming what is wrong, when a text of this kind cannot be sent."""
    if channel != Channel.SMS and not text.subject.strip():
        raise Refusal(_("Write a subject: it is what people see first."), field="subject")
    if not text.body.strip():
        raise Refusal(_("Write the text."), field="body")
    if len(text.body) > MOST_CHARACTERS[Channel(channel)]:
        words = _("At most %(n)d characters; this has %(has)d.")
        raise Refusal(words % {"n": MOST_CHARACTERS[Channel(channel)], "has": len(text.body)}, field="body")
    for field in ("subject", "body"):
        try:
            unknown = sorted(wording.names(getattr(text, field)) - kind.known)
        except wording.BadText as error:
            raise Refusal(_words_for(error), field=field) from error
        if unknown:
            listed = " ".join(f"{{{name}}}" for name in [*kind.variables, *kinds.HOUSE_VARIABLES])
            words = _("This message has no {%(name)s}. It knows: %(known)s")
            raise Refusal(words % {"name": unknown[0], "known": listed}, field=field)


def _words_for(error: wording.BadText) -> str:
    if not error.part:
        return _("A brace has no partner. Write {name} for a variable, and {{ or }} for a brace itself.")
    return _("“%(part)s” is not the name of a variable. Between braces stands a name and nothing else.") % {
        "part": error.part
    }


def preview(wording_at: Wording, text: Text, data: Mapping[str, Any], now: datetime) -> Preview:
    """How this text would read with this data, or what keeps it from being sent."""
    kind, channel, language = wording_at.place
    try:
        check_words(wording_at.kind, channel, text)
        words = render(text, kind=kind, data=data, channel=channel, language=language, now=now)
    except Refusal as refusal:
        return Preview(None, str(refusal.message))
    except wording.MissingValue as error:
        problem = _("This case has no value for {%(name)s}; the message would not be sent.") % {"name": error.name}
        return Preview(None, problem)
    return Preview(words, length=segments.measure(words.body) if channel == Channel.SMS else None)


def real_cases(kind: Kind) -> list[Message]:
    """The last few messages of this kind, to preview with."""
    return list(Message.objects.filter(kind=kind.code).exclude(about="").order_by("-id")[:CASES])


def case_data(kind: Kind, number: str) -> Mapping[str, Any]:
    """The data of one of `real_cases`; the sample for anything else."""
    return next((case.data for case in real_cases(kind) if str(case.pk) == number), kind.sample)


@transaction.atomic
def save_words(*, place: Place, text: Text, version: int, actor: Member, now: datetime) -> Template:
    """Put these words in force for messages not yet rendered.

    Raises: Denied; Refusal at its field when they cannot be sent or somebody saved since ``version``. Locks: the row.
    """
    require(can_edit_templates(actor))
    kind_code, channel, language = place
    check_words(kinds.get(kind_code), channel, text)
    row = _row_at(place, version)
    row.subject = "" if channel == Channel.SMS else " ".join(text.subject.split())
    row.body = text.body.replace("\r\n", "\n").strip()
    row.version, row.updated_by, row.updated_at = version + 1, actor, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two first edits at once: there was no row to lock
        raise _changed_by(None) from None
    log.info("texts.saved place=%s version=%d actor=%s", "/".join(place), row.version, actor.staff_no)
    return row


@transaction.atomic
def back_to_original(*, place: Place, version: int, actor: Member, now: datetime) -> None:
    """Put the original words back in force. Raises: Denied, Refusal when somebody saved since. Locks: the row."""
    require(can_edit_templates(actor))
    row = _row_at(place, version)
    if row.pk:
        row.delete()
        log.info("texts.back_to_original place=%s version=%d actor=%s", "/".join(place), version, actor.staff_no)


def _row_at(place: Place, version: int) -> Template:
    kind, channel, language = place
    row = (
        Template.objects.select_for_update(of=("self",))
        .select_related("updated_by")
        .filter(kind=kind, channel=channel, language=language)
        .first()
    )
    if (row.version if row else 0) != version:
        raise _changed_by(row)
    return row or Template(kind=kind, channel=channel, language=language)


def _changed_by(row: Template | None) -> Refusal:
    who = row.updated_by.name if row else _("Somebody")
    return Refusal(_("%(name)s changed this text meanwhile. What you wrote is still here.") % {"name": who})

"""Saying what the grid needs where trouble keeps coming back (req 50)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.models import GridNeed
from outages.policies import can_plan
from outages.selectors.needs import Subject, history_of, stations_of
from staff.models import Member


@dataclass(frozen=True)
class Word:
    """Whether a project is needed; which, and promised for when."""

    is_needed: bool
    project: str = ""
    promised_on: date | None = None


def say_need(
    *, subject: Subject, word: Word, after: int | None, actor: Member, now: datetime, request_id: UUID
) -> GridNeed:
    """Add a word to the history of a thing; it holds from now on. ``after``: the word this person had read.

    Raises: `Denied`; `Refusal` without project or date, for a date that is past, or when somebody was quicker.
    Locks: the thing. Idempotent: by ``request_id``.
    """
    require(can_plan(actor, stations_of(subject)))
    with transaction.atomic():
        type(subject.thing).objects.select_for_update(of=("self",), no_key=True).get(pk=subject.thing.pk)
        known = GridNeed.objects.filter(request_id=request_id).first()
        if known:
            return known
        past = history_of(subject)
        held = past[0] if past else None
        if (held.pk if held else None) != after:
            name = held.actor.name if held else ""
            raise Refusal(_("%(name)s changed this meanwhile. Look again, then save.") % {"name": name})
        _check(word, held, localdate(now))
        said = word if word.is_needed else Word(is_needed=False, project=word.project)
        return GridNeed.objects.create(
            **{subject.kind: subject.thing}, is_needed=said.is_needed, project=said.project,
            promised_on=said.promised_on, actor=actor, at=now, request_id=request_id,
        )  # fmt: skip


def _check(word: Word, held: GridNeed | None, today: date) -> None:
    if held and (held.is_needed, held.project, held.promised_on) == (word.is_needed, word.project, word.promised_on):
        raise Refusal(_("Nothing was changed."))
    if not word.is_needed:
        return
    if not word.project:
        raise Refusal(_("Say what is to be done: “move half of it to a new transformer”."), field="project")
    if word.promised_on is None:
        raise Refusal(_("Say for when it is promised."), field="promised_on")
    is_new = held is None or held.promised_on != word.promised_on
    if is_new and word.promised_on < today:
        raise Refusal(_("Choose a day that is still to come."), field="promised_on")

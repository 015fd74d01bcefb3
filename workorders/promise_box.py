"""The promise before it is saved: the night box beside the form (ui.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from workorders import wording
from workorders.choices import ClockKind, Situation
from workorders.presentation import limit_words, start_words
from workorders.rules import Case
from workorders.services.intake import Promised

ORDER = {kind: place for place, kind in enumerate(ClockKind.values)}


@dataclass
class PromiseBox:
    """What the box says. Without ``headline`` it says what is missing or that nothing is promised."""

    headline: str = ""
    sub: str = ""
    empty_words: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)
    talk: str = ""
    safety: bool = False
    promised: str = ""  # the due instant as the form sends it back: proof that the promise was seen
    why: Sequence[tuple[str, str]] = ()


def box_for(promised: Sequence[Promised], *, case: Case | None, situation: str, now: datetime) -> PromiseBox:
    """The box for a case; ``case`` None: what decides the limits has not been picked yet."""
    if case is None:
        return PromiseBox(
            empty_words=_("Pick what it is and you will know"),
            sub=_("The time limit depends on what it is and where."),
            rows=[(str(ClockKind(kind).label), "—") for kind in ("dispatch", "arrive", "restore", "call_back")],
        )
    told = [p for p in promised if p.for_customer and p.aim]
    first = min(told, key=lambda p: p.aim.due_at, default=None)
    box = PromiseBox(rows=_rows(promised, now), safety=situation == Situation.DANGER, promised="none")
    if first is None:
        box.empty_words = _("No time limit is promised")
        box.sub = _("Say that it will be read and passed on.")
        return box
    when = timewords.instant(first.aim.due_at, now, today=True)
    box.headline = wording.promised(first.rule.clock, when)
    box.sub = f"{limit_words(base=first.rule.base, amount=first.rule.amount)} · {first.rule.label}"
    box.talk = wording.say(first.rule.clock, first.aim.due_at, now)
    box.promised = first.aim.due_at.isoformat()
    box.why = [
        (_("Source"), first.rule.source),
        (_("Rule"), _("%(key)s, version %(version)d") % {"key": first.rule.key, "version": first.rule.version}),
    ]
    return box


def _rows(promised: Sequence[Promised], now: datetime) -> list[tuple[str, str]]:
    """One line per clock: its tightest moment, or what it waits for."""
    tightest: dict[str, Promised] = {}
    for p in promised:
        held = tightest.get(p.rule.clock)
        if held is None or (p.aim and held.aim and p.aim.due_at < held.aim.due_at):
            tightest[p.rule.clock] = p
    return [
        (str(ClockKind(clock).label), _row_words(p, now))
        for clock, p in sorted(tightest.items(), key=lambda item: ORDER[item[0]])
    ]


def _row_words(p: Promised, now: datetime) -> str:
    if p.aim:
        return timewords.by(p.aim.due_at, now)
    limit = limit_words(base=p.rule.base, amount=p.rule.amount)
    return pgettext("limit", "within %(limit)s of %(start)s") % {"limit": limit, "start": start_words(p.rule.starts_on)}

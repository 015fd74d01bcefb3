"""The promise said as a sentence, to customers and crews. Pure but for gettext; drawn by ``{% promise_sentence %}``."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common import timewords
from workorders.promise import Look, PromiseView
from workorders.promise_words import Says, says

Voice = Literal["customer", "crew"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the customer has been told about a promise that is not kept, and what comes next."""

    new_time: datetime | None = None
    news_at: datetime | None = None  # “not known, next news by …”
    reason: str = ""
    next_words: str = ""  # after it is done: “Being repaired, power back by 18:06”


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Three lines and, while time matters, the wick. ``left`` may hold a bold figure."""

    mood: str  # "", warn, broken, kept, paused
    lead: str
    what: str
    left: SafeString | str = ""
    wick: bool = False


MOODS = {
    Look.WARN: "warn",
    Look.OVER: "broken",
    Look.LATE: "broken",
    Look.KEPT: "kept",
    Look.PAUSED: "paused",
}


def sentence(view: PromiseView, *, told: Told | None = None, voice: Voice = "customer") -> Sentence:
    """What we promised → by when → how long; a broken one: the miss → the new time → how late and why."""
    told = told or Told()
    words = says(view.facts.kind)
    mood = MOODS.get(view.look, "")
    if view.look in (Look.RUN, Look.WARN):
        return _open(view, words, mood, voice)
    if view.look is Look.OVER:
        return _broken(view, words, mood, told)
    if view.look in (Look.KEPT, Look.LATE):
        return _done(view, words, mood, told, voice)
    if view.look is Look.PAUSED:
        return _paused(view, mood, told)
    if view.look is Look.WAIT and view.facts.amount:
        return _waiting(view, words, mood, voice)
    return Sentence(mood=mood, lead="", what=_("There is no time limit on this"), left=told.next_words)


def _waiting(view: PromiseView, words: Says, mood: str, voice: Voice) -> Sentence:
    if voice == "crew":
        lead, what = _("Promised to the customer"), _("%(label)s within %(amount)s")
        what %= {"label": view.word, "amount": view.facts.amount}
    else:
        lead, what = _lead(view, voice), words.within % {"amount": view.facts.amount}
    return Sentence(mood=mood, lead=lead, what=what, left=view.facts.waits_for)


def _lead(view: PromiseView, voice: Voice) -> str:
    """What stands above a promise that is still to be kept; a crew reads the limit itself."""
    return view.facts.source or _("Promised to the customer") if voice == "crew" else _("We promised")


def _open(view: PromiseView, words: Says, mood: str, voice: Voice) -> Sentence:
    due = view.facts.due_at or view.now
    lead = _lead(view, voice)
    if voice == "crew":
        what = _("%(label)s %(by)s") % {"label": view.word, "by": timewords.by(due, view.now)}
    else:
        what = words.will % {"by": timewords.promised(due, view.now)}
    span = timewords.left(due - view.now, spelled=True)
    return Sentence(mood=mood, lead=lead, what=what, left=_bold(_("%(span)s from now"), span), wick=True)


def _broken(view: PromiseView, words: Says, mood: str, told: Told) -> Sentence:
    due = view.facts.due_at or view.now
    span = timewords.over(view.now - due, spelled=True)
    if told.reason:
        left = _bold(_("%(span)s late so far. %(reason)s"), span, reason=told.reason)
    else:
        left = _bold(_("%(span)s late so far."), span)
    if told.new_time and told.new_time >= view.now:
        what = words.anew % {"by": timewords.by(told.new_time, view.now)}
    elif told.news_at and told.news_at >= view.now:
        parts = {"unknown": words.unknown, "by": timewords.by(told.news_at, view.now)}
        what = _("%(unknown)s. We will tell you more %(by)s.") % parts
    else:
        what = str(words.unknown)
    return Sentence(mood=mood, lead=_missed(view, words), what=what, left=left, wick=True)


def _done(view: PromiseView, words: Says, mood: str, told: Told, voice: Voice) -> Sentence:
    due, stop = view.facts.due_at or view.now, view.facts.stopped_at or view.now
    did = words.did % {"at": timewords.instant(stop, view.now)}
    if view.look is Look.LATE:
        late = timewords.over(stop - due, spelled=True)
        what = _("%(did)s, %(span)s late") % {"did": did, "span": late}
        return Sentence(mood=mood, lead=_missed(view, words), what=what, left=told.next_words or told.reason)
    early = due - stop
    if voice == "crew" or early < timewords.MINUTE:
        what = _("%(did)s, on time") % {"did": did}
    else:
        what = _("%(did)s, %(span)s early") % {"did": did, "span": timewords.left(early, spelled=True)}
    lead = (words.short if voice == "crew" else words.promised) % {"by": timewords.by(due, view.now)}
    return Sentence(mood=mood, lead=lead, what=what, left=told.next_words)


def _paused(view: PromiseView, mood: str, told: Told) -> Sentence:
    span = timewords.left(view.facts.paused_left or timedelta(0), spelled=True)
    left = _bold(_("After that %(span)s are still left, none of it is lost"), span)
    what = _("The clock stands still until you send it") if told.reason else _("The clock stands still")
    return Sentence(mood=mood, lead=told.reason, what=what, left=left, wick=True)


def _missed(view: PromiseView, words: Says) -> str:
    return words.missed % {"at": timewords.instant(view.facts.due_at or view.now, view.now)}


def _bold(pattern: str, span: str, **more: str) -> SafeString:
    """A sentence with its figure bold; everything in it is escaped."""
    parts = {key: conditional_escape(value) for key, value in more.items()}
    bold = format_html('<b class="dh-span">{}</b>', span)
    return mark_safe(conditional_escape(pattern) % {"span": bold, **parts})  # noqa: S308 - all parts are escaped

"""The promise, as it is shown: one clock's facts and an instant in, words and a drawing out.

Pure but for gettext: no models, no settings, no clock of its own. The chip, the line and the sentence of
``workorders/templatetags/promise.py`` draw what `view` says; ``/dev/components`` shows all eight looks. A promise is
kept at its very moment and broken only after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common import timewords


class Look(StrEnum):
    """How a promise stands; each is told apart by word, shape and colour."""

    RUN = "run"
    WARN = "warn"
    OVER = "over"
    LATE = "late"
    KEPT = "kept"
    PAUSED = "paused"
    WAIT = "wait"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class ClockFacts:
    """What one clock knows about itself, in words of the reader's language; what few drawings say may be lazy."""

    label: str  # the staff word: “Arrive”
    kind: str = ""  # which sentences customers read: arrive, restore, contact, answer, reconnect
    state: str  # "waiting" | "running" | "paused" | "stopped"
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_left: timedelta | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    start_word: str | Promise = ""  # what started it: “received”, “arrival”
    waits_for: str | Promise = ""  # “starts on arrival”
    amount: str | Promise = ""  # the limit: “3 h”
    source: str = ""  # “Ten promises · 45 min”
    working_days_left: int | None = None  # for clocks counted in working days
    provisional: bool = False  # counts days whose calendar is not announced yet
    is_promise: bool = False  # told to the customer, not an inside limit
    href: str = ""


class Wick(NamedTuple):
    """A stretch of time drawn as a line: from ``start`` to ``end``, with a ``mark`` on it."""

    start: datetime
    end: datetime
    mark: datetime

    def place(self, at: datetime) -> float:
        """Where an instant lies on it, in per cent."""
        whole = (self.end - self.start).total_seconds()
        if whole <= 0:
            return 100.0
        return round(min(100.0, max(0.0, 100 * (at - self.start).total_seconds() / whole)), 1)


@dataclass(frozen=True, kw_only=True)
class PromiseView:
    """One promise at one instant, ready to draw. Percentages are places on the wick, 0 left, 100 right.

    Words that only some drawings need are found when one asks for them: a list draws fifty chips.
    """

    look: Look
    word: str  # what is promised: “Arrive”
    text: str  # how it stands: “38 min left”
    wick: Wick | None = None  # marked at now; over and late: at the promised moment
    facts: ClockFacts
    now: datetime

    @property
    def phrase(self) -> str:
        """The promise read as one phrase: “Arrive, 38 min left, by 15:17”."""
        return _("%(word)s, %(text)s") % {"word": self.word, "text": self.spoken} if self.word else self.spoken

    @property
    def spoken(self) -> str:
        aside = "" if self.look is Look.PAUSED else self.day_aside
        return _("%(text)s, %(aside)s") % {"text": self.text, "aside": aside} if aside else self.text

    @cached_property
    def split(self) -> float:
        """Used | left; over and late: the promised moment."""
        return self.wick.place(self.wick.mark) if self.wick else 0.0

    @property
    def rest(self) -> float:
        return round(100 - self.split, 1)

    @property
    def turn(self) -> float:
        """Where the pie of what is left begins, in degrees from noon."""
        return round(3.6 * self.split - 90, 1)

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Place and width of each pause on the wick; one that rounds to nothing is not drawn.

        A pause that goes on is no gap of a paused promise: its wick stands still since then.
        """
        if not self.wick:
            return ()
        still = None if self.look is Look.PAUSED else self.now
        pauses = [(a, b or still) for a, b in self.facts.pauses]
        edges = [(self.wick.place(a), self.wick.place(b)) for a, b in pauses if b is not None]
        return tuple((a, round(b - a, 1)) for a, b in edges if b > a)

    @property
    def aside(self) -> str:
        """Beside it, small: “by 15:17”."""
        return _aside(self, today=False)

    @property
    def day_aside(self) -> str:
        """The aside where there is room for the day: “by 15:17 today”."""
        return _aside(self, today=True)

    @property
    def start_words(self) -> str:
        """Under the left end of the wick: “14:32 received”."""
        event = self.facts.start_word
        if not self.wick:
            return str(event) if self.look is Look.WAIT else ""
        at = timewords.instant_short(self.wick.start, self.now)
        return _("%(instant)s %(event)s") % {"instant": at, "event": event} if event else at

    @property
    def end_words(self) -> str:
        """Under its right end: “15:17”."""
        if self.look is Look.WAIT:
            return f"+{self.facts.amount}" if self.facts.amount else ""
        if self.look is Look.PAUSED:
            return _("moves when it goes on")
        if self.look is Look.OVER:
            return _("now %(instant)s") % {"instant": timewords.clock(self.now)}
        return timewords.instant_short(self.wick.end, self.now) if self.wick else ""

    @property
    def detail(self) -> str:
        """A kept one in figures: “1 min 40 s of 3 min”."""
        if self.look is not Look.KEPT or not self.wick:
            return ""
        if not self.facts.amount:
            return _("kept")
        return _("%(took)s of %(limit)s") % {"took": _took(self.wick), "limit": self.facts.amount}

    @property
    def ticking(self) -> bool:
        """Whether the page's script may re-word it as time goes."""
        return self.look in (Look.RUN, Look.WARN, Look.OVER)

    @property
    def by_days(self) -> bool:
        """Told in working days: the script leaves the words alone until the promise breaks."""
        return self.facts.working_days_left is not None


def view(facts: ClockFacts | None, *, now: datetime) -> PromiseView:
    """How this promise stands at ``now``; None is “no time limit”."""
    facts = facts or ClockFacts(label="", state="stopped")
    look, text, wick = _stand(facts, now)
    return PromiseView(look=look, word=facts.label, text=text, wick=wick, facts=facts, now=now)


def _stand(facts: ClockFacts, now: datetime) -> tuple[Look, str, Wick | None]:
    """Its look, its words, and the stretch of time it is drawn over."""
    if facts.state == "waiting":
        return Look.WAIT, str(facts.waits_for) or _("not started"), None
    if facts.state == "paused" and facts.started_at:
        return _paused(facts, facts.started_at, now)
    if facts.started_at is None or facts.due_at is None:
        return Look.NONE, _("no time limit"), None
    if facts.state == "stopped":
        return _stopped(facts, facts.started_at, facts.due_at, now)
    return _running(facts, facts.started_at, facts.due_at, now)


def _running(facts: ClockFacts, start: datetime, due: datetime, now: datetime) -> tuple[Look, str, Wick]:
    if now > due:
        return Look.OVER, _("%(span)s over") % {"span": timewords.over(now - due)}, Wick(start, now, due)
    warned = facts.warn_at is not None and now >= facts.warn_at
    return Look.WARN if warned else Look.RUN, _left_words(facts, due - now, warned), Wick(start, due, now)


def _stopped(facts: ClockFacts, start: datetime, due: datetime, now: datetime) -> tuple[Look, str, Wick]:
    stop = facts.stopped_at or now
    if stop > due:
        return Look.LATE, _("done %(span)s late") % {"span": timewords.over(stop - due)}, Wick(start, stop, due)
    return Look.KEPT, _("kept"), Wick(start, due, stop)


def _paused(facts: ClockFacts, start: datetime, now: datetime) -> tuple[Look, str, Wick]:
    """A paused promise has no moment: its wick ends where it would if it went on at once."""
    since = next((a for a, b in facts.pauses if b is None), now)
    wick = Wick(start, since + (facts.paused_left or timedelta(0)), since)
    return Look.PAUSED, _("paused · %(span)s left") % {"span": _paused_span(facts)}, wick


def _paused_span(facts: ClockFacts) -> str:
    remains = facts.paused_left or timedelta(0)
    if facts.working_days_left is not None and remains >= timewords.DAY and facts.working_days_left > 0:
        return timewords.working_days(facts.working_days_left)
    return timewords.left(remains)


def _took(wick: Wick) -> str:
    return timewords.duration(wick.mark - wick.start)


def _aside(view: PromiseView, *, today: bool) -> str:
    if not view.wick:
        return ""
    if view.look is Look.OVER:
        return _("was %(by)s") % {"by": timewords.by(view.wick.mark, view.now)}
    if view.look is Look.LATE:
        done = timewords.instant_short(view.wick.end, view.now)
        return _("%(label)s %(instant)s") % {"label": view.word, "instant": done}
    if view.look is Look.KEPT:
        return _("took %(span)s") % {"span": _took(view.wick)}
    if view.look is Look.PAUSED:
        return _("%(span)s left") % {"span": _paused_span(view.facts)}
    by = timewords.by(view.wick.end, view.now, today=today)
    return _("%(words)s, calendar not final") % {"words": by} if view.facts.provisional else by


def _left_words(facts: ClockFacts, span: timedelta, warned: bool) -> str:
    if span < timewords.MINUTE:
        return _("under 1 min left")
    said = timewords.left(span)
    if facts.working_days_left is not None and span >= timewords.DAY and facts.working_days_left > 0:
        said = timewords.working_days(facts.working_days_left)
    return _("only %(span)s left") % {"span": said} if warned else _("%(span)s left") % {"span": said}

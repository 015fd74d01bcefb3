"""The promise, as it is shown: one clock's facts and an instant in, words and a drawing out.

Pure but for gettext: no models, no settings, no clock of its own. The chip, the line and the sentence of
``workorders/templatetags/promise.py`` draw what `view` says; ``/dev/components`` shows all eight looks. A promise is
kept at its very moment and broken only after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
    """What one clock knows about itself; everything that is words is in the reader's language already."""

    label: str  # the staff word: “Arrive”
    kind: str = ""  # which sentences customers read: arrive, restore, contact, answer, reconnect
    state: str  # "waiting" | "running" | "paused" | "stopped"
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_left: timedelta | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    start_word: str = ""  # what started it: “received”, “arrival”
    waits_for: str = ""  # “starts on arrival”
    amount: str = ""  # the limit: “3 h”
    source: str = ""  # “Ten promises · 45 min”
    working_days_left: int | None = None  # for clocks counted in working days
    provisional: bool = False  # counts days whose calendar is not announced yet
    is_promise: bool = False  # told to the customer, not an inside limit
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseView:
    """One promise at one instant, ready to draw. Percentages are places on the wick, 0 left, 100 right."""

    look: Look
    word: str  # what is promised: “Arrive”
    text: str  # how it stands: “38 min left”
    aside: str = ""  # beside it, small: “by 15:17”
    start_words: str = ""
    end_words: str = ""
    split: float = 0.0  # used | left; over and late: the promised moment
    gaps: tuple[tuple[float, float], ...] = ()  # (place, width) of pauses
    detail: str = ""  # a kept one in figures: “1 min 40 s of 3 min”
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

    @property
    def rest(self) -> float:
        return round(100 - self.split, 1)

    @property
    def turn(self) -> float:
        """Where the pie of what is left begins, in degrees from noon."""
        return round(3.6 * self.split - 90, 1)

    @property
    def day_aside(self) -> str:
        """The aside where there is room for the day: “by 15:17 today”."""
        if self.look in (Look.RUN, Look.WARN) and self.facts.due_at:
            return _provisional(self.facts, timewords.by(self.facts.due_at, self.now, today=True))
        return self.aside

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
    if facts is None:
        return _none(ClockFacts(label="", state="stopped"), now)
    if facts.state == "waiting":
        return _waiting(facts, now)
    if facts.state == "paused" and facts.started_at:
        return _paused(facts, now)
    if facts.started_at is None or facts.due_at is None:
        return _none(facts, now)
    if facts.state == "stopped":
        return _stopped(facts, facts.started_at, facts.due_at, now)
    return _running(facts, facts.started_at, facts.due_at, now)


def _running(facts: ClockFacts, start: datetime, due: datetime, now: datetime) -> PromiseView:
    if now > due:
        return PromiseView(
            look=Look.OVER,
            word=facts.label,
            text=_("%(span)s over") % {"span": timewords.over(now - due)},
            aside=_("was %(by)s") % {"by": timewords.by(due, now)},
            start_words=_start_words(facts, start, now),
            end_words=_("now %(instant)s") % {"instant": timewords.clock(now)},
            split=_share(start, now, due),
            gaps=_gaps(facts, start, now, now),
            facts=facts,
            now=now,
        )
    warned = facts.warn_at is not None and now >= facts.warn_at
    return PromiseView(
        look=Look.WARN if warned else Look.RUN,
        word=facts.label,
        text=_left_words(facts, due - now, warned),
        aside=_provisional(facts, timewords.by(due, now)),
        start_words=_start_words(facts, start, now),
        end_words=timewords.instant_short(due, now),
        split=_share(start, due, now),
        gaps=_gaps(facts, start, due, now),
        facts=facts,
        now=now,
    )


def _stopped(facts: ClockFacts, start: datetime, due: datetime, now: datetime) -> PromiseView:
    stop = facts.stopped_at or now
    if stop > due:
        return PromiseView(
            look=Look.LATE,
            word=facts.label,
            text=_("done %(span)s late") % {"span": timewords.over(stop - due)},
            aside=_("%(label)s %(instant)s") % {"label": facts.label, "instant": timewords.instant_short(stop, now)},
            start_words=_start_words(facts, start, now),
            end_words=timewords.instant_short(stop, now),
            split=_share(start, stop, due),
            gaps=_gaps(facts, start, stop, now),
            facts=facts,
            now=now,
        )
    took = timewords.duration(stop - start)
    return PromiseView(
        look=Look.KEPT,
        word=facts.label,
        text=_("kept"),
        aside=_("took %(span)s") % {"span": took},
        start_words=_start_words(facts, start, now),
        end_words=timewords.instant_short(due, now),
        split=_share(start, due, stop),
        gaps=_gaps(facts, start, due, now),
        detail=_("%(took)s of %(limit)s") % {"took": took, "limit": facts.amount} if facts.amount else _("kept"),
        facts=facts,
        now=now,
    )


def _paused(facts: ClockFacts, now: datetime) -> PromiseView:
    """A paused promise has no moment: its wick ends where it would if it went on at once."""
    start = facts.started_at or now
    since = next((a for a, b in facts.pauses if b is None), now)
    remains = facts.paused_left or timedelta(0)
    span = timewords.left(remains)
    if facts.working_days_left is not None and remains >= timewords.DAY and facts.working_days_left > 0:
        span = timewords.working_days(facts.working_days_left)
    closed = tuple((a, b) for a, b in facts.pauses if b is not None)
    return PromiseView(
        look=Look.PAUSED,
        word=facts.label,
        text=_("paused · %(span)s left") % {"span": span},
        aside=_("%(span)s left") % {"span": span},
        start_words=_start_words(facts, start, now),
        end_words=_("moves when it goes on"),
        split=_share(start, since + remains, since),
        gaps=_places(closed, start, since + remains),
        facts=facts,
        now=now,
    )


def _waiting(facts: ClockFacts, now: datetime) -> PromiseView:
    return PromiseView(
        look=Look.WAIT,
        word=facts.label,
        text=facts.waits_for or _("not started"),
        start_words=facts.start_word,
        end_words=f"+{facts.amount}" if facts.amount else "",
        facts=facts,
        now=now,
    )


def _none(facts: ClockFacts, now: datetime) -> PromiseView:
    return PromiseView(look=Look.NONE, word=facts.label, text=_("no time limit"), facts=facts, now=now)


def _left_words(facts: ClockFacts, span: timedelta, warned: bool) -> str:
    if span < timewords.MINUTE:
        return _("under 1 min left")
    said = timewords.left(span)
    if facts.working_days_left is not None and span >= timewords.DAY and facts.working_days_left > 0:
        said = timewords.working_days(facts.working_days_left)
    return _("only %(span)s left") % {"span": said} if warned else _("%(span)s left") % {"span": said}


def _start_words(facts: ClockFacts, start: datetime, now: datetime) -> str:
    at = timewords.instant_short(start, now)
    return _("%(instant)s %(event)s") % {"instant": at, "event": facts.start_word} if facts.start_word else at


def _provisional(facts: ClockFacts, words: str) -> str:
    return _("%(words)s, calendar not final") % {"words": words} if facts.provisional else words


def _share(start: datetime, end: datetime, at: datetime) -> float:
    """Where ``at`` lies between start and end, in per cent."""
    whole = (end - start).total_seconds()
    if whole <= 0:
        return 100.0
    return round(min(100.0, max(0.0, 100 * (at - start).total_seconds() / whole)), 1)


def _gaps(facts: ClockFacts, start: datetime, end: datetime, now: datetime) -> tuple[tuple[float, float], ...]:
    return _places(tuple((a, b or now) for a, b in facts.pauses), start, end)


def _places(
    pauses: tuple[tuple[datetime, datetime], ...], start: datetime, end: datetime
) -> tuple[tuple[float, float], ...]:
    """Place and width of each pause on the wick; what rounds to nothing is not drawn."""
    edges = [(_share(start, end, a), _share(start, end, b)) for a, b in pauses]
    return tuple((a, round(b - a, 1)) for a, b in edges if b > a)

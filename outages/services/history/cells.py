"""What the cells of a row mean under a mapping: facts, or what is wrong in plain words. Pure but for gettext."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.choices import Cause
from outages.models.history import HistorySource, RowState
from outages.services.history.facts import FORMS, ISO, NEEDED, Fact

MOST_CUSTOMERS = 2_000_000_000  # what the column holds
MOST_STAGES = 32_000
LENGTHS = {Fact.NUMBER: 60, Fact.FEEDER: 60, Fact.CAUSE: 120, Fact.UNIT: 20}
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """Reads rows of one source. ``units`` are codes the person leads → id, ``feeders`` codes and names → id."""

    source: HistorySource
    unit_id: int  # of a row that names none
    units: Mapping[str, int]
    feeders: Mapping[str, int]
    now: datetime

    def read(self, cells: Cells) -> tuple[dict[str, Any], str, list[str]]:
        """What the row says, what becomes of it, and why."""
        why = self._left_out(cells)
        row = _Row(self, {fact: cells.get(heading, "") for fact, heading in self.source.columns.items()})
        if why:
            return row.as_given(), RowState.SKIPPED, [why]
        data = row.facts()
        if row.problems:  # what the file says comes back, so that it can be mended
            return row.as_given(), RowState.WRONG, row.problems
        return data, RowState.READY, []

    def _left_out(self, cells: Cells) -> str:
        """Why the mapping leaves this row out; empty when it does not."""
        found = (skip for skip in self.source.skips if cells.get(skip["column"], "").lower() in _lower(skip["words"]))
        return next((str(skip["why"]) for skip in found), "")


@dataclass
class _Row:
    """One row while it is read; a cell that is refused reads as None."""

    reader: Reader
    given: dict[str, str]
    problems: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        empty = [str(fact.label) for fact in NEEDED if fact != Fact.RESTORED and not self.given.get(fact)]
        if empty:
            self.problems.append(_("Empty: %(names)s.") % {"names": ", ".join(empty)})
        began, restored = self._instant(Fact.BEGAN), self._instant(Fact.RESTORED)
        if began and restored and restored < began:
            self.problems.append(_("It ends before it begins: exchange the two, or mend the one that is wrong."))
        if began and began > self.reader.now:
            self.problems.append(_("It begins in the future; history is what has happened."))
        cause = self._take(Fact.CAUSE, self._cause)
        feeder = self._text(Fact.FEEDER)
        return {
            "number": self._text(Fact.NUMBER),
            "stage": self._take(Fact.STAGE, lambda text: _whole(text, 1, MOST_STAGES)) or 1,
            "began_at": began.isoformat() if began else None,
            "restored_at": restored.isoformat() if restored else None,
            "customers": self._take(Fact.CUSTOMERS, lambda text: _whole(text, 0, MOST_CUSTOMERS)),
            "is_planned": self.given.get(Fact.PLANNED, "").lower() in _lower(self.reader.source.planned_words),
            "cause": cause or Cause.UNKNOWN,
            "cause_given": self._text(Fact.CAUSE),
            "feeder_name": feeder,
            "feeder_id": self.reader.feeders.get(feeder) if feeder else None,
            "unit": self.given.get(Fact.UNIT, ""),
            "unit_id": self._take(Fact.UNIT, self._unit) or self.reader.unit_id,
        }

    def as_given(self) -> dict[str, str]:
        """The row in the file's own words, to be looked up and mended."""
        return {**self.given, "cause_given": self.given.get(Fact.CAUSE, "")}

    def _take(self, fact: Fact, clean: Callable[[str], Any]) -> Any:
        """The cleaned value of a filled cell; None when it is empty or refused."""
        text = self.given.get(fact, "")
        if not text:
            return None
        try:
            return clean(text)
        except Refusal as refusal:
            self.problems.append(f"{fact.label}: {refusal.message}")
            return None

    def _text(self, fact: Fact) -> str:
        def fits(text: str) -> str:
            if len(text) > LENGTHS[fact]:
                raise Refusal(_("at most %(n)s characters") % {"n": LENGTHS[fact]})
            return text

        return self._take(fact, fits) or ""

    def _instant(self, fact: Fact) -> datetime | None:
        source = self.reader.source
        return self._take(fact, lambda text: instant(text, source.forms, ZoneInfo(source.zone)))

    def _cause(self, text: str) -> str:
        causes = self.reader.source.causes
        if text not in causes:
            raise Refusal(_("nobody has said yet what “%(text)s” is with us") % {"text": text[:60]})
        return causes[text]

    def _unit(self, text: str) -> int:
        if text.upper() not in self.reader.units:
            raise Refusal(_("you lead no unit with the code %(code)s") % {"code": text})
        return self.reader.units[text.upper()]


def instant(text: str, forms: list[str], zone: ZoneInfo) -> datetime:
    """An instant in UTC. A time without an offset is of ``zone``; what it names its own counts.

    Raises: Refusal for what is no instant, for an hour that the clocks leapt over, and for one they showed twice.
    """
    found = next((at for form in forms if (at := _parsed(text, form))), None)
    if found is None:
        examples = ", ".join(FORMS.get(form, form) for form in forms)
        raise Refusal(_("“%(text)s” is no time; write it as %(examples)s") % {"text": text[:30], "examples": examples})
    try:
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        early, late = (found.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            raise Refusal(_unclear(text, _offset(early), _offset(late)))
        return early.astimezone(UTC)
    except OverflowError as error:
        raise Refusal(_("“%(text)s” is too far away") % {"text": text[:30]}) from error


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - a zone follows
    except ValueError:
        return None


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _unclear(text: str, early: timedelta, late: timedelta) -> str:
    """The words for an hour of a night in which clocks change."""
    if early < late:  # the offset before the leap is the smaller one
        return _("on that night the clocks leapt over %(text)s; write it with its offset, like +08:00") % {"text": text}
    return _("the clocks showed %(text)s twice that night; write it with its offset, like +08:00") % {"text": text}


def _whole(text: str, least: int, most: int) -> int:
    """A whole number. Raises: Refusal."""
    plain = text.replace(",", "").removesuffix(".0")
    sign, digits = plain[:1] == "-", plain.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        raise Refusal(_("“%(text)s” is no whole number") % {"text": text[:20]})
    if len(digits) > len(str(most)) or not least <= (number := -int(digits) if sign else int(digits)) <= most:
        raise Refusal(_("%(text)s is not between %(least)s and %(most)s") % {
            "text": text[:20], "least": least, "most": f"{most:,}"
        })  # fmt: skip
    return number


def _lower(words: list[str]) -> set[str]:
    return {word.lower() for word in words}

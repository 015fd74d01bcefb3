"""The promise before it is saved: the night box beside the form (ui.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from common import timewords
from staff.choices import AreaClass
from workorders import wording
from workorders.choices import ClockKind, CustomerClass, Kind, ServiceType, Verb
from workorders.models import PolicyRule
from workorders.presentation import limit_words
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


# What is promised in the end, once the case is picked; said with a dash until then.
AWAITED = {
    Kind.FAULT: (ClockKind.DISPATCH, ClockKind.ARRIVE, ClockKind.RESTORE, ClockKind.CALL_BACK),
    Kind.SERVICE: (ClockKind.DISPATCH, ClockKind.CONTACT, ClockKind.ANSWER, ClockKind.CALL_BACK),
}


def box_for(
    promised: Sequence[Promised], *, kind: Kind, case: Case | None, is_safety: bool, now: datetime
) -> PromiseBox:
    """The box for a case; ``case`` None: what decides the limits has not been picked yet."""
    if case is None:
        return PromiseBox(
            empty_words=_("Pick what it is and you will know"),
            sub=_("The time limit depends on what it is and where."),
            rows=[(str(clock.label), "—") for clock in AWAITED.get(kind, ())],
        )
    told = [p for p in promised if p.for_customer and p.aim]
    first = min(told, key=lambda p: p.aim.due_at, default=None)
    box = PromiseBox(rows=_rows(promised, now), safety=is_safety, promised="none")
    if first is None:
        box.empty_words = _("No time limit is promised")
        box.sub = _("Say that it will be read and passed on.")
        return box
    when = timewords.instant(first.aim.due_at, now, today=True)
    box.headline = wording.promised(first.rule.clock, when)
    limit = limit_words(base=first.rule.base, amount=first.rule.amount)
    box.sub = f"{pgettext('limit', 'within %(limit)s') % {'limit': limit}} · {case_words(case)}"
    box.talk = wording.say(first.rule.clock, first.aim.due_at, now)
    box.promised = first.aim.due_at.isoformat()
    box.why = why_words(first.rule, limit)
    return box


def beyond_box() -> PromiseBox:
    """The work calendar ends before the limit does: it cannot be promised, and saving would be refused."""
    return PromiseBox(
        empty_words=_("Cannot be computed"),
        sub=_("The work calendar does not reach that far. An administrator loads the next year."),
    )


def case_words(case: Case) -> str:
    """What the limit goes by, in a few words: “urban home · fault report”."""
    told = [AreaClass(case.area_class).label] if case.area_class else []
    if case.customer_class:
        told.append(CustomerClass(case.customer_class).label)
    told.append(ServiceType(case.service_type).label if case.service_type else Kind(case.kind).label)
    return " · ".join(str(word) for word in told)


def why_words(rule: PolicyRule, limit: str) -> list[tuple[str, str]]:
    """Where the time comes from, line by line."""
    counted = str(rule.get_base_display())
    return [
        (_("Limit"), f"{limit} · {counted}"),
        (_("Source"), f"{rule.short_name} · {rule.source}"),
        (_("Rule"), _("%(key)s, version %(version)d") % {"key": rule.key, "version": rule.version}),
    ]


def _rows(promised: Sequence[Promised], now: datetime) -> list[tuple[str, str]]:
    """One line per clock: what the customer is told, else our own aim; its tightest moment, or what it waits for."""
    tightest: dict[str, Promised] = {}
    for p in promised:
        held = tightest.get(p.rule.clock)
        if held is None or _leads(p, held):
            tightest[p.rule.clock] = p
    return [
        (str(ClockKind(clock).label), _row_words(p, now))
        for clock, p in sorted(tightest.items(), key=lambda item: ORDER[item[0]])
    ]


def _leads(p: Promised, held: Promised) -> bool:
    """A tighter aim of our own must not stand beside the promise as if it had been given."""
    if p.for_customer != held.for_customer:
        return p.for_customer
    return bool(p.aim and held.aim and p.aim.due_at < held.aim.due_at)


def _row_words(p: Promised, now: datetime) -> str:
    if p.aim:
        return timewords.by(p.aim.due_at, now)
    words = AFTER.get(Verb(p.rule.starts_on), pgettext_lazy("limit", "within %(limit)s"))
    return words % {"limit": limit_words(base=p.rule.base, amount=p.rule.amount)}


AFTER = {
    Verb.DISPATCH: pgettext_lazy("limit", "within %(limit)s of dispatch"),
    Verb.ARRIVE: pgettext_lazy("limit", "within %(limit)s of arrival"),
    Verb.FINISH: pgettext_lazy("limit", "within %(limit)s of finishing"),
    Verb.ANSWER: pgettext_lazy("limit", "within %(limit)s of the answer"),
}

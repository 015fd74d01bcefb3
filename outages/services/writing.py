"""Writing an outage down, changing it, and the two pairs of eyes it passes before anybody is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.choices import LETTERS, OF_ONE, ScopeKind, State, Verb
from outages.lead import lead_of
from outages.models import Outage, OutageEvent, ScopePick
from outages.policies import can, can_write
from outages.services.change import Change, act
from outages.services.freezing import freeze
from outages.services.restoring import refit
from staff.models import Member
from workorders.services.codes import next_code

TOLD = ("kind", "unit", "feeder", "place", "reason", "starts_at", "ends_at")  # what people read, or what it hangs on
RECORD = ("equipment", "cause", "boundary", "from_customer", "is_spread", "loss_kwh", "live_line", "is_avoidable")
FACTS = (*TOLD, *RECORD)


@dataclass(frozen=True)
class Scope:
    """What is picked of the network, by id."""

    feeders: frozenset[int] = frozenset()
    transformers: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    supply_points: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return any((self.feeders, self.transformers, self.areas, self.supply_points))

    @property
    def by_kind(self) -> Mapping[str, frozenset[int]]:
        return {
            ScopeKind.FEEDER: self.feeders,
            ScopeKind.TRANSFORMER: self.transformers,
            ScopeKind.AREA: self.areas,
            ScopeKind.SUPPLY_POINT: self.supply_points,
        }


@dataclass(frozen=True)
class Writing:
    """What somebody writes down: facts by the names of the model's fields, and the scope."""

    facts: Mapping[str, Any]
    scope: Scope = field(default_factory=Scope)


def draft(*, writing: Writing, actor: Member, now: datetime, request_id: UUID | None) -> Outage:
    """A new outage that nobody has been told of.

    Raises: `Denied`; `Refusal` for an impossible window or nothing picked. Idempotent: by ``request_id``.
    """
    require(can_write(actor))
    with transaction.atomic():
        known = OutageEvent.objects.filter(request_id=request_id).first() if request_id else None
        if known:
            return known.outage
        outage = Outage(code=next_code(LETTERS, now), written_by=actor, changed_at=now, **_facts(writing))
        require(can(Verb.DRAFT, actor, outage))
        _check_window(outage)
        outage.save(force_insert=True)
        _pick(outage, writing.scope)
        OutageEvent.objects.create(
            outage=outage, verb=Verb.DRAFT, at=now, recorded_at=now, actor=actor, request_id=request_id
        )  # fmt: skip
    return outage


@act(Verb.EDIT)
def edit(change: Change, *, writing: Writing, reason: str = "") -> None:
    """Other facts or another scope. The record may be filled in at any time; what people were told becomes a new
    version with a reason they read, and stays as it is once the power is back.

    A text that was checked or approved and is not yet told begins anew as a draft.
    """
    outage = change.outage
    facts = {name: value for name, value in _facts(writing).items() if getattr(outage, name) != value}
    picked = _picked(outage) != writing.scope.by_kind
    if not facts and not picked:
        raise Refusal(_("Nothing was changed."))
    told = picked or not facts.keys().isdisjoint(TOLD)
    if told and outage.state == State.RESTORED:
        raise Refusal(_("The power is back: what people were told stays. Only the record can be filled in."))
    if told and outage.version and not reason.strip():
        raise Refusal(_("People know of it. Say why it changes; they will read it."), field="change_reason")
    change.data = {"changed": {name: [_plain(getattr(outage, name)), _plain(v)] for name, v in facts.items()}}
    change.data["other_news"] = picked or not facts.keys().isdisjoint(("starts_at", "ends_at"))  # owed in writing again
    change.set(**facts)
    _check_window(outage)
    if told:
        _tell_anew(change, writing.scope if picked else None, reason.strip())


def _tell_anew(change: Change, scope: Scope | None, reason: str) -> None:
    """What people know becomes another version; what only we know is a draft again once somebody has looked at it."""
    outage = change.outage
    change.text, change.data["told"] = reason, True
    if scope is not None:
        _pick(outage, scope)
    if outage.version:
        version = freeze(outage, actor=change.actor, now=change.now, reason=reason)
        change.touched |= {"version", "customers"}
        if outage.is_off:
            refit(outage, version)
    elif outage.state in (State.CHECKED, State.APPROVED):
        change.set(state=State.DRAFT, checked_by=None, approved_by=None, written_by=change.actor)


@act(Verb.CHECK)
def check(change: Change) -> None:
    """The facts are right."""
    change.set(checked_by=change.actor)


@act(Verb.APPROVE)
def approve(change: Change, *, late_reason: str = "") -> None:
    """It may be announced; with a reason also later than the rules allow, which is counted."""
    lead = lead_of(change.outage)
    if lead and lead.is_late(change.now):
        if not late_reason.strip():
            raise Refusal(_("It would be announced too late. Say why it has to be all the same."), field="late_reason")
        change.set(late_reason=late_reason.strip(), late_allowed_by=change.actor)
        change.text = late_reason.strip()
    change.set(approved_by=change.actor)


@act(Verb.SEND_BACK)
def send_back(change: Change, *, reason: str) -> None:
    """Not like this: back to whoever wrote it."""
    if not reason.strip():
        raise Refusal(_("Say what is to be mended."), field="reason")
    change.text = reason.strip()
    change.set(checked_by=None, approved_by=None, late_reason="", late_allowed_by=None)


def _facts(writing: Writing) -> dict[str, Any]:
    return {name: value for name, value in writing.facts.items() if name in FACTS}


def _check_window(outage: Outage) -> None:
    if outage.starts_at and outage.ends_at and outage.ends_at <= outage.starts_at:
        raise Refusal(_("It ends before it begins."), field="ends_at")
    if outage.is_ahead and not (outage.starts_at and outage.ends_at):
        raise Refusal(_("An announced outage has a beginning and an end."), field="starts_at")


def _pick(outage: Outage, scope: Scope) -> None:
    if not scope:
        raise Refusal(_("Pick what is without power: a feeder, transformers, areas or account numbers."), field="scope")
    if outage.kind in OF_ONE and (scope.feeders or scope.transformers or scope.areas):
        raise Refusal(_("This concerns one customer: give the account number."), field="scope")
    outage.picks.all().delete()
    ScopePick.objects.bulk_create(
        ScopePick(outage=outage, **{f"{kind}_id": pk}) for kind, ids in scope.by_kind.items() for pk in sorted(ids)
    )


def _picked(outage: Outage) -> dict[str, frozenset[int]]:
    rows = list(outage.picks.all())
    return {kind: frozenset(filter(None, (getattr(row, f"{kind}_id") for row in rows))) for kind in ScopeKind}


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""The one way a state changes (design §4).

An act is a plain function on a `Change`, wrapped by `act`. The wrapper owns everything every act needs, in one order:
transaction → lock the row → known request? → version → policy → transition table → the act's own lines → clocks → save
→ one timeline row → outbox rows. What an act *means* is then a few lines long.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from common.timewords import MINUTE, clock
from notifications.services.outbox import Note, enqueue
from staff.models import Member, Unit
from workorders.choices import ENDED, Verb
from workorders.models import Event, WorkOrder
from workorders.policies import can
from workorders.selectors.history import done_by_ids, stamps_of
from workorders.services.clocks import LEADERS, sync_clocks
from workorders.signals import order_changed
from workorders.transitions import ACTS, can_follow

P = ParamSpec("P")
# Steps that a late entry cannot come before; accepting and setting off may have been pressed late themselves.
HANDED = frozenset({Verb.RECEIVE, Verb.DISPATCH, Verb.TRANSFER, Verb.ARRIVE, Verb.FINISH, Verb.ANSWER})


class Conflict(Exception):
    """Somebody else changed the order meanwhile; ``event`` says who and what."""

    def __init__(self, order: WorkOrder, event: Event | None) -> None:
        super().__init__(order.code)
        self.order = order
        self.event = event


def within_the_minute(at: datetime, last: datetime) -> datetime:
    """A time typed to the minute, put at the instant of the step before it when it names that very minute."""
    return last if at < last and last - at < MINUTE and at.minute == last.minute else at


@dataclass
class Change:
    """One act under way: what it knows, what it sets, what it will say."""

    order: WorkOrder
    verb: Verb
    actor: Member | None
    now: datetime
    request_id: UUID | None = None
    at: datetime = None  # when it happened; now unless the act says earlier
    text: str = ""
    is_public: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    unit: Unit | None = None
    supersedes: Event | None = None
    recompute: bool = False  # the rules are read again from the same start
    notes: list[Note] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    then: list[Callable[..., WorkOrder]] = field(default_factory=list)  # acts that follow by themselves, without inputs
    event: Event | None = None

    def __post_init__(self) -> None:
        self.at = self.at or self.now

    def set(self, **values: Any) -> None:
        """Set fields of the order; only these are saved."""
        for name, value in values.items():
            setattr(self.order, name, value)
            self.touched.add(name)

    def happened(self, at: datetime | None) -> None:
        """It happened at ``at`` (a late entry), not now. Refused in the future and before the step that led to it."""
        if at is None:
            return
        if at > self.now:
            raise Refusal(_("This time is still to come."), field="at")
        last = max((s.at for s in stamps_of(self.order) if s.verb in HANDED), default=self.order.received_at)
        at = within_the_minute(at, last)
        if at < last:
            raise Refusal(_("This is before the step before it, at %(time)s.") % {"time": clock(last)}, field="at")
        self.at = at

    def tell(self, notes: Note | Iterable[Note]) -> None:
        """Messages that go out with this change, once each."""
        self.notes.extend([notes] if isinstance(notes, Note) else notes)


def act(verb: Verb) -> Callable[[Callable[Concatenate[Change, P], Verb | None]], Callable[..., WorkOrder]]:
    """Make an act of a function on a `Change`.

    The result is called ``act(code=…, actor=…, now=…, request_id=…, version=None, **own arguments) -> WorkOrder``. The
    function may return another verb than its own when what happened turns out to be that (a call-back not reached).

    Raises: `Refusal` (state table, bad input), `common.access.Denied` (policy), `Conflict` (stale ``version``).
    Locks: the order row, FOR NO KEY UPDATE. Idempotent: by ``request_id``.
    """

    def wrap(body: Callable[Concatenate[Change, P], Verb | None]) -> Callable[..., WorkOrder]:
        @wraps(body)
        def run(
            *,
            code: str,
            actor: Member | None,
            now: datetime,
            request_id: UUID | None,
            version: int | None = None,
            **own: Any,
        ) -> WorkOrder:
            with transaction.atomic():
                order = lock_order(code)
                if request_id and Event.objects.filter(request_id=request_id).exists():
                    return order
                _check(order, verb, actor, version)
                change = Change(order, verb, actor, now, request_id)
                change.verb = body(change, **own) or verb  # type: ignore[call-arg]
                commit(change)
                for follow in change.then:
                    order = follow(code=code, actor=None, now=now, request_id=None)
            return order

        run.verb = verb
        return run

    return wrap


def lock_order(code: str) -> WorkOrder:
    """The order, locked until the end of the transaction.

    Locked first and read second: an order that changed hands while we waited no longer fits the join that found it,
    and PostgreSQL would answer that there is none.
    """
    pk = WorkOrder.objects.select_for_update(no_key=True).values_list("pk", flat=True).get(code=code)
    order = WorkOrder.objects.select_related("unit", "customer", "assignee", "first_owner").get(pk=pk)
    order.done_by_ids = done_by_ids(order)
    return order


def _check(order: WorkOrder, verb: Verb, actor: Member | None, version: int | None) -> None:
    if version is not None and version != order.version:
        raise Conflict(order, order.events.exclude(verb=Verb.ALARM).select_related("actor").order_by("-id").first())
    require(can(verb, actor, order))
    if not can_follow(verb, order.state):
        raise Refusal(
            _("This order is now “%(state)s”; “%(act)s” cannot follow that.")
            % {"state": order.get_state_display(), "act": Verb(verb).label}
        )


def commit(change: Change) -> None:
    """Write the change: state, timeline row, clocks, order, messages. Inside the act's transaction."""
    order, row = change.order, ACTS[change.verb]
    if row.to:
        change.data.setdefault("state", order.state)  # what it was before, for taking a slip back
        change.set(state=row.to)
        if row.to in ENDED:
            change.set(closed_at=change.now)
    change.event = record(change)
    if row.stamps or change.recompute or change.supersedes:
        sync_clocks(order, now=change.now, recompute=change.recompute)
        change.touched |= LEADERS
    change.set(version=order.version + 1)
    order.save(update_fields=sorted(change.touched))
    order_changed.send(WorkOrder, order=order, change=change)
    enqueue(change.notes, now=change.now)


def record(change: Change) -> Event:
    """The timeline row of this change."""
    return Event.objects.create(
        order=change.order,
        generation=change.order.generation,
        verb=change.verb,
        at=change.at,
        recorded_at=change.now,
        actor=change.actor,
        unit=change.unit or change.order.unit,
        text=change.text,
        is_public=change.is_public,
        data=change.data,
        supersedes=change.supersedes,
        request_id=change.request_id,
    )

"""The one way an outage changes (design §4): the frame of `workorders.services.change`, for what has no clocks.

transaction → lock the row → known request? → revision → policy → transition table → the act's own lines → save → one
timeline row.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.choices import Verb
from outages.models import Outage, OutageEvent
from outages.policies import can
from outages.services.owing import hand_on, keep_news_clock
from outages.services.telling import owe
from outages.services.written import keep_written
from outages.signals import outage_changed
from outages.transitions import ACTS, can_follow
from staff.models import Member

log = logging.getLogger(__name__)
MOVES_THE_NEWS = frozenset({Verb.BEGIN, Verb.ESTIMATE, Verb.RESTORE})
MOVES_THE_WRITTEN = frozenset({Verb.PUBLISH, Verb.POSTPONE, Verb.CANCEL, Verb.RESTORE})
P = ParamSpec("P")


@dataclass
class Change:
    """One act under way: what it knows, what it sets, what it will say."""

    outage: Outage
    verb: Verb
    actor: Member | None
    now: datetime
    request_id: UUID | None = None
    at: datetime | None = None  # when it happened; now unless the act says earlier
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Set fields of the outage; only these are saved."""
        for name, value in values.items():
            setattr(self.outage, name, value)
            self.touched.add(name)

    def happened(self, at: datetime | None, *, not_before: datetime | None = None) -> datetime:
        """It happened at ``at`` (a late entry), else now. Refused in the future and before what led to it."""
        self.at = at or self.now
        if self.at > self.now:
            raise Refusal(_("This time is still to come."), field="at")
        if not_before and self.at < not_before:
            raise Refusal(_("This is before the power went off."), field="at")
        return self.at


def act(verb: Verb) -> Callable[[Callable[Concatenate[Change, P], None]], Callable[..., Outage]]:
    """Make an act of a function on a `Change`.

    The result is called ``act(code=…, actor=…, now=…, request_id=…, revision=None, **own arguments) -> Outage``.

    Raises: `Refusal` (state table, bad input, changed meanwhile), `common.access.Denied` (policy).
    Locks: the outage row, FOR NO KEY UPDATE. Idempotent: by ``request_id``.
    """

    def wrap(body: Callable[Concatenate[Change, P], None]) -> Callable[..., Outage]:
        @wraps(body)
        def run(
            *,
            code: str,
            actor: Member | None,
            now: datetime,
            request_id: UUID | None,
            revision: int | None = None,
            **own: Any,
        ) -> Outage:
            with transaction.atomic():
                outage = Outage.objects.select_for_update(of=("self",), no_key=True).get(code=code)
                if request_id and OutageEvent.objects.filter(request_id=request_id).exists():
                    return outage
                _check(outage, verb, actor, revision)
                change = Change(outage, verb, actor, now, request_id)
                body(change, **own)  # type: ignore[call-arg]
                if to := ACTS[verb].to:
                    change.set(state=to)
                commit(change)
            return outage

        return run

    return wrap


def _check(outage: Outage, verb: Verb, actor: Member | None, revision: int | None) -> None:
    if revision is not None and revision != outage.revision:
        last = outage.events.select_related("actor").order_by("-id").first()
        name = last.actor.name if last and last.actor else _("The system")
        raise Refusal(_("%(name)s changed this meanwhile. Look again, then save.") % {"name": name})
    require(can(verb, actor, outage))
    if not can_follow(verb, outage.state):
        said = {"act": Verb(verb).label, "state": outage.get_state_display()}
        raise Refusal(_("“%(act)s” does not follow “%(state)s”.") % said)


def commit(change: Change) -> OutageEvent:
    """Save what was set and write the timeline row; rooms above hear of it inside the transaction."""
    outage = change.outage
    _keep_tasks(change)
    outage.revision += 1
    outage.changed_at = change.now
    outage.save(update_fields={*change.touched, "revision", "changed_at"})
    event = OutageEvent.objects.create(
        outage=outage,
        verb=change.verb,
        at=change.at or change.now,
        recorded_at=change.now,
        actor=change.actor,
        text=change.text,
        data=change.data,
        request_id=change.request_id,
    )
    notice = owe(outage, event)
    if notice:
        transaction.on_commit(partial(_wake, notice.pk))
    outage_changed.send(Outage, outage=outage, event=event)
    return event


def _keep_tasks(change: Change) -> None:
    """What is owed by a moment follows what was done."""
    outage = change.outage
    if change.verb in MOVES_THE_NEWS and (order := keep_news_clock(outage, now=change.now, reason=change.text)):
        change.set(news_order=order)
    anew = change.verb in MOVES_THE_WRITTEN or (change.verb == Verb.EDIT and bool(change.data.get("other_news")))
    if anew and outage.published_at and (outage.is_ahead or outage.written_order):
        change.set(written_order=keep_written(outage, now=change.now))
    if change.verb == Verb.EDIT and "unit" in change.touched:
        hand_on(outage, now=change.now, reason=change.text)


def _wake(notice_id: int) -> None:
    """Ask a worker to spread it now; without a broker beat finds it."""
    from outages.tasks import spread_notice  # the task imports the services, which import this frame

    try:
        spread_notice.apply_async([notice_id])
    except Exception:
        log.warning("notice.not_woken", extra={"notice": notice_id}, exc_info=True)

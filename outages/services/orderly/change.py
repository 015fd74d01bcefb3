"""The one way a plan or a run of orderly use changes: the frame of `outages.services.change`, for two things.

transaction → lock the row → known request? → revision → policy → transition table → the act's own lines → save → one
row of the story.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.models import OrderlyEvent, OrderlyPlan, OrderlyRun
from outages.orderly_choices import PlanState, Verb
from outages.orderly_policies import can
from outages.orderly_transitions import ALL, RUN_ACTS, can_follow
from staff.models import Member

P = ParamSpec("P")


@dataclass
class Change:
    """One act under way: what it knows, what it sets, what it will say. ``run`` is empty for an act on a plan."""

    plan: OrderlyPlan
    run: OrderlyRun | None
    verb: Verb
    actor: Member
    now: datetime
    request_id: UUID | None = None
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @property
    def subject(self) -> OrderlyPlan | OrderlyRun:
        """What the state table is asked about."""
        return self.run or self.plan

    @property
    def of_run(self) -> OrderlyRun:
        """The run, for acts that have one."""
        if self.run is None:
            raise TypeError(self.verb)
        return self.run

    def set(self, **values: Any) -> None:
        """Set fields of the subject; only these are saved."""
        for name, value in values.items():
            setattr(self.subject, name, value)
            self.touched.add(name)

    def wrote(self) -> None:
        """The actor wrote some of this version and will not approve it."""
        if self.actor.pk not in self.plan.writers:
            self.set(writers=[*self.plan.writers, self.actor.pk])


def act(verb: Verb) -> Callable[[Callable[Concatenate[Change, P], None]], Callable[..., OrderlyEvent]]:
    """Make an act of a function on a `Change`.

    The result is called ``act(code=…, actor=…, now=…, request_id=…, **own arguments)``, for a plan also with the
    ``number`` of its version and the ``revision`` that was read; it returns the row of the story it left.

    Raises: `Refusal` (state table, bad input, changed meanwhile), `common.access.Denied` (policy).
    Locks: the version's or the run's row, FOR NO KEY UPDATE. Idempotent: by ``request_id``.
    """

    def wrap(body: Callable[Concatenate[Change, P], None]) -> Callable[..., OrderlyEvent]:
        @wraps(body)
        def run(
            *,
            code: str,
            number: int = 0,
            actor: Member,
            now: datetime,
            request_id: UUID | None,
            revision: int | None = None,
            **own: Any,
        ) -> OrderlyEvent:
            with transaction.atomic():
                change = _begun(verb, code, number, actor, now, request_id)
                known = OrderlyEvent.objects.filter(request_id=request_id).first() if request_id else None
                if known:
                    return known
                _check(change, revision)
                body(change, **own)  # type: ignore[call-arg]
                if to := ALL[verb].to:
                    change.set(state=to)
                return commit(change)

        return run

    return wrap


def _begun(verb: Verb, code: str, number: int, actor: Member, now: datetime, request_id: UUID | None) -> Change:
    """The subject, read anew and locked."""
    if verb in RUN_ACTS:
        runs = OrderlyRun.objects.select_for_update(of=("self",), no_key=True).select_related("plan__unit")
        run = runs.get(code=code)
        return Change(run.plan, run, verb, actor, now, request_id)
    plans = OrderlyPlan.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    return Change(plans.get(code=code, number=number), None, verb, actor, now, request_id)


def _check(change: Change, revision: int | None) -> None:
    plan, subject = change.plan, change.subject
    if change.run is None and revision is not None and revision != plan.revision:
        last = plan.events.select_related("actor").order_by("-id").first()
        name = last.actor.name if last and last.actor else _("The system")
        raise Refusal(_("%(name)s changed this meanwhile. Look again, then save.") % {"name": name})
    require(can(change.verb, change.actor, plan))
    if not can_follow(change.verb, subject.state):
        said = {"act": Verb(change.verb).label, "state": subject.get_state_display()}
        raise Refusal(_("“%(act)s” does not follow “%(state)s”.") % said)


def commit(change: Change) -> OrderlyEvent:
    """Save what was set and write the row of the story."""
    subject = change.subject
    if isinstance(subject, OrderlyPlan):
        change.set(revision=subject.revision + 1, changed_at=change.now)
    if change.touched:
        subject.save(update_fields=change.touched)
    return tell(change.plan, change.verb, change.actor, change.now, run=change.run, text=change.text,
                data=change.data, request_id=change.request_id)  # fmt: skip


def tell(plan: OrderlyPlan, verb: Verb, actor: Member, now: datetime, **own: Any) -> OrderlyEvent:
    """One row of the story."""
    return OrderlyEvent.objects.create(plan=plan, verb=verb, at=now, actor=actor, **own)


def in_force(code: str) -> OrderlyPlan | None:
    """The version in force, locked; None when there is none."""
    plans = OrderlyPlan.objects.select_for_update(of=("self",), no_key=True)
    return plans.filter(code=code, state=PlanState.APPROVED).first()

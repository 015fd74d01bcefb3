"""The next step of an order for one person, and what else that person may do: derived, never stored.

The state table says what may follow, the policy who may do it; what is added here is only which of the allowed acts
moves the order on, and whose daily work it is. Pages and list rows ask the same function. Pure but for the member's
scope: give it orders that `workorders.selectors.progress.mark_progress` has seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.access import ALLOW, Decision, deny
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of
from workorders.addresses import act_url
from workorders.choices import ClockKind, ClockState, State, Verb
from workorders.kinds import CLOCKS, KINDS, goes_out
from workorders.models import WorkOrder
from workorders.policies import DESK, FIELD, FRONT, LEAD, can
from workorders.services.clocks import needs_call_back
from workorders.transitions import can_follow

V = Verb
S = State

# What the button of an act says; at most four Chinese characters, so that rows and cards need no squeezing.
BUTTON: Mapping[Verb, Promise] = {
    V.DISPATCH: pgettext_lazy("button", "Dispatch"),
    V.TRANSFER: pgettext_lazy("button", "Reassign"),
    V.ACCEPT: pgettext_lazy("button", "Accept"),
    V.SET_OFF: pgettext_lazy("button", "Set off"),
    V.ARRIVE: pgettext_lazy("button", "Record arrival"),
    V.FINISH: pgettext_lazy("button", "Finish"),
    V.CONTACT: pgettext_lazy("button", "Contacted"),
    V.ANSWER: pgettext_lazy("button", "Answer"),
    V.CALL_BACK: pgettext_lazy("button", "Call back"),
    V.CLOSE: pgettext_lazy("button", "File it"),
    V.RETURN: pgettext_lazy("button", "Return"),
    V.CANCEL: pgettext_lazy("button", "Cancel order"),
    V.AMEND: pgettext_lazy("button", "Amend"),
    V.ADD_CONTACT: pgettext_lazy("button", "Asked again"),
    V.CORRECT: pgettext_lazy("button", "Fix a time"),
    V.TELL_LATE: pgettext_lazy("button", "Say why late"),
    V.NOTE: pgettext_lazy("button", "Note"),
}

# Whose daily work an act is. Others may be allowed it as well (a supervisor accepts for a crew whose phone is dead);
# for them it is never the main button.
DAILY: Mapping[Verb, frozenset[str]] = {
    V.DISPATCH: DESK | LEAD,
    V.ACCEPT: FIELD,
    V.SET_OFF: FIELD,
    V.ARRIVE: FIELD | DESK,
    V.FINISH: FIELD,
    V.CONTACT: FIELD,
    V.ANSWER: FRONT,
    V.CALL_BACK: frozenset({Role.AGENT}),
    V.CLOSE: FRONT | DESK | LEAD,
}
# Who keeps a late promise by doing this very act, and so does it before explaining; everybody else explains first.
KEEPS: Mapping[Verb, frozenset[str]] = {V.ARRIVE: FIELD, V.FINISH: FIELD, V.CONTACT: FIELD, V.ANSWER: FRONT}

# The other acts in the order they are drawn; a note has its own field on the page.
OTHERS = (
    V.DISPATCH, V.TRANSFER, V.ACCEPT, V.SET_OFF, V.ARRIVE, V.FINISH, V.RETURN, V.ANSWER, V.CALL_BACK, V.CLOSE,
    V.CONTACT, V.ADD_CONTACT, V.TELL_LATE, V.AMEND, V.CORRECT, V.CANCEL,
)  # fmt: skip


# What is done with a customer, and so never with what only we know of.
WITH_THE_CUSTOMER = frozenset({V.CONTACT, V.ADD_CONTACT, V.ANSWER, V.CALL_BACK, V.TELL_LATE, V.AMEND})


def slug(verb: Verb) -> str:
    """The act as it stands in an address: ``call-back``."""
    return verb.value.replace("_", "-")


@dataclass(frozen=True)
class Step:
    """One act offered to one person; ``decision`` says why not when it is only shown."""

    verb: Verb
    code: str
    decision: Decision = ALLOW

    @property
    def label(self) -> Promise:
        return BUTTON[self.verb]

    @property
    def url(self) -> str:
        return act_url(self.code, slug(self.verb))

    @property
    def at_once(self) -> bool:
        """Nothing to fill in and nothing to think over: one press does it."""
        return self.verb in (V.ACCEPT, V.SET_OFF)


def next_step(actor: Member, order: WorkOrder, *, now: datetime) -> Step | None:
    """The one act that moves this order on and is this person's to do; None when it waits for somebody else.

    A promise broken without a word to the customer comes first, unless the person can keep it by their own step.
    """
    if not order.is_open:
        return None
    verb = next((v for v in way(order) if _is_daily(v, actor) and is_open_to(v, actor, order)), None)
    if owes_a_word(order, now) and is_open_to(V.TELL_LATE, actor, order) and not _keeps(verb, actor, order):
        verb = V.TELL_LATE
    return Step(verb, order.code) if verb else None


def way(order: WorkOrder) -> tuple[Verb, ...]:
    """The acts that move an order on from where it stands, the first that fits a person is theirs."""
    kind = KINDS[order.kind]
    if order.state == S.RECEIVED:
        if not kind.needs_answer:
            return (V.CLOSE,)
        return (V.ANSWER, V.DISPATCH) if kind.settled_at_desk else (V.DISPATCH,)
    if order.state in (S.ACCEPTED, S.IN_PROGRESS):
        first = (V.CONTACT,) if _waits_for_contact(order) else ()
        return (*first, *_work(order))
    if order.state == S.ANSWERED:
        return (V.CALL_BACK,) if owes_call_back(order) else (V.CLOSE,)
    return {S.RETURNED: (V.DISPATCH,), S.DISPATCHED: (V.ACCEPT,), S.RESOLVED: (V.ANSWER,)}.get(State(order.state), ())


def _work(order: WorkOrder) -> tuple[Verb, ...]:
    if order.state == S.IN_PROGRESS or not goes_out(order.kind, order.service_type):
        return (V.FINISH,)
    return (V.ARRIVE,) if order.is_on_way else (V.SET_OFF, V.ARRIVE)


def _waits_for_contact(order: WorkOrder) -> bool:
    clock = order.next_clock
    return clock is not None and clock.kind == ClockKind.CONTACT and clock.state == ClockState.RUNNING


def owes_call_back(order: WorkOrder) -> bool:
    """Whether somebody still has to call the customer before the order may be filed."""
    return needs_call_back(order) and not order.is_called_back


def owes_a_word(order: WorkOrder, now: datetime) -> bool:
    """A promise to the customer is broken and what they were last told, if anything, is past as well (req 21)."""
    clock = order.promise_clock
    if clock is None or clock.state != ClockState.RUNNING or now <= clock.due_at:
        return False
    told_until = order.expected_at or order.next_news_at
    return order.late_told_at is None or told_until is None or told_until < now


def owed_words(order: WorkOrder) -> str:
    """What a customer who is owed a word is owed: the reason, or the news they were promised."""
    if order.late_told_at is None:
        return str(_("The promise is broken and the customer has not been told why."))
    return str(_("The customer was told when there would be news, and that time has passed."))


def may_be_told_late(order: WorkOrder) -> bool:
    """There is a promise to the customer that is still running."""
    clock = order.promise_clock
    return clock is not None and clock.state == ClockState.RUNNING


def is_open_to(verb: Verb, actor: Member, order: WorkOrder) -> bool:
    """The state table and the policy both let this person do it now."""
    if verb == V.TELL_LATE and not may_be_told_late(order):
        return False
    return can_follow(verb, order.state) and bool(can(verb, actor, order))


def _is_daily(verb: Verb, actor: Member) -> bool:
    return scope_of(actor).has(*DAILY[verb])


def _keeps(verb: Verb | None, actor: Member, order: WorkOrder) -> bool:
    clock = order.promise_clock
    stops = verb is not None and clock is not None and verb in CLOCKS[ClockKind(clock.kind)].stops_on
    return stops and scope_of(actor).has(*KEEPS.get(verb, ()))


def other_steps(actor: Member, order: WorkOrder, main: Step | None) -> list[Step]:
    """What else this person may do now. What the state forbids is left out; what only waits for something says so."""
    steps = []
    for verb in OTHERS:
        if (main and verb == main.verb) or not can_follow(verb, order.state) or _is_pointless(verb, order):
            continue
        decision = can(verb, actor, order)
        if verb == V.CLOSE and decision:
            decision = _before_filing(order)
        if decision or (verb in (V.CALL_BACK, V.CLOSE) and scope_of(actor).has(*DAILY[verb])):
            steps.append(Step(verb, order.code, decision))
    return steps


def _is_pointless(verb: Verb, order: WorkOrder) -> bool:
    """Allowed by the table, but there is nothing to do it to."""
    outside = goes_out(order.kind, order.service_type)
    if verb in WITH_THE_CUSTOMER and KINDS[order.kind].internal:
        return True
    if verb == V.SET_OFF:
        return order.is_on_way or not outside
    if verb == V.FINISH:
        return outside and order.state == S.ACCEPTED
    if verb == V.ARRIVE:
        return not outside
    if verb == V.ANSWER:
        return order.state == S.RECEIVED and not KINDS[order.kind].needs_answer
    if verb == V.TELL_LATE:
        return not may_be_told_late(order)
    if verb == V.CALL_BACK:
        return not owes_call_back(order)
    return verb == V.CLOSE and KINDS[order.kind].needs_answer and order.state != S.ANSWERED


def _before_filing(order: WorkOrder) -> Decision:
    if owes_call_back(order):
        return deny(_("Nobody has called the customer back yet."))
    return ALLOW


def waits_for(order: WorkOrder) -> str:
    """Whom the order waits for now, beside the head of the card: “waiting for the crew”."""
    if order.state == S.ANSWERED:
        return str(_("waiting for a call-back") if owes_call_back(order) else _("ready to be filed"))
    if order.state == S.ACCEPTED:
        if not goes_out(order.kind, order.service_type):
            return str(_("being worked on"))
        return str(_("waiting for the crew to arrive") if order.is_on_way else _("waiting for the crew to set off"))
    return str(WAITING.get(State(order.state), ""))


WAITING: Mapping[State, Promise] = {
    S.RECEIVED: _("waiting for dispatch"),
    S.RETURNED: _("came back, waiting for dispatch"),
    S.DISPATCHED: _("waiting for the crew to accept"),
    S.IN_PROGRESS: _("being worked on"),
    S.RESOLVED: _("waiting for the answer"),
}


def state_words(order: WorkOrder) -> str:
    """The word beside the windows: the state, or what happens within it (setting off is an act, not a state)."""
    return str(_("Crew on the way")) if order.is_on_way else str(order.get_state_display())

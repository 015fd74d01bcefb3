"""Who may do what to an order. No SQL beyond the member's scope; the state table is asked separately."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from staff.choices import Role, UnitKind
from staff.models import Member
from staff.selectors import scope_of
from workorders.choices import Verb
from workorders.kinds import CONFIDENTIAL
from workorders.models import WorkOrder

FRONT = frozenset({Role.CLERK, Role.AGENT})
DESK = frozenset({Role.DISPATCHER, Role.DISPATCH_SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR, Role.MANAGER})
FIELD = frozenset({Role.HANDLER, Role.UNIT_LEAD})

# Which roles do an act; FRONT roles do theirs for any order they can see, the others within their units.
DOERS: Mapping[Verb, frozenset[str]] = {
    Verb.RECEIVE: FRONT | DESK | LEAD,
    Verb.AMEND: FRONT | DESK | LEAD,
    Verb.ADD_CONTACT: FRONT | DESK | LEAD | FIELD,
    Verb.CONTACT: FRONT | DESK | LEAD | FIELD,
    Verb.NOTE: FRONT | DESK | LEAD | FIELD,
    Verb.TELL_LATE: FRONT | DESK | LEAD | FIELD,
    Verb.DISPATCH: DESK | LEAD,
    Verb.TRANSFER: DESK | LEAD,
    Verb.ACCEPT: FIELD | LEAD,
    Verb.SET_OFF: FIELD | DESK,
    Verb.ARRIVE: FIELD | DESK,
    Verb.FINISH: FIELD | LEAD,
    Verb.RETURN: FIELD | LEAD,
    Verb.ANSWER: FRONT | DESK | LEAD,
    Verb.CALL_BACK: frozenset({Role.AGENT}) | DESK | LEAD,
    Verb.CALL_TRIED: frozenset({Role.AGENT}) | DESK | LEAD,
    Verb.CLOSE: FRONT | DESK | LEAD,
    Verb.CANCEL: FRONT | DESK | LEAD,
    Verb.CORRECT: DESK | LEAD,
    Verb.TAKE_BACK: FIELD | DESK,
    Verb.RECALCULATE: frozenset({Role.ADMINISTRATOR}),
    Verb.HAND_OVER: DESK | LEAD | frozenset({Role.ADMINISTRATOR}),
    Verb.MOVE: DESK | LEAD,
}


def can(verb: Verb, actor: Member | None, order: WorkOrder) -> Decision:
    """Whether ``actor`` may do ``verb`` to ``order``; the system (None) may do anything it is coded to do."""
    if actor is None:
        return ALLOW
    scope = scope_of(actor)
    doers = DOERS[verb]
    if not scope.has(*doers):
        return deny(_("Your role does not do this. Ask your unit lead or the dispatch desk."))
    if not (scope.has(*(doers & FRONT)) or scope.reaches(order.unit, *doers)):
        return deny(_("This order is with another unit. Its dispatch desk or supervisor can do this."), by_role=False)
    extra = _EXTRA.get(verb)
    return extra(actor, order) if extra else ALLOW


def _can_call_back(actor: Member, order: WorkOrder) -> Decision:
    """Never by the one who handled or answered (design §11)."""
    if actor.pk in order.done_by_ids:
        return deny(_("You handled or answered this order. Somebody else has to call back."), by_role=False)
    return ALLOW


_EXTRA: Mapping[Verb, Callable[[Member, WorkOrder], Decision]] = {
    Verb.CALL_BACK: _can_call_back,
    Verb.CALL_TRIED: _can_call_back,
}


def can_receive(actor: Member) -> Decision:
    """Who takes what customers ask."""
    if scope_of(actor).has(*DOERS[Verb.RECEIVE]):
        return ALLOW
    return deny(_("Clerks, agents, dispatchers and supervisors take requests."))


def can_see_person(actor: Member, order: WorkOrder) -> Decision:
    """A tip-off's person is hidden outside the handling unit."""
    if order.kind not in CONFIDENTIAL or order.unit_id in handling_ids(actor):
        return ALLOW
    return deny(_("Who tipped us off is known only to the unit that handles it."), by_role=False)


def handling_ids(actor: Member) -> frozenset[int]:
    """The units whose confidential orders are this person's own: where they sit, and those they lead or work in."""
    return scope_of(actor).unit_ids(*(LEAD | FIELD)) | {actor.home_unit_id}


def can_look(actor: Member, order: WorkOrder) -> Decision:
    """See the full phone and door of an order: whoever may work on it, in an order of their own units."""
    return can(Verb.NOTE, actor, order)


def can_use_phone(actor: Member) -> Decision:
    """Who works from the phone: crews, and whoever handles orders in a unit."""
    if scope_of(actor).has(*FIELD) or actor.home_unit.kind == UnitKind.CREW:
        return ALLOW
    return deny(_("This page is for crews. Your own work is under “My work”."))


def can_edit_rules(actor: Member) -> Decision:
    """Everybody reads the rules, administrators edit them."""
    if scope_of(actor).has(Role.ADMINISTRATOR):
        return ALLOW
    return deny(_("Only administrators change rules."))

"""Who may do what to plans and runs of orderly use. No SQL beyond the member's scope; state tables are asked apart."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from outages.models import OrderlyPlan
from outages.orderly_choices import Verb
from outages.policies import DESK, LEAD
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of

WRITERS = DESK | LEAD
CARRIERS = WRITERS | {Role.UNIT_LEAD, Role.ACCOUNT_MANAGER}  # hand notices over, write down what was achieved
READERS = CARRIERS | {Role.AUDITOR}

V = Verb
DOERS: Mapping[Verb, frozenset[str]] = {
    **dict.fromkeys((V.EDIT, V.BATCH, V.BATCH_REMOVE, V.EXEMPT, V.UNEXEMPT, V.SUBMIT, V.REVISE), WRITERS),
    **dict.fromkeys((V.SEND_BACK, V.APPROVE, V.RETIRE, V.REVIEW), LEAD),
    **dict.fromkeys((V.ACTIVATE, V.CANCEL, V.END), WRITERS),
    **dict.fromkeys((V.HAND_OVER, V.RECORD), CARRIERS),
}


def can_read(actor: Member) -> Decision:
    """Plans with the users in them. That a customer is asked now is said at every counter."""
    if scope_of(actor).has(*READERS):
        return ALLOW
    return deny(_("Plans of orderly use are read by dispatch, supervisors, unit leads and account managers."))


def can_write(actor: Member) -> Decision:
    """Who writes plans."""
    if scope_of(actor).has(*WRITERS):
        return ALLOW
    return deny(_("Dispatchers and supervisors write plans of orderly use."))


def can(verb: Verb, actor: Member, plan: OrderlyPlan) -> Decision:
    """Whether ``actor`` may do ``verb`` to this version or to a run of it; nobody approves what they wrote any of."""
    scope = scope_of(actor)
    if not scope.has(*DOERS[verb]):
        return deny(_("Your role does not do this. Ask the dispatch desk or a supervisor."))
    if not scope.reaches(plan.unit, *DOERS[verb]):
        return deny(_("This plan is with another unit."), by_role=False)
    if verb == V.APPROVE and actor.pk in plan.writers:
        return deny(_("You wrote some of this. Somebody else has to approve it."), by_role=False)
    return ALLOW

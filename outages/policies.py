"""Who may do what to an outage. No SQL beyond the member's scope; the state table is asked separately."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from outages.choices import Verb
from outages.models import Outage, WatchItem
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of

DESK = frozenset({Role.DISPATCHER, Role.DISPATCH_SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR, Role.MANAGER})
READERS = DESK | LEAD | {Role.CLERK, Role.AGENT, Role.HANDLER, Role.UNIT_LEAD, Role.EDITOR, Role.ARCHIVE_KEEPER,
                         Role.ACCOUNT_MANAGER, Role.AUDITOR}  # fmt: skip
WRITERS = DESK | LEAD | {Role.UNIT_LEAD}
FIGURES = DESK | LEAD | {Role.UNIT_LEAD, Role.AUDITOR, Role.ASSESSOR}  # who reads how often and how long
PLANNERS = LEAD | {Role.UNIT_LEAD}  # who says what is to be built, and watched before a season

# Which roles do an act, within the units they reach.
DOERS: Mapping[Verb, frozenset[str]] = {
    Verb.DRAFT: WRITERS,
    Verb.EDIT: WRITERS,
    Verb.CHECK: DESK | LEAD,
    Verb.APPROVE: LEAD,
    Verb.SEND_BACK: DESK | LEAD,
    Verb.PUBLISH: DESK | LEAD | {Role.EDITOR},
    Verb.BEGIN: WRITERS,
    Verb.ESTIMATE: WRITERS,
    Verb.RESTORE_PART: WRITERS,
    Verb.RESTORE: WRITERS,
    Verb.POSTPONE: DESK | LEAD,
    Verb.CANCEL: DESK | LEAD,
    Verb.REVIEW: LEAD,
}


def can_read(actor: Member) -> Decision:
    """Everybody whom a customer may ask about an outage."""
    if scope_of(actor).has(*READERS):
        return ALLOW
    return deny(_("Your role has no part in outages."))


def can_read_figures(actor: Member) -> Decision:
    """Who answers for reliability, and who looks over their shoulder."""
    if scope_of(actor).has(*FIGURES):
        return ALLOW
    return deny(_("Supervisors, dispatchers and unit leads read these figures."))


def can_plan(actor: Member, paths: Iterable[str] = ()) -> Decision:
    """Who says what the grid needs, and what is watched; with ``paths``, of what hangs below one of these units."""
    scope = scope_of(actor)
    if not scope.has(*PLANNERS):
        return deny(_("Unit leads, supervisors and managers say what the grid needs."))
    paths = list(paths)
    if paths and not any(scope.reaches_path(path, *PLANNERS) for path in paths):
        return deny(_("This is with another unit."), by_role=False)
    return ALLOW


def can_finish(actor: Member, item: WatchItem) -> Decision:
    """Who says that something watched is done: whoever does it, and who leads there."""
    return ALLOW if item.member_id == actor.pk else can_plan(actor, [item.unit.path])


def can_write(actor: Member) -> Decision:
    """Who writes outages down."""
    if scope_of(actor).has(*WRITERS):
        return ALLOW
    return deny(_("Dispatchers, unit leads and supervisors write outages down."))


def can(verb: Verb, actor: Member | None, outage: Outage) -> Decision:
    """Whether ``actor`` may do ``verb``; the system (None) may do anything it is coded to do.

    Nobody checks what they wrote themselves, and nobody approves what they wrote or checked.
    """
    if actor is None:
        return ALLOW
    scope = scope_of(actor)
    if not scope.has(*DOERS[verb]):
        return deny(_("Your role does not do this. Ask the dispatch desk or a supervisor."))
    if not scope.reaches(outage.unit, *DOERS[verb]):
        return deny(_("This outage is with another unit."), by_role=False)
    if verb == Verb.CHECK and outage.written_by_id == actor.pk:
        return deny(_("You wrote this yourself. Somebody else has to check it."), by_role=False)
    if verb == Verb.APPROVE and actor.pk in (outage.written_by_id, outage.checked_by_id):
        return deny(_("You wrote or checked this. Somebody else has to approve it."), by_role=False)
    return ALLOW

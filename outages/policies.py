"""Who may do what to an outage. No SQL beyond the member's scope; the state table is asked separately."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from outages.choices import Verb
from outages.models import Outage, Storm, WatchItem
from staff.choices import Role
from staff.models import Member, Unit
from staff.selectors import scope_of

DESK = frozenset({Role.DISPATCHER, Role.DISPATCH_SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR, Role.MANAGER})
READERS = DESK | LEAD | {Role.CLERK, Role.AGENT, Role.HANDLER, Role.UNIT_LEAD, Role.EDITOR, Role.ARCHIVE_KEEPER,
                         Role.ACCOUNT_MANAGER, Role.AUDITOR}  # fmt: skip
WRITERS = DESK | LEAD | {Role.UNIT_LEAD}
POSTERS = WRITERS | {Role.CLERK, Role.HANDLER}  # crews and halls put paper on walls
CALLERS = WRITERS | {Role.CLERK, Role.AGENT}
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


def can_hand_over(actor: Member, outage: Outage, *units: Unit) -> Decision:
    """Whoever takes a written notice to a customer, or puts down for a colleague that it was taken.

    ``units``: whose people may be sent there.
    """
    doers = WRITERS | {Role.HANDLER, Role.ACCOUNT_MANAGER}
    scope = scope_of(actor)
    if not scope.has(*doers):
        return deny(_("Account managers, crews and the dispatch desk hand notices over."))
    here = any(scope.reaches(unit, *doers) for unit in (outage.unit, *units))
    if not here and not scope.has(Role.ACCOUNT_MANAGER):
        return deny(_("This outage is with another unit."), by_role=False)
    return ALLOW


def can_post(actor: Member, outage: Outage) -> Decision:
    """Record where a poster hangs."""
    if not scope_of(actor).has(*POSTERS):
        return deny(_("Crews, halls and the dispatch desk put posters up."))
    return ALLOW if outage.is_public else deny(_("There is nothing on walls about an outage that nobody was told of."))


def can_call(actor: Member) -> Decision:
    """Call customers about an outage, and say what came of it."""
    if scope_of(actor).has(*CALLERS):
        return ALLOW
    return deny(_("The hotline, halls and the dispatch desk call customers."))


def can_retry(actor: Member, outage: Outage) -> Decision:
    """Try another way to reach those whose message failed."""
    if not scope_of(actor).has(*WRITERS):
        return deny(_("The dispatch desk and unit leads send messages again."))
    if not scope_of(actor).reaches(outage.unit, *WRITERS):
        return deny(_("This outage is with another unit."), by_role=False)
    return ALLOW


STORM_CALLERS = frozenset({Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER})


def can_call_storm(actor: Member, unit: Unit | None = None) -> Decision:
    """Who asks for storm mode in ``unit``, and ends it; without a unit, anywhere."""
    scope = scope_of(actor)
    if not scope.has(*STORM_CALLERS):
        return deny(_("Dispatch supervisors, supervisors and managers switch storm mode."))
    if unit is not None and not scope.reaches(unit, *STORM_CALLERS):
        return deny(_("This is another unit's to switch."), by_role=False)
    return ALLOW


def can_begin_storm(actor: Member, storm: Storm) -> Decision:
    """The second person: never the one who asked."""
    if storm.asked_by_id == actor.pk:
        return deny(_("You asked for it. Somebody else has to switch it on."), by_role=False)
    return can_call_storm(actor, storm.unit)


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


def can_import_history(actor: Member, unit: Unit | None = None) -> Decision:
    """Who brings in outages of another system: whoever leads, for the units below them."""
    if not scope_of(actor).has(*LEAD):
        return deny(_("Supervisors and managers bring in the history of their units."))
    if unit is not None and not scope_of(actor).reaches(unit, *LEAD):
        return deny(_("This unit is outside of what you lead."), by_role=False)
    return ALLOW

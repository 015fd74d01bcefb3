"""Who may do what with units, people, roles and duty. Decisions only; nothing here asks the database for more."""

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from staff.choices import DUTY_READERS, READING_ROLES, SUPERVISING_ROLES, Role
from staff.models import Member, Unit
from staff.selectors import scope_of

PLANNERS = SUPERVISING_ROLES | {Role.ADMINISTRATOR}
WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})

ASK_ADMINISTRATOR = _("Only an administrator of this unit may do that. Ask the administrator above it.")
ASK_PLANNER = _("Duty is planned by supervisors and administrators of this unit.")


def can_administer(actor: Member, unit: Unit) -> Decision:
    """Edit a unit, and the people and roles in it."""
    return ALLOW if scope_of(actor).reaches(unit, Role.ADMINISTRATOR) else deny(ASK_ADMINISTRATOR)


def can_administer_member(actor: Member, member: Member) -> Decision:
    """Edit a member: an administrator who reaches the member's unit and every unit where the member holds a role.

    Otherwise an administrator below could take over the login of one above whose desk stands there.
    """
    scope = scope_of(actor)
    if not scope.reaches(member.home_unit, Role.ADMINISTRATOR):
        return deny(ASK_ADMINISTRATOR)
    if not all(scope.reaches_path(path, Role.ADMINISTRATOR) for _role, path in member.grants_held):
        return deny(_("This member holds a role above your units. Ask the administrator there."))
    return ALLOW


def can_let_go(actor: Member, member: Member) -> Decision:
    """Deactivate a member; never oneself."""
    if actor.pk == member.pk:
        return deny(_("Nobody deactivates their own account. Ask another administrator."), by_role=False)
    return can_administer_member(actor, member)


def can_grant(actor: Member, member: Member, unit: Unit) -> Decision:
    """Give or take a role in ``unit``: an administrator who reaches both; never to or from oneself."""
    if actor.pk == member.pk:
        return deny(_("Nobody changes their own roles. Ask another administrator."), by_role=False)
    return can_administer_member(actor, member) and can_administer(actor, unit)


def can_plan_duty(actor: Member, unit: Unit) -> Decision:
    """Add and remove shifts."""
    return ALLOW if scope_of(actor).reaches(unit, *PLANNERS) else deny(ASK_PLANNER)


def can_administer_somewhere(actor: Member) -> Decision:
    """Open the pages that only administrators use (import)."""
    return ALLOW if scope_of(actor).has(Role.ADMINISTRATOR) else deny(ASK_ADMINISTRATOR)


def can_read_people(actor: Member) -> Decision:
    """Open the lists of units and members."""
    reason = _("Units and people are read by supervisors, administrators and auditors.")
    return ALLOW if scope_of(actor).has(*READING_ROLES) else deny(reason)


def can_read_duty(actor: Member) -> Decision:
    """Open the duty plan."""
    reason = _("The duty plan is read by dispatchers, unit leads, supervisors, administrators and auditors.")
    return ALLOW if scope_of(actor).has(*DUTY_READERS) else deny(reason)


def can_export_people(actor: Member) -> Decision:
    """Take the list of members out of the house."""
    reason = _("Members are exported by administrators and auditors.")
    return ALLOW if scope_of(actor).has(*WATCHERS) else deny(reason)


def can_export_work(actor: Member) -> Decision:
    """Take a list of orders or outages out of the house."""
    if scope_of(actor).has(Role.SUPERVISOR, Role.MANAGER, Role.DISPATCH_SUPERVISOR, Role.AUDITOR):
        return ALLOW
    return deny(_("Supervisors and auditors export lists."))


def can_read_audit(actor: Member) -> Decision:
    """Open the audit."""
    reason = _("The audit is read by auditors and administrators.")
    return ALLOW if scope_of(actor).has(*WATCHERS) else deny(reason)


def can_edit_calendar(actor: Member) -> Decision:
    """Change the company's work calendar: an administrator of the whole company. Everybody may read it."""
    at_the_top = any(len(path) == Unit.steplen for path in scope_of(actor).paths(Role.ADMINISTRATOR))
    return ALLOW if at_the_top else deny(_("The work calendar is kept by administrators of the company."))

"""Fixed lists of the staff room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is; a remote desk answers the hotline from the distribution side (req 43)."""

    COMPANY = "company", _("Company")
    COUNTY = "county", _("County company")
    HALL = "hall", _("Service hall")
    STATION = "station", _("Power station")
    DESK = "desk", _("Desk")
    REMOTE_DESK = "remote_desk", _("Remote desk")
    CREW = "crew", _("Crew")
    DEPARTMENT = "department", _("Department")


class AreaClass(models.TextChoices):
    """The class of an area that time limits depend on."""

    URBAN = "urban", _("Urban")
    RURAL = "rural", _("Rural")
    REMOTE = "remote", _("Remote")


class Role(models.TextChoices):
    """What a member may do, held in a unit and reaching its subtree."""

    CLERK = "clerk", _("Clerk")
    AGENT = "agent", _("Agent")
    DISPATCHER = "dispatcher", _("Dispatcher")
    DISPATCH_SUPERVISOR = "dispatch_supervisor", _("Dispatch supervisor")
    HANDLER = "handler", _("Handler")
    UNIT_LEAD = "unit_lead", _("Unit lead")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Manager")
    ARCHIVE_KEEPER = "archive_keeper", _("Archive keeper")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    EDITOR = "editor", _("Editor")
    ASSESSOR = "assessor", _("Assessor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class AuditAct(models.TextChoices):
    """Acts of an administrator that the audit keeps."""

    UNIT_CREATED = "unit_created", _("Created a unit")
    UNIT_EDITED = "unit_edited", _("Edited a unit")
    UNIT_MOVED = "unit_moved", _("Moved a unit")
    UNIT_CLOSED = "unit_closed", _("Put a unit out of use")
    UNIT_REOPENED = "unit_reopened", _("Put a unit back in use")
    MEMBER_CREATED = "member_created", _("Created a member")
    MEMBER_EDITED = "member_edited", _("Edited a member")
    MEMBER_LEFT = "member_left", _("Deactivated a member")
    MEMBER_RETURNED = "member_returned", _("Reactivated a member")
    MEMBER_UNLOCKED = "member_unlocked", _("Unlocked a member")
    PASSWORD_ISSUED = "password_issued", _("Issued a one-time password")
    PASSWORD_CHANGED = "password_changed", _("Changed the own password")
    SECOND_FACTOR_SET = "second_factor_set", _("Set up the second step")
    SECOND_FACTOR_RESET = "second_factor_reset", _("Reset the second step")
    ROLE_GRANTED = "role_granted", _("Gave a role")
    ROLE_REVOKED = "role_revoked", _("Took a role back")
    DUTY_PLANNED = "duty_planned", _("Planned duty")
    DUTY_REMOVED = "duty_removed", _("Removed duty")
    IMPORTED = "imported", _("Imported members")
    EXPORTED = "exported", _("Exported a list")
    CALENDAR_LOADED = "calendar_loaded", _("Loaded a year of the work calendar")
    CALENDAR_EDITED = "calendar_edited", _("Changed a day of the work calendar")


SUPERVISING_ROLES = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.DISPATCH_SUPERVISOR})
DUTY_ROLES = frozenset(
    {Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.HANDLER, Role.UNIT_LEAD} | SUPERVISING_ROLES
)  # those an hour of the day can belong to
READING_ROLES = SUPERVISING_ROLES | {Role.ADMINISTRATOR, Role.AUDITOR}  # see units and people of their subtree
DUTY_READERS = READING_ROLES | {Role.DISPATCHER, Role.UNIT_LEAD}  # must know whom an hour belongs to
SECOND_FACTOR_ROLES = SUPERVISING_ROLES | {Role.ADMINISTRATOR, Role.AUDITOR}

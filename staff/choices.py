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


SECOND_FACTOR_ROLES = frozenset({Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR})

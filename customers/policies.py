"""Who may find, see, change and import customers. Decisions only."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from customers.choices import Secrecy
from customers.models import Customer
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of

# Hotline and halls find every customer, masked (design §11) …
FINDERS = frozenset(
    {
        Role.CLERK,
        Role.AGENT,
        Role.DISPATCHER,
        Role.DISPATCH_SUPERVISOR,
        Role.SUPERVISOR,
        Role.MANAGER,
        Role.ARCHIVE_KEEPER,
        Role.ADMINISTRATOR,
    }
)
# … these find those supplied in their unit's subtree; who holds none of either finds nobody.
LOCALS = frozenset({Role.HANDLER, Role.UNIT_LEAD, Role.ACCOUNT_MANAGER})
READERS = FINDERS | LOCALS

# Secrecy by importance (req 13): the higher the level, the fewer. An administrator runs the system and reads no files.
SECRECY_READERS = {
    Secrecy.SECRET: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER}),
    Secrecy.CONFIDENTIAL: frozenset({Role.MANAGER, Role.ARCHIVE_KEEPER}),
    Secrecy.TOP_SECRET: frozenset({Role.MANAGER}),
}
WRITERS = frozenset(
    {Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR, Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER}
)
CLASSIFIERS = frozenset({Role.ARCHIVE_KEEPER, Role.MANAGER})
IMPORTERS = frozenset({Role.ARCHIVE_KEEPER, Role.ADMINISTRATOR})
LOG_READERS = frozenset({Role.AUDITOR, Role.MANAGER})


def levels_open_to(actor: Member) -> list[str]:
    """The secrecy levels whose files this member may read; ordinary files not counted."""
    scope = scope_of(actor)
    return [level for level, roles in SECRECY_READERS.items() if scope.has(*roles)]


def can_open_customers(actor: Member) -> Decision:
    """Search, lists and files."""
    reason = _("Customers are looked up by halls, hotline, dispatch and the units that serve them.")
    return ALLOW if scope_of(actor).has(*READERS) else deny(reason)


def can_reveal(actor: Member, customer: Customer, today: date) -> Decision:
    """See a full phone or door number, for a purpose; `customer` is already one that the member may see."""
    level = customer.secrecy_on(today)
    if level != Secrecy.NONE and level not in levels_open_to(actor):
        return deny(_("This file has a secrecy level that you do not hold."))
    return can_open_customers(actor)


def can_save(actor: Member) -> Decision:
    """Enter a new customer or correct a file."""
    reason = _("Files are corrected by halls, hotline, dispatch and archive keepers. Ask one of them.")
    return ALLOW if scope_of(actor).has(*WRITERS) else deny(reason)


def can_classify(actor: Member) -> Decision:
    """Set importance, key account and secrecy."""
    reason = _("Grades and secrecy are set by archive keepers and managers.")
    return ALLOW if scope_of(actor).has(*CLASSIFIERS) else deny(reason)


def can_import(actor: Member) -> Decision:
    """Bring in files of customers, supply points or the network."""
    reason = _("Files are imported by archive keepers and administrators.")
    return ALLOW if scope_of(actor).has(*IMPORTERS) else deny(reason)


def can_export(actor: Member) -> Decision:
    """Take the list of customers out of the house; phones and addresses never go with it."""
    reason = _("Lists of customers are exported by archive keepers and managers.")
    return ALLOW if scope_of(actor).has(*CLASSIFIERS) else deny(reason)


def can_read_views(actor: Member) -> Decision:
    """Read the log of looks at masked data."""
    reason = _("The log of looks is read by auditors and managers.")
    return ALLOW if scope_of(actor).has(*LOG_READERS) else deny(reason)

"""What this room shows elsewhere: its menu item, where its people begin, its settings."""

from django.utils.translation import gettext_lazy as _

from common import contributions as house
from common.contributions import MenuEntry, SettingsPage, StartPage
from customers.policies import IMPORTERS, LOG_READERS, READERS
from staff.choices import Role

NAME = _("Customers")
house.menu.register(
    "customers", MenuEntry(NAME, "users", "customers:list", READERS - {Role.ADMINISTRATOR}, key="c"), order=60
)
house.menu.register("looks", MenuEntry(NAME, "users", "customers:views", frozenset({Role.AUDITOR})), order=61)
house.start_pages.register(
    "customers", StartPage(frozenset({Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER}), "customers:list"), order=50
)
house.settings_pages.register(
    "customer_import",
    SettingsPage(
        _("Import customers"),
        _("Customers, supply points and the network from files; checked before anything is written"),
        "upload",
        "customers:import",
        IMPORTERS,
    ),
    order=60,
)
house.settings_pages.register(
    "looks",
    SettingsPage(
        _("Looks at masked data"),
        _("Who saw a full phone or door number, when and what for"),
        "eye",
        "customers:views",
        LOG_READERS,
    ),
    order=65,
)

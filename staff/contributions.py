"""What the staff room shows in the frame of the house."""

from django.utils.translation import gettext_lazy as _

from common.contributions import MenuEntry, SettingsPage, StartPage, menu, settings_pages, start_pages
from staff.choices import DUTY_READERS, READING_ROLES, Role

EVERYBODY = frozenset(Role.values)
SETTLERS = READING_ROLES | {Role.EDITOR}
WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})

menu.register("help", MenuEntry(_("Help"), "help", "staff:help", EVERYBODY, low=True), order=80)
menu.register("settings", MenuEntry(_("Settings"), "settings", "staff:settings", SETTLERS, low=True), order=90)

start_pages.register("settings", StartPage(WATCHERS, "staff:settings"), order=90)

UNITS = _("The tree of county companies, stations, halls, crews")
MEMBERS = _("People, their roles and their logins")
DUTY = _("Who is on duty now, and the weeks of each unit")
CALENDAR = _("Holidays, make-up days and working hours; next year's notice is loaded here")
AUDIT = _("What administrators did, with before and after")
settings_pages.register("units", SettingsPage(_("Units"), UNITS, "building", "staff:units", READING_ROLES), order=10)
settings_pages.register(
    "members", SettingsPage(_("Members"), MEMBERS, "users", "staff:members", READING_ROLES), order=11
)
settings_pages.register("duty", SettingsPage(_("Duty"), DUTY, "calendar", "staff:duty", DUTY_READERS), order=12)
settings_pages.register(
    "calendar", SettingsPage(_("Work calendar"), CALENDAR, "clock", "staff:calendar", SETTLERS), order=30
)
settings_pages.register("audit", SettingsPage(_("Audit"), AUDIT, "history", "staff:audit", WATCHERS), order=80)

"""The board in the menu, and where supervisors begin."""

from django.utils.translation import gettext_lazy as _

from common.contributions import MenuEntry, StartPage, menu, start_pages
from dashboard.views import READERS
from staff.choices import Role

menu.register("board", MenuEntry(_("Board"), "layout-dashboard", "dashboard:board", READERS), order=70)
start_pages.register(
    "board", StartPage(frozenset({Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR}), "dashboard:board"), order=10
)

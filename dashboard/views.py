"""The supervisors' board: at the desk, and on the wall (``?wall=1``)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common.access import ALLOW, deny, require
from dashboard.chart import chart_of
from dashboard.figures import MARK, board_of, boards_for
from staff.choices import Role
from staff.selectors import scope_of
from workorders.selectors.progress import mark_progress

READERS = frozenset(
    {Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER, Role.ASSESSOR, Role.AUDITOR}
)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every figure leads to the orders behind it; the page refreshes itself."""
    may = scope_of(request.user).has(*READERS)
    require(ALLOW if may else deny(_("The board is for dispatchers, supervisors, assessors and auditors.")))
    units = boards_for(request.user)
    wished = request.GET.get("unit", "")
    unit = next((u for u in units if u.code == wished), units[0] if units else request.user.home_unit)
    figures = board_of(unit, now=request.now)
    mark_progress(figures.longest)
    context = {
        "board": figures,
        "chart": chart_of(figures.hours, figures.usual, hour_now=timezone.localtime(request.now).hour),
        "units": units,
        "mark": MARK,
        "wall": request.GET.get("wall") == "1",
        "menu_at": "dashboard:board",
    }
    return render(request, "dashboard/board.html", context)

"""The supervisors' board: at the desk, and on the wall (``?wall=1``)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.access import ALLOW, deny, require
from dashboard.chart import chart_of
from dashboard.figures import MARK, board_of, boards_for, pressing
from staff.choices import Role
from staff.models import Unit
from staff.selectors import scope_of
from workorders.selectors.progress import mark_progress

READERS = frozenset(
    {Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.SUPERVISOR, Role.MANAGER, Role.ASSESSOR, Role.AUDITOR}
)
ON_THE_WALL, AT_THE_DESK = 7, 6  # units shown at least; the calm rest is told in one line
FEW = 5  # orders in “waiting longest”
LIMITS = 4  # published limits that fit on the wall


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every figure leads to the orders behind it; the page refreshes itself."""
    may = scope_of(request.user).has(*READERS)
    require(ALLOW if may else deny(_("The board is for dispatchers, supervisors, assessors and auditors.")))
    units = boards_for(request.user)
    figures = board_of(_chosen(units, request.GET.get("unit", "")), now=request.now)
    mark_progress(figures.longest)
    is_wall = request.GET.get("wall") == "1"
    shows_all = not is_wall and request.GET.get("units") == "all"
    unit_rows, unit_rest = pressing(figures.units, ON_THE_WALL if is_wall else AT_THE_DESK, cut=is_wall)
    context = {
        "board": figures,
        "chart": chart_of(figures.intake.hours, figures.intake.usual, hour_now=figures.hour),
        "unit_rows": figures.units if shows_all else unit_rows,
        "unit_rest": None if shows_all else unit_rest,
        "unit_rest_is_calm": not any(row.standing.late for row in unit_rest),
        "longest": figures.longest[:FEW],
        "fulfilment": figures.fulfilment[:LIMITS] if is_wall else figures.fulfilment,
        "units": units,
        "mark": MARK,
        "wall": is_wall,
        "menu_at": "dashboard:board",
    }
    return render(request, "dashboard/board.html", context)


def _chosen(units: list[Unit], code: str) -> Unit:
    """The unit asked for, or the highest. Raises: `Denied` for whoever reaches none; Http404 for one out of reach."""
    require(ALLOW if units else deny(_("Your roles reach no unit that has a board.")))
    if not code:
        return units[0]
    for unit in units:
        if unit.code == code:
            return unit
    raise Http404(code)

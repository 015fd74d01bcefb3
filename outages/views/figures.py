"""Reliability of a year: by month, planned apart, with the Chinese variants and what the causes add."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from common.access import require
from outages.policies import can_import_history, can_read_figures
from outages.selectors.figures import figures
from outages.selectors.history import Origin, first_past_year
from staff.choices import Role
from staff.directory import visible_units
from staff.models import Unit

YEARS_BACK = 5


@require_safe
def reliability(request: HttpRequest) -> HttpResponse:
    """How often and how long customers were without power."""
    require(can_read_figures(request.user))
    this_year = localtime(request.now).year
    first_past = first_past_year()
    last = this_year - YEARS_BACK + 1
    years = list(range(this_year, min(last, first_past or last) - 1, -1))
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and int(wanted) in years else this_year
    units = list(visible_units(request.user, Role))
    unit = next((u for u in units if u.code == request.GET.get("unit")), None)
    wanted = request.GET.get("history", "")
    origin = Origin(wanted) if wanted in Origin.values else Origin.BOTH
    context = {
        "found": figures(year, unit or _top(units), request.now, origin),
        "origins": Origin.choices if first_past else (),
        "may_import": bool(can_import_history(request.user)),
        "years": years,
        "units": units,
        "unit": unit,
        "menu_at": "outages:list",
    }
    return render(request, "outages/figures.html", context)


def _top(units: list[Unit]) -> Unit | None:
    """The unit whose figures are shown unasked; None is the whole company, for who reaches it."""
    first = units[0] if units else None
    return None if first and first.depth == 1 else first

"""Reliability of a period: how often and how long customers were without power, and the interruptions behind it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.exports import Column
from common.lists import ListSpec, list_page
from outages.asked import OF_TIME, Asked, Split, asked_of
from outages.charting import chart_of, shares
from outages.mapping import Drawing, drawing
from outages.models import OutageStep
from outages.policies import can_import_history, can_read_figures
from outages.selectors.figures import Figures, event_days, figures
from outages.selectors.history import Origin
from outages.selectors.public import outlined_areas
from outages.selectors.splits import served
from outages.selectors.steps import for_export, steps_in
from outages.shades import shade_of
from outages.stepfilter import StepFilter
from staff.policies import can_export_work

CLASS_WORDS = {"internal": _("inside the grid"), "external": _("from outside"), "shortage": _("power short")}


@require_safe
def reliability(request: HttpRequest) -> HttpResponse:
    """The indices, split as asked, as a chart and as a table; every figure leads to its interruptions."""
    require(can_read_figures(request.user))
    asked = asked_of(request.GET, request.user, request.now)
    found = figures(asked)
    lines, is_of_time = found.lines, asked.split in OF_TIME
    bars = [line.pair.unplanned.saidi_min for line in lines]
    chart = chart_of(bars, [line.pair.planned.saidi_min for line in lines]) if is_of_time else None
    context = {
        "asked": asked,
        "found": found,
        "splits": Split,
        "origins": Origin.choices if asked.has_past else (),
        "may_import": bool(can_import_history(request.user)),
        "is_of_time": is_of_time,
        "chart": chart,
        "columns": list(zip(chart.bars, lines, strict=True)) if chart else [],
        "peak": lines[chart.peak] if chart and chart.peak is not None else None,
        "rows": list(zip(lines, shares(bars), strict=True)),
        "map": _map(found) if asked.split == Split.AREA else None,
        "menu_at": "outages:list",
    }
    return render(request, "outages/figures.html", context)


def _map(found: Figures) -> Drawing | None:
    """The areas, the darker the longer; each leads to its interruptions."""
    lost = {line.key: (line.pair.unplanned.saidi_min, line.query) for line in found.lines}
    most = max((minutes or 0 for minutes, _query in lost.values()), default=0)
    areas = outlined_areas()
    looks = {area.pk: (shade_of(lost[area.code][0], most), lost[area.code][1]) for area in areas if area.code in lost}
    return drawing(areas, looks)


def _minutes(step: OutageStep) -> float | None:
    return step.lasted.total_seconds() / 60 if step.lasted is not None else None


STEPS = ListSpec(
    name="outages.interruptions",
    template="outages/steps.html",
    rows="outages/_step_rows.html",
    order=("-began_at", "-id"),
    filterset=StepFilter,
    columns=(
        Column(_("Code"), "outage.code"),
        Column(_("Part"), "number"),
        Column(_("Kind"), lambda step: step.outage.get_kind_display()),
        Column(_("Planned"), lambda step: step.outage.is_ahead),
        Column(_("Unit"), "outage.unit.code"),
        Column(_("Feeder"), lambda step: step.outage.feeder.code if step.outage.feeder else ""),
        Column(_("Cause"), lambda step: step.outage.get_cause_display()),
        Column(_("Class of the cause"), lambda step: CLASS_WORDS[step.cause_class]),
        Column(_("Customers"), "customers"),
        Column(_("Off since"), lambda step: step.began_at.isoformat()),
        Column(_("Back since"), lambda step: step.restored_at.isoformat() if step.restored_at else ""),
        Column(_("Minutes"), _minutes),
        Column(_("Transformers"), "boxes"),
        Column(_("Customers served"), "served"),
    ),
    may_export=can_export_work,
)


@require_http_methods(["GET", "HEAD", "POST"])
def interruptions(request: HttpRequest) -> HttpResponse:
    """The interruptions behind a figure, one row for each group that came back together. POST is the export."""
    require(can_read_figures(request.user))
    asked = asked_of(request.GET, request.user, request.now)
    rows = steps_in(asked.selection(without=_left_out(asked)))
    if "export" in request.GET:
        rows = for_export(rows, served(asked.paths))
    context: dict[str, Any] = {"asked": asked, "menu_at": "outages:list"}
    return list_page(request, rows.select_related("outage__unit", "outage__feeder"), STEPS, context)


def _left_out(asked: Asked) -> tuple[date, ...]:
    if not asked.leaves_out:
        return ()
    return tuple(day for day, _saidi in event_days(asked, served(asked.paths)).days)

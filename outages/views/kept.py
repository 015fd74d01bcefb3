"""Planned against actual, and promises: arrivals as average and cap, times of return that were told."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.access import require
from common.exports import Column
from common.lists import ListSpec, list_page
from outages.asked import asked_of
from outages.keptfilters import PlannedFilter, ReturnFilter
from outages.policies import can_read_figures
from outages.selectors.kept import faults_in, planned_in, planned_summary, promises, return_summary
from staff.policies import can_export_work

PLANNED = ListSpec(
    name="outages.planned_and_actual",
    template="outages/planned.html",
    rows="outages/_planned_rows.html",
    order=("-began_at", "-id"),
    filterset=PlannedFilter,
    columns=(
        Column(_("Code"), "code"),
        Column(_("Where"), "place"),
        Column(_("Unit"), "unit.code"),
        Column(_("Announced from"), "told_from"),
        Column(_("Announced to"), "told_to"),
        Column(_("Off since"), "began_at"),
        Column(_("Back since"), "restored_at"),
        Column(_("Minutes later than told"), lambda outage: minutes_of(outage.over)),
        Column(_("Could have been avoided"), "is_avoidable"),
        Column(_("Live-line work"), lambda outage: outage.get_live_line_display()),
        Column(_("Customers"), "customers"),
    ),
    may_export=can_export_work,
)
RETURNS = ListSpec(
    name="outages.times_of_return",
    template="outages/promises.html",
    rows="outages/_return_rows.html",
    order=("-began_at", "-id"),
    filterset=ReturnFilter,
    columns=(
        Column(_("Code"), "code"),
        Column(_("Where"), "place"),
        Column(_("Unit"), "unit.code"),
        Column(_("Off since"), "began_at"),
        Column(_("First told"), "first_expected_at"),
        Column(_("Last told"), "last_expected_at"),
        Column(_("Back since"), "restored_at"),
        Column(_("Minutes later than first told"), lambda outage: minutes_of(outage.first_over)),
        Column(_("Minutes later than last told"), lambda outage: minutes_of(outage.last_over)),
    ),
    may_export=can_export_work,
)


def minutes_of(span: timedelta | None) -> float | None:
    """A span as an export says it; minus for earlier than told."""
    return None if span is None else round(span.total_seconds() / 60, 1)


@require_http_methods(["GET", "HEAD", "POST"])
def planned(request: HttpRequest) -> HttpResponse:
    """The window people were told of against what happened, outage by outage. POST is the export."""
    require(can_read_figures(request.user))
    asked = asked_of(request.GET, request.user, request.now)
    context = {"asked": asked, "sum": planned_summary(asked), "menu_at": "outages:list"}
    return list_page(request, planned_in(asked).select_related("unit", "feeder"), PLANNED, context)


@require_http_methods(["GET", "HEAD", "POST"])
def promised(request: HttpRequest) -> HttpResponse:
    """Arrivals as average and cap, and the times of return people were told. POST is the export of these."""
    require(can_read_figures(request.user))
    asked = asked_of(request.GET, request.user, request.now)
    context = {"asked": asked, "sum": return_summary(asked), "promises": promises(asked), "menu_at": "outages:list"}
    return list_page(request, faults_in(asked).select_related("unit", "feeder"), RETURNS, context)

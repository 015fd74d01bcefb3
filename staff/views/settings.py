"""The settings home and the audit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import deny, require
from common.contributions import settings_pages
from common.exports import Column
from common.lists import ListSpec, list_page
from staff.directory import visible_audit
from staff.filters import AuditFilter
from staff.policies import can_read_audit
from staff.views.tools import address

AUDIT = ListSpec(
    name="staff.audit",
    template="staff/audit/list.html",
    rows="staff/audit/_rows.html",
    order=("-id",),
    filterset=AuditFilter,
    may_export=can_read_audit,
    columns=(
        Column(_("When"), "at"),
        Column(_("Who"), "actor.staff_no"),
        Column(_("Name"), "actor.name"),
        Column(_("What"), "get_act_display"),
        Column(_("On"), "subject_key"),
        Column(_("Name"), "subject_name"),
        Column(_("Unit"), "unit.code"),
        Column(_("Before"), "before"),
        Column(_("After"), "after"),
        Column(_("Request"), "request_id"),
    ),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The settings pages this person may open."""
    pages = [
        {"label": page.label, "text": page.text, "icon": page.icon, "url": url}
        for page in settings_pages
        if page.roles & request.user.roles and (url := address(page.url_name))
    ]
    if not pages:
        require(deny(_("Settings are for supervisors, administrators, editors and auditors.")))
    return render(request, "staff/settings.html", {"pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """What administrators did."""
    require(can_read_audit(request.user))
    return list_page(request, visible_audit(request.user), AUDIT)

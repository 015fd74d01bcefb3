"""The log of looks at masked data, for auditors."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.access import require
from common.exports import Column
from common.lists import ListSpec, list_page
from customers import policies
from customers.filters import ViewFilter
from customers.selectors.privacy import looks

VIEWS = ListSpec(
    name="customers.views",
    template="customers/views.html",
    rows="customers/_view_rows.html",
    order=("-at", "-id"),
    filterset=ViewFilter,
    may_export=policies.can_read_views,
    columns=(
        Column(_("When"), "at"),
        Column(_("Who"), "actor.name"),
        Column(_("Staff number"), "actor.staff_no"),
        Column(_("Account number"), "customer.account_no"),
        Column(_("What"), "fields_words"),
        Column(_("What for"), "get_purpose_display"),
        Column(_("Request"), "request_id"),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Who looked at what, when and what for."""
    require(policies.can_read_views(request.user))
    return list_page(request, looks(), VIEWS)

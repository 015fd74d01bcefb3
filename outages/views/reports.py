"""Callers of a known outage: put to it at the counter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.access import require
from common.forms import form_page, posted, refusals_into
from customers.selectors import get_customer_for
from outages import wording
from outages.forms.attaching import AttachForm
from outages.selectors.desk import get_outage_for
from outages.services.reporting import attach
from workorders.policies import can_receive


@require_http_methods(["GET", "HEAD", "POST"])
def attach_caller(request: HttpRequest, code: str) -> HttpResponse:
    """Put a caller to a known outage instead of opening an order for it."""
    require(can_receive(request.user))
    outage = get_outage_for(request.user, code)
    customer = get_customer_for(request.user, request.GET.get("customer", ""))
    point = next((p for p in customer.supply_points.all() if str(p.pk) == request.GET.get("point")), None)
    if point is None:
        raise Http404
    form = AttachForm(posted(request), on_file=customer.phone_on_file)
    if form.is_valid():
        with refusals_into(form):
            attach(
                code=outage.code,
                customer=customer,
                point=point,
                actor=request.user,
                now=request.now,
                **form.cleaned_data,
            )
            messages.success(request, _("%(name)s is told what comes of it") % {"name": customer.name})
            return redirect("workorders:intake")
    context = {
        "outage": outage,
        "customer": customer,
        "point": point,
        "since": wording.since_words(outage, request.now),
        "back": wording.back_words(outage, request.now),
        "menu_at": "workorders:intake",
    }
    return form_page(request, "outages/attach.html", form, context)

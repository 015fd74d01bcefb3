"""Written notices: who is owed one, handing it over, the letters to print, what shows that it was taken."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.forms import form_page, posted, refusals_into
from outages.forms.handing import HandOverForm
from outages.policies import can_hand_over
from outages.selectors.desk import get_outage_for
from outages.selectors.written import get_proof_for, get_written_for, goers, written_count, written_of
from outages.services.written import hand_over
from workorders.views.attachments import served

AT = {"menu_at": "outages:list"}


@require_safe
def written(request: HttpRequest, code: str) -> HttpResponse:
    """Who has to be told in writing, and who has signed."""
    outage = get_outage_for(request.user, code)
    notices, count = list(written_of(outage, request.user)), written_count(outage)
    context = {
        "outage": outage,
        "notices": notices,
        "count": count,
        "hidden": count.owed - len(notices),
        "may_hand_over": bool(can_hand_over(request.user, outage)),
    }
    return render(request, "outages/written.html", AT | context)


@require_safe
def letters(request: HttpRequest, code: str) -> HttpResponse:
    """The notices to print, a page for each customer with the slip that is signed."""
    outage = get_outage_for(request.user, code)
    require(can_hand_over(request.user, outage))
    context = {
        "outage": outage,
        "notices": [notice for notice in written_of(outage, request.user) if not notice.is_handed],
    }
    return render(request, "outages/letters.html", AT | context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: HttpRequest, code: str, account_no: str) -> HttpResponse:
    """Put down that somebody took the notice."""
    notice = get_written_for(request.user, code, account_no)
    require(can_hand_over(request.user, notice.outage, *goers(notice)))
    form = HandOverForm(posted(request), request.FILES or None, initial={"notice_id": notice.proof_id})
    if form.is_valid():
        with refusals_into(form):
            hand_over(code=code, account=account_no, actor=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("%(name)s: receipt put down") % {"name": notice.customer.name})
            return redirect("outages:written", code)
    return form_page(request, "outages/hand_over.html", form, AT | {"outage": notice.outage, "notice": notice})


@require_safe
def proof(request: HttpRequest, code: str, proof_id: UUID) -> FileResponse:
    """What shows that a notice was taken, for who may see the outage."""
    notice = get_proof_for(request.user, code, proof_id)
    return served(notice.proof, f"{code}-{notice.customer.account_no}", notice.proof_type)

"""Storm mode: what it is, what to say, who switches it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.access import require
from common.forms import form_page, posted, refusals_into
from outages.forms.storm import StormForm
from outages.policies import can_begin_storm, can_call_storm, can_read
from outages.selectors.public import off_now
from outages.selectors.storms import open_storms, past_storms
from outages.services.storming import begin_storm, call_storm, end_storm

AT = {"menu_at": "outages:list"}
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def storm(request: HttpRequest) -> HttpResponse:
    """The switch, and the one big answer: where it is off, and what to say."""
    require(can_read(request.user))
    may_call = can_call_storm(request.user)
    form = StormForm(posted(request), actor=request.user)
    if request.method == "POST":
        require(may_call)
    if form.is_valid():
        with refusals_into(form):
            call_storm(actor=request.user, now=request.now, **form.arguments())
            messages.success(request, _("Asked for. Somebody else switches it on."))
            return redirect("outages:storm")
    rows = [
        {
            "storm": one,
            "holds": one.holds(request.now),
            "begin": can_begin_storm(request.user, one),
            "may_end": bool(can_call_storm(request.user, one.unit)),
        }
        for one in open_storms(request.now)
    ]
    context = {
        "rows": rows,
        "past": past_storms(request.now),
        "may_call": bool(may_call),
        "off": list(off_now().select_related("feeder")[:SHOWN]),
    }
    return form_page(request, "outages/storm.html", form, AT | context)


@require_POST
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """The second person switches it on."""
    require(can_call_storm(request.user))
    begin_storm(pk=number, actor=request.user, now=request.now)
    messages.success(request, _("Storm mode is on"))
    return redirect("outages:storm")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Ended early, or refused."""
    require(can_call_storm(request.user))
    end_storm(pk=number, actor=request.user, now=request.now)
    messages.success(request, _("Storm mode is off"))
    return redirect("outages:storm")

"""Telling on paper: the poster, and where it hangs."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require
from common.forms import form_page, posted, refusals_into
from outages.forms.reaching import PostingForm
from outages.paper import draw
from outages.policies import can_post
from outages.poster import poster_of
from outages.selectors.addresses import areas_told
from outages.selectors.desk import get_outage_for
from outages.selectors.postings import get_photo_for, poster_areas
from outages.services.posting import record_posting
from workorders.views.attachments import SANDBOX


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster as a PDF, of all areas or of one; marked as a draft while nobody has been told."""
    outage = get_outage_for(request.user, code)
    areas = poster_areas(outage, request.GET.get("area", ""))
    answer = HttpResponse(draw(poster_of(outage, areas, now=request.now)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{outage.code}.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def post_up(request: HttpRequest, code: str) -> HttpResponse:
    """Record where a poster hangs."""
    outage = get_outage_for(request.user, code)
    require(can_post(request.user, outage))
    areas = areas_told(outage)
    form = PostingForm(posted(request), request.FILES or None, areas=areas)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            made = record_posting(
                code=outage.code,
                area=data["area"],
                place=data["place"],
                at=data["at"],
                photo=data["photo"],
                actor=request.user,
                now=request.now,
                request_id=form.request(),
            )
            messages.success(request, _("On record: %(place)s") % {"place": made.place})
            return redirect("outages:detail", outage.code)
    return form_page(request, "outages/post_up.html", form, {"outage": outage, "menu_at": "outages:list"})


@require_safe
def photo(request: HttpRequest, code: str, public_id: UUID) -> FileResponse:
    """The photo of a poster, for whoever may read the outage."""
    found = get_photo_for(get_outage_for(request.user, code), public_id)
    try:
        answer = FileResponse(found.photo.open("rb"), content_type=found.content_type)
    except FileNotFoundError as error:
        raise Http404(public_id) from error
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=3600, immutable"
    return answer

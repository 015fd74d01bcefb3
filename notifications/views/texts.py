"""The words of messages, and when customers are left alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, refusals_into
from notifications import policies
from notifications.forms import QuietHoursForm, WordsForm
from notifications.kinds import UnknownKind
from notifications.services import texts
from notifications.services.quiet_hours import quiet_hours, set_quiet_hours
from notifications.services.rendering import Place, Text


@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """Every text there is, kind by kind."""
    require(policies.can_edit_templates(request.user))
    return render(request, "notifications/texts.html", {"kinds": texts.by_kind()})


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """One text: edit it, see how it reads."""
    wording = _wording(request, (kind, channel, language))
    form = _form(request, wording)
    if form.is_valid() and "save" in request.POST:
        with refusals_into(form):
            texts.save_words(
                place=wording.place,
                text=Text(*form.typed),
                version=form.cleaned_data["version"],
                actor=request.user,
                now=request.now,
            )
            messages.success(request, _("In force from now on"))
            return redirect("notifications:text", *wording.place)
    return form_page(request, "notifications/text.html", form, _beside(request, wording, form))


@require_POST
def preview(request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """How the typed text would read; the part of the page that follows the typing."""
    wording = _wording(request, (kind, channel, language))
    return render(request, "notifications/_preview.html", _beside(request, wording, _form(request, wording)))


@require_POST
def original(request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """Back to the words it had at first."""
    wording = _wording(request, (kind, channel, language))
    version = request.POST.get("version", "")
    try:
        texts.back_to_original(
            place=wording.place,
            version=int(version) if version.isdigit() else -1,
            actor=request.user,
            now=request.now,
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal.message))
    else:
        messages.success(request, _("The original text is in force again"))
    return redirect("notifications:text", *wording.place)


@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: HttpRequest) -> HttpResponse:
    """When customers are left alone."""
    require(policies.can_set_quiet_hours(request.user))
    row = quiet_hours()
    initial = {"is_on": row.is_on, "starts": row.starts, "ends": row.ends, "version": row.version}
    form = QuietHoursForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_into(form):
            set_quiet_hours(actor=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Saved"))
            return redirect("notifications:quiet_hours")
    return form_page(request, "notifications/quiet_hours.html", form, {"row": row})


def _wording(request: HttpRequest, place: Place) -> texts.Wording:
    require(policies.can_edit_templates(request.user))
    try:
        return texts.wording_of(place)
    except UnknownKind:
        raise Http404 from None


def _form(request: HttpRequest, wording: texts.Wording) -> WordsForm:
    return WordsForm(request.POST or None, wording=wording, cases=texts.real_cases(wording.kind))


def _beside(request: HttpRequest, wording: texts.Wording, form: WordsForm) -> dict[str, object]:
    data = texts.case_data(wording.kind, str(form["case"].value() or ""))
    return {"wording": wording, "preview": texts.preview(wording, Text(*form.typed), data, request.now)}

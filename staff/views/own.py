"""A member's own pages: profile, password, second step, and staying logged in."""

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.forms import form_page, posted, refusals_into
from staff.directory import get_own, grants_of
from staff.forms.own import CodeForm, PasswordForm, ProfileForm
from staff.middleware import SEEN, THEN
from staff.services.members import edit_own_profile
from staff.services.passwords import change_password, is_password_too_old
from staff.services.second_factor import backup_codes_left, begin_enrolment, confirm_enrolment, has_second_factor


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Phone, e-mail, language and keys; roles to read."""
    form = ProfileForm(posted(request), instance=get_own(request.user))
    if form.is_valid():
        with refusals_into(form):
            member = edit_own_profile(member=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Saved"))
            response = redirect("staff:profile")
            if member.language:  # a language chosen in the top bar before would win otherwise
                response.set_cookie(settings.LANGUAGE_COOKIE_NAME, member.language, samesite="Lax")
            else:
                response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
            return response
    context = {
        "grants": grants_of(request.user),
        "has_second_factor": has_second_factor(request.user),
        "codes_left": backup_codes_left(request.user),
    }
    return form_page(request, "staff/me/profile.html", form, context)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the first login and one that is too old lead here."""
    form = PasswordForm(posted(request))
    if form.is_valid():
        with refusals_into(form):
            old, new = form.cleaned_data["old"], form.cleaned_data["new"]
            member = change_password(member=request.user, old=old, new=new, now=request.now)
            update_session_auth_hash(request, member)
            messages.success(request, _("The new password holds from now on"))
            return redirect(request.session.pop(THEN, None) or "staff:profile")
    is_too_old = is_password_too_old(request.user, request.now)
    context = {"is_first": request.user.must_change_password, "is_too_old": is_too_old}
    return form_page(request, "staff/me/password.html", form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the app: QR, first code, then the backup codes, shown once."""
    form = CodeForm(posted(request))
    if form.is_valid():
        with refusals_into(form):
            token = form.cleaned_data["token"].replace(" ", "")
            device, codes = confirm_enrolment(member=request.user, token=token, now=request.now)
            django_otp.login(request, device)
            then = request.session.pop(THEN, None) or "/"
            return render(request, "staff/me/backup_codes.html", {"codes": codes, "then": then})
    context = {"device": begin_enrolment(member=request.user), "is_renewal": has_second_factor(request.user)}
    return form_page(request, "staff/me/second_factor.html", form, context)


@never_cache
@require_http_methods(["GET", "POST"])
def idle(request: HttpRequest) -> HttpResponse:
    """Seconds left before the session ends; POST begins them anew (the script's “stay” button)."""
    if request.method == "POST":
        request.session[SEEN] = int(request.now.timestamp())
    seen = request.session.get(SEEN, int(request.now.timestamp()))
    return JsonResponse({"left_s": max(0, seen + settings.IDLE_TIMEOUT_MIN * 60 - int(request.now.timestamp()))})

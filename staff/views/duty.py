"""The duty plan: who is on duty now, and the week of a unit."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, posted, refusals_into
from staff import policies
from staff.choices import DUTY_READERS, DUTY_ROLES, Role
from staff.directory import get_duty, get_unit_for, holders, now_on_duty, roles_to_plan, shifts_between, visible_units
from staff.forms.administration import ShiftForm
from staff.models import Unit
from staff.services.duty import copy_week, plan_duty, remove_duty
from staff.weeks import days_of, parse_week

WEEK = timedelta(days=7)


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, and the way to each unit's week."""
    require(policies.can_read_duty(request.user))
    units = visible_units(request.user, DUTY_READERS)
    context = {"shifts": now_on_duty(request.user, request.now), "units": units}
    return render(request, "staff/duty/now.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, code: str) -> HttpResponse:
    """The week of a unit and role; POST adds a shift on the days ticked."""
    unit, role, monday = asked_for(request, code)
    members = holders(unit, role)
    form = ShiftForm(posted(request), members=members, monday=localtime(monday))
    if request.method == "POST":
        require(policies.can_plan_duty(request.user, unit))
    if form.is_valid():
        with refusals_into(form):
            who = form.cleaned_data["member"]
            spells = form.spells
            plan_duty(member=who, unit=unit, role=role, spells=spells, actor=request.user, now=request.now)
            return redirect(week_url(unit, role, monday))
    context = {
        **week_card(request, unit, role, monday),
        "may_plan": policies.can_plan_duty(request.user, unit),
        "may_read_unit": policies.can_read_people(request.user),
        "has_holders": members.exists(),
    }
    return form_page(request, "staff/duty/week.html", form, context)


@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Take a shift out; a running one ends now."""
    unit, role, monday = asked_for(request, code)
    require(policies.can_plan_duty(request.user, unit))
    try:
        remove_duty(duty=get_duty(unit, request.POST.get("shift", "")), actor=request.user, now=request.now)
    except Refusal as refusal:
        messages.warning(request, str(refusal.message))
    return redirect(week_url(unit, role, monday))


@require_POST
def repeat(request: HttpRequest, code: str) -> HttpResponse:
    """The week before once more."""
    unit, role, monday = asked_for(request, code)
    require(policies.can_plan_duty(request.user, unit))
    copied, left_out = copy_week(unit=unit, role=role, starts_at=monday, actor=request.user, now=request.now)
    messages.success(request, _("Shifts copied: %(count)s") % {"count": copied})
    if left_out:
        messages.warning(request, _("Left out: %(what)s") % {"what": "; ".join(left_out[:10])})
    return redirect(week_url(unit, role, monday))


def asked_for(request: HttpRequest, code: str) -> tuple[Unit, Role, datetime]:
    """Unit, role and week of the address. Raises: Http404."""
    unit = get_unit_for(request.user, code, DUTY_READERS)
    wished = request.GET.get("role") or next(iter(roles_to_plan(unit)), Role.DISPATCHER)
    if wished not in DUTY_ROLES:
        raise Http404
    return unit, Role(wished), parse_week(request.GET.get("week", ""), localtime(request.now).date())


def week_url(unit: Unit, role: Role, monday: datetime) -> str:
    """The address of a week."""
    return f"{reverse('staff:duty_week', args=[unit.code])}?role={role}&week={monday:%Y-%m-%d}"


def week_card(request: HttpRequest, unit: Unit, role: Role, monday: datetime) -> dict[str, Any]:
    """What the week page shows beside its form."""
    return {
        "unit": unit,
        "role": role,
        "roles": [Role(value) for value in dict.fromkeys([*roles_to_plan(unit), role])],
        "days": days_of(monday, shifts_between(unit, role, monday, monday + WEEK)),
        "monday": monday,
        "before_url": week_url(unit, role, monday - WEEK),
        "after_url": week_url(unit, role, monday + WEEK),
        "query": request.GET.urlencode(),
    }

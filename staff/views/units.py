"""The tree of units."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.forms import form_page, posted, refusals_into
from staff import policies
from staff.directory import find_member, get_unit_for, places_for, unit_card, visible_units
from staff.forms.administration import GrantHereForm, MoveForm, UnitForm
from staff.services import units as services
from staff.services.grants import grant_role


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The tree, as far as this person sees it."""
    require(policies.can_read_people(request.user))
    context = {"units": visible_units(request.user), "may_add": policies.can_administer_somewhere(request.user)}
    return render(request, "staff/units/list.html", context)


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: what it is, who belongs to it, who holds which role in it."""
    return unit_page(request, code, GrantHereForm())


@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: HttpRequest) -> HttpResponse:
    """A unit under the one named by ``under``."""
    parent = get_unit_for(request.user, request.GET.get("under", ""))
    require(policies.can_administer(request.user, parent))
    form = UnitForm(posted(request), initial={"area_class": parent.area_class})
    if form.is_valid():
        with refusals_into(form):
            made = services.create_unit(parent=parent, actor=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("%(unit)s is in the tree") % {"unit": made.label})
            return redirect("staff:unit", made.code)
    return form_page(request, "staff/units/form.html", form, {"parent": parent})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_unit(request: HttpRequest, code: str) -> HttpResponse:
    """What the unit says about itself."""
    unit = get_unit_for(request.user, code)
    require(policies.can_administer(request.user, unit))
    form = UnitForm(posted(request), instance=get_unit_for(request.user, code))
    if form.is_valid():
        with refusals_into(form):
            unit = services.edit_unit(unit=unit, actor=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Saved"))
            return redirect("staff:unit", unit.code)
    return form_page(request, "staff/units/form.html", form, {"unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
def move_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Put the unit with all below it somewhere else."""
    unit = get_unit_for(request.user, code)
    require(policies.can_administer(request.user, unit))
    form = MoveForm(posted(request), units=places_for(request.user, unit))
    if form.is_valid():
        with refusals_into(form):
            parent = form.cleaned_data["parent"]
            services.move_unit(unit=unit, parent=parent, actor=request.user, now=request.now)
            text = _("%(unit)s is under %(parent)s now") % {"unit": unit.label, "parent": parent.label}
            messages.success(request, text)
            return redirect("staff:unit", unit.code)
    return form_page(request, "staff/units/move.html", form, {"unit": unit})


@require_POST
def switch_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Out of use, or back in use."""
    unit = get_unit_for(request.user, code)
    require(policies.can_administer(request.user, unit))
    switch = services.close_unit if unit.is_active else services.reopen_unit
    try:
        unit = switch(unit=unit, actor=request.user, now=request.now)
    except Refusal as refusal:
        return unit_page(request, code, GrantHereForm(), refused=str(refusal.message))
    text = _("%(unit)s is in use again") if unit.is_active else _("%(unit)s is out of use")
    messages.success(request, text % {"unit": unit.label})
    return redirect("staff:unit", unit.code)


@require_POST
def grant_here(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody a role in this unit."""
    unit = get_unit_for(request.user, code)
    require(policies.can_administer(request.user, unit))
    form = GrantHereForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            member = find_member(request.user, form.cleaned_data["staff_no"])
            require(policies.can_grant(request.user, member, unit))
            grant_role(member=member, role=form.cleaned_data["role"], unit=unit, actor=request.user, now=request.now)
            return redirect("staff:unit", unit.code)
    return unit_page(request, code, form)


def unit_page(request: HttpRequest, code: str, form: GrantHereForm, refused: str = "") -> HttpResponse:
    """The unit's page, with what a form on it refused."""
    unit = get_unit_for(request.user, code)
    context = {
        **unit_card(unit),
        "refused": refused,
        "may_edit": policies.can_administer(request.user, unit),
        "may_plan": policies.can_plan_duty(request.user, unit),
        "form": form,
    }
    return render(request, "staff/units/detail.html", context, status=422 if refused or form.errors else 200)

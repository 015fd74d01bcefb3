"""Members: the list and one member's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require
from common.errors import Refusal
from common.exports import Column
from common.forms import form_page, posted, refusals_into
from common.lists import ListSpec, list_page
from staff import policies
from staff.directory import (
    administered_units,
    get_grant,
    get_member_for,
    grants_of,
    locked_until,
    successors,
    visible_members,
)
from staff.filters import MemberFilter
from staff.forms.administration import GrantForm, LeaveForm, MemberForm
from staff.models import Member
from staff.services import grants, members, passwords, second_factor

MEMBERS = ListSpec(
    name="staff.members",
    template="staff/members/list.html",
    rows="staff/members/_rows.html",
    order=("pinyin", "id"),
    filterset=MemberFilter,
    may_export=policies.can_export_people,
    columns=(
        Column(gettext_lazy("Staff number"), "staff_no"),
        Column(gettext_lazy("Name"), "name"),
        Column(gettext_lazy("Unit code"), "home_unit.code"),
        Column(gettext_lazy("Unit"), "home_unit.label"),
        Column(gettext_lazy("Post"), "post"),
        Column(gettext_lazy("Phone"), "phone"),
        Column(gettext_lazy("E-mail"), "email"),
        Column(gettext_lazy("In service"), "is_active"),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest) -> HttpResponse:
    """Search, filters, export."""
    require(policies.can_read_people(request.user))
    rows = visible_members(request.user).prefetch_related("grants__unit")
    return list_page(request, rows, MEMBERS, {"may_add": policies.can_administer_somewhere(request.user)})


@require_safe
def member(request: HttpRequest, staff_no: str) -> HttpResponse:
    """One member: who, where, which roles, how they log in."""
    return member_page(request, get_member_for(request.user, staff_no))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: HttpRequest) -> HttpResponse:
    """Take somebody on; the one-time password is shown once, in the answer."""
    require(policies.can_administer_somewhere(request.user))
    form = MemberForm(posted(request), units=administered_units(request.user))
    if form.is_valid():
        with refusals_into(form):
            made, password = members.take_on(actor=request.user, now=request.now, **form.cleaned_data)
            return password_page(request, made, password)
    return form_page(request, "staff/members/form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_member(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Change what is known of a member."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    initial = {name: getattr(member, name) for name in members.FIELDS}
    form = MemberForm(posted(request), units=administered_units(request.user), is_new=False, initial=initial)
    if form.is_valid():
        with refusals_into(form):
            members.edit_member(member=member, actor=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Saved"))
            return redirect("staff:member", member.staff_no)
    return form_page(request, "staff/members/form.html", form, {"member": member})


@never_cache
@require_POST
def issue_password(request: HttpRequest, staff_no: str) -> HttpResponse:
    """A new one-time password, shown once, in the answer."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    try:
        password = passwords.issue_one_time_password(member=member, actor=request.user, now=request.now)
    except Refusal as refusal:
        return member_page(request, member, refused=str(refusal.message))
    return password_page(request, member, password)


@require_POST
def unlock(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Let somebody who typed it wrong too often try again."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    passwords.unlock_member(member=member, actor=request.user, now=request.now)
    messages.success(request, _("%(name)s may try again") % {"name": member.name})
    return redirect("staff:member", member.staff_no)


@require_POST
def reset_second_factor(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Forget a lost phone."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    second_factor.reset_second_factor(member=member, actor=request.user, now=request.now)
    messages.success(request, _("%(name)s sets up the second step at the next login") % {"name": member.name})
    return redirect("staff:member", member.staff_no)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Deactivate: what is still held, who takes it, which shifts stay empty."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_let_go(request.user, member))
    held = members.what_is_held(member)
    form = LeaveForm(posted(request), members=successors(request.user, member), must_name=bool(held))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            heir = form.cleaned_data["successor"]
            leaving = members.deactivate_member(member=member, successor=heir, actor=request.user, now=request.now)
            context = {"member": member, "leaving": leaving, "successor": heir}
            return render(request, "staff/members/left.html", context)
    return form_page(request, "staff/members/leave.html", form, {"member": member, "held": held})


@never_cache
@require_POST
def take_back(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Reactivate; the one-time password is shown once, in the answer."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    try:
        password = members.reactivate_member(member=member, actor=request.user, now=request.now)
    except Refusal as refusal:
        return member_page(request, member, refused=str(refusal.message))
    return password_page(request, member, password)


@require_POST
def grant(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Give a role."""
    member = get_member_for(request.user, staff_no)
    require(policies.can_administer_member(request.user, member))
    form = GrantForm(request.POST, units=administered_units(request.user))
    if form.is_valid():
        with refusals_into(form):
            require(policies.can_grant(request.user, member, form.cleaned_data["unit"]))
            grants.grant_role(member=member, actor=request.user, now=request.now, **form.cleaned_data)
            return redirect("staff:member", member.staff_no)
    return member_page(request, member, form)


@require_POST
def revoke(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Take a role back, with the future duty it carried."""
    member = get_member_for(request.user, staff_no)
    held = get_grant(member, request.POST.get("role", ""), request.POST.get("unit", ""))
    require(policies.can_grant(request.user, member, held.unit))
    try:
        struck = grants.revoke_role(grant=held, actor=request.user, now=request.now)
    except Refusal as refusal:
        return member_page(request, member, refused=str(refusal.message))
    if struck:
        messages.warning(request, _("Duty struck with the role: %(count)s shifts") % {"count": len(struck)})
    return redirect("staff:member", member.staff_no)


def member_page(request: HttpRequest, member: Member, form: GrantForm | None = None, refused: str = "") -> HttpResponse:
    """The member's page, with what a form on it refused."""
    context = {
        "member": member,
        "grants": grants_of(member),
        "locked_until": locked_until(member.staff_no, request.now),
        "has_second_factor": second_factor.has_second_factor(member),
        "may_edit": policies.can_administer_member(request.user, member),
        "may_leave": policies.can_let_go(request.user, member),
        "may_grant": policies.can_grant(request.user, member, member.home_unit),
        "form": form or GrantForm(units=administered_units(request.user), initial={"unit": member.home_unit}),
        "refused": refused,
    }
    status = 422 if refused or (form and form.errors) else 200
    return render(request, "staff/members/detail.html", context, status=status)


def password_page(request: HttpRequest, member: Member, password: str) -> HttpResponse:
    """The one-time password, once."""
    return render(request, "staff/members/password.html", {"member": member, "password": password})

"""The rulebook: read by everybody, edited by administrators; a recalculation is previewed, then started by a person."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.access import require
from common.errors import Refusal
from workorders.forms.rules import RuleForm
from workorders.policies import can_edit_rules
from workorders.selectors.rulebook import latest_rule, rules_by_kind, versions_of
from workorders.services.recalculation import preview, recalculate_moved
from workorders.services.rulebook import confirm_rule, edit_rule


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every limit with its source, by kind of order; past and inactive ones on request."""
    everything = request.GET.get("all") == "1"
    context = {
        "groups": rules_by_kind(on=localdate(request.now), everything=everything),
        "everything": everything,
        "may_edit": bool(can_edit_rules(request.user)),
    }
    return render(request, "workorders/rules/list.html", context)


@require_GET
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule with all its versions."""
    versions = versions_of(key)
    if not versions:
        raise Http404(key)
    context = {"rule": versions[0], "versions": versions, "may_edit": bool(can_edit_rules(request.user))}
    return render(request, "workorders/rules/detail.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """A new version of a rule; open orders keep theirs."""
    require(can_edit_rules(request.user))
    latest = latest_rule(key)
    form = RuleForm(request.POST or None, rule=latest)
    if form.is_valid():
        try:
            seen = request.POST.get("version", "")
            version = int(seen) if seen.isdecimal() else 0
            edit_rule(key=key, version=version, actor=request.user, now=request.now, **form.values())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("A new version is in force. Open orders keep theirs until you recalculate."))
            return redirect("workorders:recalculate")
    context = {"rule": latest, "form": form, "version": request.POST.get("version") or latest.version}
    return render(request, "workorders/rules/edit.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Vouch for an unconfirmed aim."""
    latest = latest_rule(key)
    try:
        confirm_rule(key=key, version=latest.version, actor=request.user, now=request.now)
        messages.success(request, _("Confirmed. New orders may tell customers this limit if it is published."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("workorders:rule", key=key)


@require_http_methods(["GET", "POST"])
def recalculate(request: HttpRequest) -> HttpResponse:
    """How many open orders the present rules and calendar would move; a person starts it."""
    require(can_edit_rules(request.user))
    if request.method == "POST":
        moved = recalculate_moved(actor=request.user, now=request.now, run_id=_uuid(request))
        words = ngettext("%(n)d order recalculated", "%(n)d orders recalculated", moved) % {"n": moved}
        messages.success(request, words)
        return redirect("workorders:rules")
    context = {"preview": preview(now=request.now), "run_id": uuid4()}
    return render(request, "workorders/rules/recalculate.html", context)


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("run_id", ""))
    except ValueError:
        return uuid4()

"""A plan put to use: the run, its users with their receipts, the report."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common.access import Decision, require
from common.exports import Column, ExportNote, export
from common.forms import form_page, posted, refusals_into
from common.lists import ExportForm, ListSpec, list_page
from outages.filters_orderly import RunUserFilter
from outages.forms.orderly_acts import HandOverForm
from outages.models import OrderlyEvent, OrderlyRun
from outages.offering import Offer
from outages.orderly_acts import RUN_SPECS, run_offers
from outages.orderly_choices import Verb
from outages.orderly_policies import can
from outages.orderly_transitions import can_follow
from outages.selectors.orderly.report import Report, report_of
from outages.selectors.orderly.runs import get_proof_for, get_run_for, get_user_for, story_of, users_of
from outages.services.orderly.handing import hand_over
from staff.policies import can_export_work
from workorders.views.attachments import served

AT = {"menu_at": "outages:list"}
USERS = ListSpec(
    name="outages.orderly_users",
    template="outages/orderly/users.html",
    rows="outages/orderly/_user_rows.html",
    order=("batch_id", "id"),
    filterset=RunUserFilter,
    columns=(
        Column(gettext_lazy("Account number"), "customer.account_no"),
        Column(gettext_lazy("Name"), "customer.name"),
        Column(gettext_lazy("Batch"), "batch.name"),
        Column(gettext_lazy("Measure"), lambda row: row.batch.get_measure_display()),
        Column("MW", "mw"),
        Column(gettext_lazy("Left out"), lambda row: row.get_left_out_display()),
        Column(gettext_lazy("Message written"), "is_told"),
        Column(gettext_lazy("Handed over"), "handed_at"),
        Column(gettext_lazy("Who took it"), "taken_by"),
        Column(gettext_lazy("By whom"), lambda row: row.handed_by.name if row.handed_by else ""),
    ),
    may_export=can_export_work,
)
SHARES = (
    Column(gettext_lazy("From"), "span.start"),
    Column(gettext_lazy("To"), "span.end"),
    Column(gettext_lazy("Measure"), "measure"),
    Column(gettext_lazy("Planned, MW"), "cell.planned"),
    Column(gettext_lazy("Achieved, MW"), "cell.achieved"),
)


@dataclass
class RunPage:
    """One run as one person sees it."""

    request: HttpRequest
    run: OrderlyRun

    @cached_property
    def report(self) -> Report:
        return report_of(self.run, self.request.now)

    @cached_property
    def offers(self) -> list[Offer]:
        return run_offers(self.run, self.request.user, self.request.now)

    @cached_property
    def story(self) -> list[OrderlyEvent]:
        return story_of(self.run)

    @property
    def is_overdue(self) -> bool:
        """Notices are missing though their time is past."""
        return self.run.is_active and self.run.receipts_due_at < self.request.now and self.report.whole.missing > 0

    @cached_property
    def may_hand_over(self) -> bool:
        return can_follow(Verb.HAND_OVER, self.run.state) and bool(
            can(Verb.HAND_OVER, self.request.user, self.run.plan)
        )

    @property
    def may_export(self) -> Decision:
        return can_export_work(self.request.user)


@require_safe
def run(request: HttpRequest, code: str) -> HttpResponse:
    """One run: what is asked, who signed for it, what came of it so far."""
    found = get_run_for(request.user, code)
    context = {"run": found, "plan": found.plan, "page": RunPage(request, found)}
    return render(request, "outages/orderly/run.html", AT | context)


@require_http_methods(["GET", "HEAD", "POST"])
def users(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody asked, with their receipts and records; a form sent here is the export."""
    found = get_run_for(request.user, code)
    context = {"run": found, "plan": found.plan, "page": RunPage(request, found)}
    return list_page(request, users_of(found), USERS, AT | context)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, code: str, account: str) -> HttpResponse:
    """The written notice of one user: hand it over, or see who took it."""
    found = get_run_for(request.user, code)
    user, page = get_user_for(request.user, found, account), RunPage(request, found)
    if request.method == "POST":
        require(can(Verb.HAND_OVER, request.user, found.plan))
    form = HandOverForm(posted(request), request.FILES or None, subject=user)
    if form.is_valid():
        with refusals_into(form):
            hand_over(code=code, account=account, actor=request.user, now=request.now, **form.arguments())
            messages.success(request, _("%(name)s has the notice") % {"name": user.customer.name})
            return redirect("outages:orderly_run", code)
    context = {"run": found, "plan": found.plan, "user": user, "page": page}
    return form_page(request, "outages/orderly/receipt.html", form, AT | context)


@require_safe
def proof(request: HttpRequest, code: str, proof_id: UUID) -> FileResponse:
    """The photo or signature of a receipt, for who may see the run."""
    user = get_proof_for(request.user, code, proof_id)
    return served(user.proof, f"{code}-{user.customer.account_no}", user.proof_type)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """Planned against achieved; sent as a form, the same figures as a file."""
    found = get_run_for(request.user, code)
    page, form = RunPage(request, found), ExportForm(posted(request))
    if request.method == "POST":
        require(can_export_work(request.user))
    if form.is_valid():
        note = ExportNote("outages.orderly_report", request.user, form.cleaned_data["purpose"], {"run": [code]},
                          request.now)  # fmt: skip
        return export(page.report.shares, SHARES, note)
    context = {"run": found, "plan": found.plan, "page": page}
    return form_page(request, "outages/orderly/report.html", form, AT | context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One act on a run: its form, and doing it."""
    found, spec = get_run_for(request.user, code), RUN_SPECS.get(slug)
    if spec is None:
        raise Http404(slug)
    require(can(spec.verb, request.user, found.plan))
    form = spec.form(posted(request), subject=found)
    if form.is_valid():
        with refusals_into(form):
            spec.service(code=code, actor=request.user, now=request.now, **form.arguments())
            messages.success(request, f"{found.code}: {spec.button}")
            return redirect("outages:orderly_run", code)
    words: dict[str, Any] = {"title": spec.title, "follows": spec.follows, "button": spec.button}
    return form_page(request, "outages/orderly/act.html", form, AT | words | {"run": found, "plan": found.plan})

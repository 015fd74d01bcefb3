"""Each act on a plan or a run as pages offer it, and which of them are this person's now; as `outages.acts`."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outages.forms.orderly_acts import PLAN_FORMS, RUN_FORMS, ActForm
from outages.models import OrderlyPlan, OrderlyRun
from outages.offering import ActSpec, Offer, offered
from outages.orderly_choices import PlanState, Verb
from outages.orderly_policies import can
from outages.orderly_transitions import can_follow
from outages.services.orderly.approving import approve, retire, revise, send_back, submit
from outages.services.orderly.recording import record
from outages.services.orderly.running import activate, call_off, close, end
from staff.models import Member

V = Verb


class OrderlyAct(ActSpec):
    """… with its form."""

    @property
    def form(self) -> type[ActForm]:
        return (PLAN_FORMS | RUN_FORMS)[self.verb]  # type: ignore[operator]


_PLAN = (
    OrderlyAct(
        V.ACTIVATE, pgettext_lazy("button", "Activate"), _("For when is it used?"),
        _("The users of the batches are told at once and sign for the written notice."), activate,
    ),
    OrderlyAct(
        V.SUBMIT, pgettext_lazy("button", "Hand in"), _("Is the plan ready?"),
        _("Somebody who wrote none of it approves it then."), submit,
    ),
    OrderlyAct(
        V.APPROVE, pgettext_lazy("button", "Approve"), _("May this plan be used?"),
        _("It is in force at once, in place of the version before it. Nothing in it changes any more."), approve,
    ),
    OrderlyAct(
        V.SEND_BACK, pgettext_lazy("button", "Send back"), _("What is to be mended?"),
        _("It is a draft again, for whoever wrote it."), send_back,
    ),
    OrderlyAct(
        V.REVISE, pgettext_lazy("button", "New version"), _("Begin the next version?"),
        _("It begins as a copy. This version stays in force until the next one is approved."), revise,
    ),
    OrderlyAct(
        V.RETIRE, pgettext_lazy("button", "Withdraw"), _("Withdraw this version?"),
        _("It cannot be used any more. What was done with it stays readable."), retire,
    ),
)  # fmt: skip
_RUN = (
    OrderlyAct(
        V.RECORD, pgettext_lazy("button", "Write down MW"), _("What was achieved?"),
        _("It counts in the report at once, hour by hour."), record,
    ),
    OrderlyAct(
        V.END, pgettext_lazy("button", "End it"), _("End it now?"),
        _("Before its time, everybody who was told hears that it is over."), end,
    ),
    OrderlyAct(
        V.CANCEL, pgettext_lazy("button", "Call off"), _("Call it off?"),
        _("Everybody who was told hears it, with the reason."), call_off,
    ),
    OrderlyAct(
        V.REVIEW, pgettext_lazy("button", "Close"), _("Close the record?"),
        _("Nothing can be written down in it afterwards."), close,
    ),
)  # fmt: skip
PLAN_SPECS: Mapping[str, OrderlyAct] = {spec.slug: spec for spec in _PLAN}
RUN_SPECS: Mapping[str, OrderlyAct] = {spec.slug: spec for spec in _RUN}

# What moves a plan on from where it is; that one is the main button.
WAY: Mapping[str, Verb] = {
    PlanState.DRAFT: V.SUBMIT,
    PlanState.SUBMITTED: V.APPROVE,
    PlanState.APPROVED: V.ACTIVATE,
}


def plan_offers(plan: OrderlyPlan, actor: Member) -> list[Offer]:
    """What this person may do with a version now; what moves it on is shown with its reason when it is not theirs."""
    found = []
    for spec in _PLAN:
        if not can_follow(spec.verb, plan.state):
            continue
        url = reverse("outages:orderly_act", args=[plan.code, plan.number, spec.slug])
        found.append(offered(spec, url, can(spec.verb, actor, plan), moves_on=spec.verb == WAY.get(plan.state)))
    return sorted(filter(None, found), key=lambda offer: not offer.is_main)


def run_offers(run: OrderlyRun, actor: Member, now: datetime) -> list[Offer]:
    """What this person may do with a run now: called off before it begins, written down from then on, closed after."""
    begun, over = run.starts_at <= now, run.over_at <= now
    fits = {V.RECORD: begun, V.END: begun and not over, V.CANCEL: not begun, V.REVIEW: over}
    return [
        Offer(spec, reverse("outages:orderly_run_act", args=[run.code, spec.slug]), is_main=spec.verb == V.RECORD)
        for spec in _RUN
        if fits[spec.verb] and can_follow(spec.verb, run.state) and can(spec.verb, actor, run.plan)
    ]

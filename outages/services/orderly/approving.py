"""How a version comes into force: handed in, approved by somebody who wrote none of it, replaced by the next one."""

from django.db.models import F
from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.models import Batch, BatchUser, Exemption, OrderlyPlan
from outages.orderly_choices import Measure, PlanState, RunState, Verb
from outages.selectors.orderly.plans import batch_loads
from outages.services.orderly.change import Change, act, in_force, tell
from outages.services.orderly.planning import exempt_in
from outages.shortage import skipped, total


@act(Verb.SUBMIT)
def submit(change: Change, *, skip_reason: str = "") -> None:
    """Ready to be approved.

    Raises: Refusal when the batches do not cover the shortage, when somebody has become exempt since they were written
    into a batch, and on ``skip_reason`` when a measure is left out without a reason.
    """
    loads = batch_loads(change.plan)
    covered = total(loads)
    if covered < change.plan.shortage_mw:
        said = {"mw": covered, "of": change.plan.shortage_mw}
        raise Refusal(_("The batches bring %(mw).1f MW of the %(of).1f MW that the plan is for.") % said)
    _refuse_exempt_since(change.plan)
    left_out = skipped({load.measure for load in loads})
    if left_out and not skip_reason.strip():
        names = ", ".join(str(Measure(measure).label) for measure in left_out)
        raise Refusal(_("It goes past %(measures)s. Say why.") % {"measures": names}, field="skip_reason")
    change.text = skip_reason.strip() if left_out else ""
    change.set(skip_reason=change.text)


@act(Verb.SEND_BACK)
def send_back(change: Change, *, reason: str) -> None:
    """Not like this: a draft again."""
    if not reason.strip():
        raise Refusal(_("Say what is to be mended."), field="reason")
    change.text = reason.strip()


@act(Verb.APPROVE)
def approve(change: Change) -> None:
    """In force from now on, in place of the version that was; nothing in it changes any more."""
    _refuse_exempt_since(change.plan)
    before = in_force(change.plan.code)
    if before:
        OrderlyPlan.objects.filter(pk=before.pk).update(
            state=PlanState.SUPERSEDED, changed_at=change.now, revision=F("revision") + 1
        )
        tell(before, Verb.SUPERSEDE, change.actor, change.now)
    change.set(approved_by=change.actor, approved_at=change.now)


@act(Verb.RETIRE)
def retire(change: Change, *, reason: str) -> None:
    """It is not used any more. Raises: Refusal while a run of it is not over."""
    if not reason.strip():
        raise Refusal(_("Say why it is withdrawn."), field="reason")
    run = change.plan.runs.filter(state=RunState.ACTIVE, ends_at__gt=change.now).first()
    if run:
        raise Refusal(_("It is in use until %(run)s is over.") % {"run": run.code})
    change.text = reason.strip()


@act(Verb.REVISE)
def revise(change: Change) -> None:
    """Begin the next version as a copy; this one stays in force until the next is approved.

    Raises: Refusal when somebody is writing the next version already. Three statements at any number of users.
    """
    plan = change.plan
    newest = OrderlyPlan.objects.filter(code=plan.code).order_by("-number").first()
    if newest and newest.number > plan.number and newest.state != PlanState.RETIRED:
        raise Refusal(_("Version %(number)d is being written already.") % {"number": newest.number})
    facts = {name: getattr(plan, name) for name in ("code", "name", "unit", "peak_mw", "shortage_mw", "level")}
    number = newest.number + 1 if newest else plan.number + 1
    made = OrderlyPlan.objects.create(
        **facts, number=number, written_by=change.actor, writers=[change.actor.pk], changed_at=change.now
    )
    _copy(plan, made)
    change.data = {"number": number}
    tell(made, Verb.DRAFT, change.actor, change.now, data={"copy_of": plan.number})


def _copy(plan: OrderlyPlan, made: OrderlyPlan) -> None:
    """Batches, users and exemptions; who has become exempt since stays out."""
    batches = {
        batch.pk: Batch(plan=made, number=batch.number, name=batch.name, measure=batch.measure)
        for batch in plan.batches.all()
    }
    Batch.objects.bulk_create(batches.values())
    rows = list(plan.users.select_related("customer").order_by("pk"))
    gone = exempt_in(plan, [row.customer for row in rows])
    BatchUser.objects.bulk_create(
        BatchUser(plan=made, batch=batches[row.batch_id], customer_id=row.customer_id, mw=row.mw)
        for row in rows
        if row.customer_id not in gone
    )
    Exemption.objects.bulk_create(
        Exemption(plan=made, customer_id=row.customer_id, ground=row.ground, reason=row.reason)
        for row in plan.exemptions.all()
    )


def _refuse_exempt_since(plan: OrderlyPlan) -> None:
    rows = list(plan.users.select_related("customer", "batch"))
    gone = exempt_in(plan, [row.customer for row in rows])
    named = [f"{row.customer.name} ({row.batch.name})" for row in rows if row.customer_id in gone]
    if named:
        said = {"names": ", ".join(named[:5]) + (" …" if len(named) > 5 else "")}
        raise Refusal(_("Exempt since they were written in, take them out: %(names)s") % said)

"""Runs as people see them, and what a place or a customer is asked now."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.http import Http404

from customers.models import Customer, SupplyPoint
from outages.models import Achieved, Batch, OrderlyEvent, OrderlyPlan, OrderlyRun, RunUser
from outages.orderly_choices import RunState, Verb
from outages.orderly_policies import can_read
from staff.models import Member

ASKED = Q(left_out="")


def visible_to(actor: Member) -> QuerySet[OrderlyRun]:
    """Every run, for who has a part in plans."""
    return OrderlyRun.objects.all() if can_read(actor) else OrderlyRun.objects.none()


def not_closed(actor: Member) -> list[OrderlyRun]:
    """Runs to come, under way, or over and not yet closed, by their beginning; with what is asked and signed for."""
    open_ones = visible_to(actor).filter(state__in=[RunState.ACTIVE, RunState.ENDED]).select_related("plan")
    return list(with_counts(open_ones).order_by("starts_at", "id"))


def runs_of(plan: OrderlyPlan) -> list[OrderlyRun]:
    """What a version was used for, the newest first."""
    return list(with_counts(plan.runs.all()).order_by("-id"))


def with_counts(runs: QuerySet[OrderlyRun]) -> QuerySet[OrderlyRun]:
    """With ``asked``, ``asked_mw`` and ``handed``."""
    asked = Q(users__left_out="")
    return runs.annotate(
        asked=Count("users", filter=asked), asked_mw=Sum("users__mw", filter=asked),
        handed=Count("users", filter=Q(users__handed_at__isnull=False)),
    )  # fmt: skip


def get_run_for(actor: Member, code: str) -> OrderlyRun:
    """One run with its plan. Raises: Http404 when it is not there or not theirs to see."""
    found = visible_to(actor).select_related("plan__unit").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def users_of(run: OrderlyRun) -> QuerySet[RunUser]:
    """Everybody in the batches of a run, also who was left out."""
    records = Prefetch("achieved", Achieved.objects.order_by("starts_at"))
    return RunUser.objects.filter(run=run).select_related("batch", "customer", "handed_by").prefetch_related(records)


def asked_batches(run: OrderlyRun) -> list[Batch]:
    """The batches with somebody who is asked, by their number."""
    used = RunUser.objects.filter(ASKED, run=run).values("batch")
    return list(Batch.objects.filter(pk__in=used).order_by("number"))


def get_user_for(actor: Member, run: OrderlyRun, account: str) -> RunUser:
    """A user whom a run asks. Raises: Http404."""
    found = users_of(run).filter(ASKED, customer__account_no=account).first()
    if found is None:
        raise Http404(account)
    return found


def get_proof_for(actor: Member, code: str, proof_id: UUID) -> RunUser:
    """The user whose receipt has this picture, for who may see the run. Raises: Http404."""
    found = RunUser.objects.filter(run=get_run_for(actor, code), proof_id=proof_id).exclude(proof="").first()
    if found is None:
        raise Http404(proof_id)
    return found


def story_of(run: OrderlyRun) -> list[OrderlyEvent]:
    """What was done, the newest first, without the single receipts and records: those stand with their user."""
    rows = run.events.exclude(verb__in=[Verb.HAND_OVER, Verb.RECORD])
    return list(rows.select_related("actor").order_by("-id"))


def asked_at(points: Iterable[SupplyPoint], now: datetime) -> dict[int, RunUser]:
    """What the customers of these supply points are asked now or next, by customer; one query."""
    return asked_of({point.customer_id for point in points}, now)


def asked_of(customers: Iterable[int | Customer], now: datetime) -> dict[int, RunUser]:
    """The same for customers."""
    rows = (
        RunUser.objects.filter(ASKED, customer__in=customers, run__state=RunState.ACTIVE, run__ends_at__gt=now)
        .select_related("run", "batch")
        .order_by("-run__starts_at")
    )
    return {row.customer_id: row for row in rows}

"""Plans as people see them, and what their batches bring."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from outages.models import Batch, OrderlyEvent, OrderlyPlan
from outages.orderly_choices import Measure, PlanState, Verb
from outages.orderly_policies import can_read
from outages.shortage import in_order
from staff.models import Member

NOTHING = Decimal(0)


def visible_to(actor: Member) -> QuerySet[OrderlyPlan]:
    """Every version of every plan, for who has a part in them."""
    return OrderlyPlan.objects.all() if can_read(actor) else OrderlyPlan.objects.none()


def newest(actor: Member) -> QuerySet[OrderlyPlan]:
    """Each plan once: the version in force, or the newest where none is."""
    rows = visible_to(actor)
    in_force = rows.filter(state=PlanState.APPROVED)
    last = rows.exclude(code__in=in_force.values("code")).order_by("code", "-number").distinct("code")
    return rows.filter(Q(pk__in=in_force.values("pk")) | Q(pk__in=last.values("pk")))


def with_sums(plans: QuerySet[OrderlyPlan]) -> QuerySet[OrderlyPlan]:
    """With ``user_count`` and ``covered_mw`` of its batches."""
    return plans.annotate(user_count=Count("users"), covered_mw=Coalesce(Sum("users__mw"), NOTHING))


def get_plan_for(actor: Member, code: str, number: int) -> OrderlyPlan:
    """One version. Raises: Http404 when it is not there or not theirs to see."""
    rows = visible_to(actor).select_related("unit", "written_by", "approved_by")
    found = rows.filter(code=code, number=number).first()
    if found is None:
        raise Http404(code)
    return found


def versions_of(plan: OrderlyPlan) -> list[OrderlyPlan]:
    """All versions, the newest first."""
    return list(OrderlyPlan.objects.filter(code=plan.code).order_by("-number"))


def story_of(plan: OrderlyPlan) -> list[OrderlyEvent]:
    """What was done to this version, the newest first; what its runs did stands with them."""
    rows = OrderlyEvent.objects.filter(plan=plan).filter(Q(run__isnull=True) | Q(verb=Verb.ACTIVATE))
    return list(rows.select_related("actor", "run").order_by("-id"))


@dataclass(frozen=True)
class BatchLoad:
    """A batch with what it brings; `outages.shortage.Load`."""

    batch: Batch
    users: int
    mw: Decimal

    @property
    def number(self) -> int:
        return self.batch.number

    @property
    def measure(self) -> str:
        return self.batch.measure

    @property
    def measure_label(self) -> str:
        return str(Measure(self.batch.measure).label)


def batch_loads(plan: OrderlyPlan, *, without: Collection[int] = ()) -> list[BatchLoad]:
    """The batches in the order of their measures, with users and megawatts, ``without`` these customers; one query."""
    counted = ~Q(users__customer__in=list(without))
    rows = plan.batches.annotate(
        asked=Count("users", filter=counted), mw=Coalesce(Sum("users__mw", filter=counted), NOTHING)
    )
    return in_order(BatchLoad(row, row.asked, row.mw) for row in rows)


def get_batch(plan: OrderlyPlan, number: int) -> Batch:
    """A batch of a version. Raises: Http404."""
    found = plan.batches.filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


def users_as_lines(batch: Batch) -> str:
    """The users of a batch as they are pasted: account number and megawatts, one a line."""
    rows = batch.users.values_list("customer__account_no", "mw").order_by("pk")
    return "\n".join(f"{account} {mw}" for account, mw in rows)

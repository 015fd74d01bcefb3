"""One version of a plan of orderly use as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import HttpRequest

from outages.models import OrderlyEvent, OrderlyPlan, OrderlyRun
from outages.offering import Offer
from outages.orderly_acts import plan_offers
from outages.orderly_choices import Measure, Verb
from outages.orderly_policies import can
from outages.selectors.orderly.plans import BatchLoad, batch_loads, story_of, versions_of
from outages.selectors.orderly.runs import runs_of
from outages.shortage import skipped, total

NOTHING = Decimal(0)


@dataclass
class PlanPage:
    """One version as one person sees it."""

    request: HttpRequest
    plan: OrderlyPlan

    @cached_property
    def offers(self) -> list[Offer]:
        return plan_offers(self.plan, self.request.user)

    @cached_property
    def may_write(self) -> bool:
        return self.plan.is_draft and bool(can(Verb.EDIT, self.request.user, self.plan))

    @cached_property
    def loads(self) -> list[BatchLoad]:
        return batch_loads(self.plan)

    @property
    def covered(self) -> Decimal:
        return total(self.loads)

    @property
    def users(self) -> int:
        return sum(load.users for load in self.loads)

    @property
    def lacks(self) -> Decimal:
        """Megawatts that the batches do not bring yet; nothing when they cover it."""
        return max(self.plan.shortage_mw - self.covered, NOTHING)

    @cached_property
    def skips(self) -> list[str]:
        """The measures it goes past, in words."""
        return [str(Measure(measure).label) for measure in skipped({load.measure for load in self.loads})]

    @cached_property
    def versions(self) -> list[OrderlyPlan]:
        return versions_of(self.plan)

    @cached_property
    def runs(self) -> list[OrderlyRun]:
        return runs_of(self.plan)

    @cached_property
    def story(self) -> list[OrderlyEvent]:
        return story_of(self.plan)

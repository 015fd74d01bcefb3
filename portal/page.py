"""One order as its customer follows it: in plain words, and nothing that others should not read."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.masking import address_public
from workorders import wording
from workorders.choices import Kind, State, Verb
from workorders.kinds import KINDS, goes_out
from workorders.models import WorkOrder
from workorders.presentation import facts_of
from workorders.promise import PromiseView, view
from workorders.selectors.public import Told, promise_for_customer, story_for_customer


@dataclass
class FollowPage:
    """The order has been through `mark_progress`. A confidential one says neither where nor who is at it."""

    order: WorkOrder
    now: datetime

    @property
    def is_confidential(self) -> bool:
        return KINDS[self.order.kind].confidential

    @property
    def title(self) -> str:
        return _("Your report") if self.order.kind == Kind.FAULT else _("How it stands")

    @property
    def trouble(self) -> str:
        return wording.trouble(self.order)

    @property
    def where(self) -> str:
        """As far as the building."""
        return "" if self.is_confidential else address_public(self.order.address)

    @cached_property
    def promise(self) -> PromiseView | None:
        clock = promise_for_customer(self.order)
        if clock is None:
            return None
        facts = facts_of(clock, now=self.now)
        if clock.starts_on == Verb.RECEIVE:
            facts = replace(facts, start_word=pgettext("customer", "received"))
        return view(facts, now=self.now)

    @cached_property
    def story(self) -> list[Told]:
        return story_for_customer(self.order, self.now)

    @property
    def shows_crew(self) -> bool:
        return self.order.is_open and not self.is_confidential

    @property
    def crew(self) -> str:
        """Surname and unit; the unit alone while nobody has taken it."""
        order = self.order
        if order.assignee is None:
            return order.unit.label
        return _("%(surname)s · %(unit)s") % {"surname": order.assignee.name[:1], "unit": order.unit.label}

    @property
    def initial(self) -> str:
        return (self.order.assignee or self.order.unit).name[:1]

    @property
    def doing(self) -> str:
        """What is going on, in three words."""
        order = self.order
        outside = goes_out(order.kind, order.service_type)
        if order.is_on_way:
            return pgettext("crew", "On the way to you")
        if order.state == State.ACCEPTED:
            return pgettext("crew", "About to set off") if outside else pgettext("crew", "Working on it")
        if order.state == State.IN_PROGRESS:
            return pgettext("crew", "Working at your place") if outside else pgettext("crew", "Working on it")
        if order.state in (State.RESOLVED, State.ANSWERED):
            return pgettext("crew", "Done")
        return pgettext("crew", "Finding somebody to send") if outside else pgettext("crew", "Finding who can help")

    @property
    def is_over(self) -> bool:
        """The work is said to be done: the page asks whether that is true."""
        return self.order.state in (State.RESOLVED, State.ANSWERED, State.CLOSED)

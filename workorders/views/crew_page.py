"""One job on the crew's phone, ready to be drawn."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid4

from customers.choices import Purpose, Secret
from customers.services.privacy import reveal
from staff.models import Member
from workorders.choices import Phase, Verb
from workorders.forms.crew import BEFORE_LEAVING
from workorders.kinds import goes_out
from workorders.models import Attachment, Event, WorkOrder
from workorders.nextstep import Step, is_open_to, may_be_told_late, owes_a_word, way
from workorders.policies import can_look, can_see_person
from workorders.presentation import facts_of, promise_words
from workorders.promise import PromiseView, view
from workorders.selectors.attachments import photos_of
from workorders.selectors.crew import is_workable, promises_for_crew
from workorders.selectors.history import last_slip
from workorders.transitions import can_follow


def crew_step(actor: Member, order: WorkOrder) -> Step | None:
    """The act that moves the job on and is the crew's to do. What happens in the street comes before any form."""
    verb = next((verb for verb in way(order) if is_open_to(verb, actor, order)), None)
    return Step(verb, order.code) if verb else None


@dataclass(frozen=True)
class PhotoSlot:
    """The tile of one phase: what was taken so far, and the request the next photo stands for."""

    phase: Phase
    photos: list[Attachment]
    request_id: UUID


@dataclass
class CrewJob:
    """A job as its crew sees it; the order has been through `mark_progress`."""

    order: WorkOrder
    actor: Member
    now: datetime

    @cached_property
    def step(self) -> Step | None:
        return crew_step(self.actor, self.order)

    @property
    def shows_person(self) -> bool:
        return bool(can_see_person(self.actor, self.order))

    @property
    def may_call(self) -> bool:
        has_number = self.order.contact_phone or self.order.customer_id
        return bool(has_number and self.shows_person and can_look(self.actor, self.order))

    @cached_property
    def door(self) -> str:
        """The door the crew has to go to, while there is something to do; every look is on record."""
        order = self.order
        point = order.supply_point
        if not (point and point.door and order.customer and self.may_call and is_workable(order)):
            return ""
        shown = reveal(
            customer=order.customer, fields=[Secret.DOOR], purpose=Purpose.ON_SITE, actor=self.actor, now=self.now
        )
        return next((door for address, door in shown.doors if address == order.address), "")

    @cached_property
    def promises(self) -> list[PromiseView]:
        views = []
        for clock in promises_for_crew(self.order):
            facts = replace(facts_of(clock, now=self.now), source=promise_words(clock))
            views.append(view(facts, now=self.now))
        return views

    @cached_property
    def slip(self) -> Event | None:
        """The press that can still be taken back."""
        return last_slip(self.order, self.actor, now=self.now)

    @cached_property
    def slots(self) -> list[PhotoSlot]:
        taken = photos_of(self.order)
        return [PhotoSlot(phase, [p for p in taken if p.phase == phase], uuid4()) for phase in Phase]

    @property
    def photos(self) -> list[Attachment]:
        return [photo for slot in self.slots for photo in slot.photos]

    @property
    def is_finishing(self) -> bool:
        """The next step is saying that it is done."""
        return self.step is not None and self.step.verb == Verb.FINISH

    @property
    def before_leaving(self) -> list:
        outside = goes_out(self.order.kind, self.order.service_type)
        return BEFORE_LEAVING if self.is_finishing and outside else []

    @property
    def owes_a_word(self) -> bool:
        return owes_a_word(self.order, self.now)

    @property
    def may_be_earlier(self) -> bool:
        return self._open(Verb.ARRIVE) and Verb.ARRIVE in way(self.order)

    @property
    def may_tell_late(self) -> bool:
        return may_be_told_late(self.order) and self._open(Verb.TELL_LATE)

    @property
    def may_return(self) -> bool:
        return self._open(Verb.RETURN)

    def _open(self, verb: Verb) -> bool:
        return can_follow(verb, self.order.state) and is_open_to(verb, self.actor, self.order)

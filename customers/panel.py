"""One customer as a page shows them: masked, with tags, places and what other rooms add."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.timezone import localdate

from common import contributions
from common.contributions import PlaceState
from customers import masking, policies
from customers.addresses import short, to_building
from customers.choices import DARK, FLAG_ICONS, LOOK, Flag, Importance, KeyAccount, Purpose, Secrecy
from customers.models import Contact, Customer, SupplyPoint
from customers.services.privacy import Revealed
from staff.models import Member


@dataclass(frozen=True)
class Tag:
    """A word beside the name; ``kind`` and ``icon`` as the tag part takes them."""

    text: str | Promise
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Place:
    """A supply point with the state of its power, if anybody here knows it."""

    point: SupplyPoint
    state: PlaceState | None
    is_chosen: bool

    @property
    def door(self) -> str:
        return masking.door(self.point.door)

    @property
    def short(self) -> str:
        return short(self.point.address)


@dataclass
class CustomerPanel:
    """Everything the panel and the page of one customer show; ``customer`` comes from `get_customer_for`.

    Inside the intake the panel is part of the form ``form_id``: it carries the account and the choice of the place.
    """

    customer: Customer
    actor: Member | None
    now: datetime
    form_id: str = ""
    chosen: SupplyPoint | None = None
    revealed: Revealed | None = None
    refused: str = ""
    back: str = ""  # where the intake is, for the links that lead away and back
    purposes: list = field(default_factory=lambda: list(Purpose.choices))

    @cached_property
    def contacts(self) -> list[Contact]:
        return sorted(self.customer.contacts.all(), key=lambda contact: (not contact.is_primary, contact.pk))

    @property
    def first_contact(self) -> Contact | None:
        return self.contacts[0] if self.contacts else None

    @property
    def phone(self) -> str:
        """The first phone, masked."""
        return masking.phone(self.first_contact.phone) if self.first_contact else ""

    @property
    def masked_contacts(self) -> list[tuple[Contact, str]]:
        return [(contact, masking.phone(contact.phone)) for contact in self.contacts]

    @cached_property
    def points(self) -> list[SupplyPoint]:
        return sorted(self.customer.supply_points.all(), key=lambda point: (not point.is_main, point.pk))

    @cached_property
    def main_point(self) -> SupplyPoint | None:
        return self.points[0] if self.points else None

    @property
    def address(self) -> str:
        """Where the customer is, to the building when a door is masked behind it."""
        point = self.main_point
        if point is None:
            return ""
        return f"{to_building(point.address)} {masking.door(point.door)}" if point.door else point.address

    @cached_property
    def places(self) -> list[Place]:
        """The supply points with what the rooms above know of their power."""
        states: dict[int, PlaceState] = {}
        for source in contributions.place_states:
            states |= source(self.points, self.now)
        chosen = self.chosen or self.main_point
        return [Place(point, states.get(point.pk), point == chosen) for point in self.points]

    @property
    def tags(self) -> list[Tag]:
        """Category and area, then the marks."""
        found = [Tag(self.customer.get_klass_display())]
        if self.main_point:
            found.append(Tag(self.main_point.area.get_area_class_display()))
        return found + self.marks

    @property
    def marks(self) -> list[Tag]:
        """What to take care with, then grades and secrecy."""
        customer = self.customer
        found = [Tag(Flag(flag).label, LOOK, FLAG_ICONS[Flag(flag)]) for flag in customer.flags]
        if customer.importance != Importance.NONE:
            found.append(Tag(customer.get_importance_display(), DARK, "star"))
        if customer.key_account != KeyAccount.NONE:
            found.append(Tag(customer.get_key_account_display()))
        if self.secrecy != Secrecy.NONE:
            found.append(Tag(self.secrecy_words, DARK, "lock"))
        return found

    @property
    def secrecy(self) -> str:
        return self.customer.secrecy_on(localdate(self.now))

    @property
    def secrecy_words(self) -> str:
        """Level and term: “秘密 · 2027-03-01”."""
        until = self.customer.secrecy_until
        return Secrecy(self.secrecy).label + (f" · {until:%Y-%m-%d}" if until else "")

    @property
    def sections(self) -> list[str]:
        """What the rooms above add, drawn; in their order."""
        drawn = []
        for panel in contributions.customer_panels:
            context = panel.context(self.customer, self.actor, self.now)
            if context is not None:
                drawn.append(render_to_string(panel.template, {**context, "now": self.now}))
        return drawn

    @property
    def may_correct(self) -> bool:
        return bool(policies.can_save(self.actor))

    @property
    def may_grade(self) -> bool:
        return bool(policies.can_classify(self.actor))

    @property
    def may_reveal(self) -> bool:
        return bool(policies.can_reveal(self.actor, self.customer, localdate(self.now)))

"""Who and what there is in the city, read once: members and who of them is on duty, units, customers by place."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.timezone import localtime

from customers.models import Customer, SupplyPoint
from simulation.city import staff, units
from simulation.city.places import PLACES, Place
from staff.choices import Role
from staff.models import Member, RoleGrant, Unit


@dataclass(frozen=True)
class Household:
    """A customer at the place that is meant, with the number to call."""

    customer: Customer
    point: SupplyPoint
    contact_name: str
    contact_phone: str

    @property
    def door_address(self) -> str:
        """The address as it is read out on the phone."""
        return f"{self.point.address} {self.point.door}".strip()


@dataclass
class Cast:
    """Look-ups over the whole city. Members who left and units out of use are not in it."""

    members: dict[str, Member] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    holders: dict[tuple[str, str], list[Member]] = field(default_factory=dict)
    households: list[Household] = field(default_factory=list)

    @cached_property
    def by_klass(self) -> dict[str, list[Household]]:
        return _grouped(self.households, lambda home: home.customer.klass)

    @cached_property
    def by_flag(self) -> dict[str, list[Household]]:
        found = defaultdict(list)
        for home in self.households:
            for flag in home.customer.flags:
                found[flag].append(home)
        return found

    @cached_property
    def by_transformer(self) -> dict[int, list[Household]]:
        return _grouped(self.households, lambda home: home.point.transformer_id)

    def on(self, role: str, at: datetime, unit: str = "") -> list[Member]:
        """Who stands a shift at ``at``; those who hold the role there when the plan is silent."""
        day = localtime(at).date()
        found = [
            self.members[shift.staff_no]
            for back in (0, 1)
            for shift in staff.shifts_of(day - timedelta(days=back))
            if shift.role == role
            and shift.unit == (unit or units.CENTRE)
            and shift.starts_at <= at < shift.ends_at
            and shift.staff_no in self.members
        ]
        return found or self.holders.get((role, unit or units.CENTRE), []) or self.holders.get((role, ""), [])

    def clerks(self, at: datetime) -> list[Member]:
        """Clerks at an open counter; nobody at night and on Sundays."""
        day = localtime(at).date()
        return [
            self.members[shift.staff_no]
            for shift in staff.shifts_of(day)
            if shift.role == Role.CLERK and shift.starts_at <= at < shift.ends_at and shift.staff_no in self.members
        ]


def load() -> Cast:
    """Read the city as it stands."""
    cast = Cast()
    cast.members = {m.staff_no: m for m in Member.objects.filter(is_active=True).select_related("home_unit")}
    cast.units = {unit.code: unit for unit in Unit.objects.filter(is_active=True)}
    grants = RoleGrant.objects.filter(member__is_active=True, unit__is_active=True).select_related("unit", "member")
    for grant in grants.order_by("member__staff_no"):
        member = cast.members[grant.member.staff_no]
        for where in {grant.unit.code, ""}:
            cast.holders.setdefault((grant.role, where), []).append(member)
    cast.households = _households()
    return cast


def _households() -> list[Household]:
    points = (
        SupplyPoint.objects.select_related("customer", "transformer__area__crew", "transformer__area__station")
        .prefetch_related("customer__contacts")
        .order_by("customer__account_no", "-is_main", "id")
    )
    found = []
    for point in points:
        contacts = sorted(point.customer.contacts.all(), key=lambda c: (not c.is_primary, c.pk))
        name, phone = (contacts[0].name, contacts[0].phone) if contacts else ("", "")
        found.append(Household(point.customer, point, name or point.customer.name, phone))
    return found


def place_of(address: str) -> Place | None:
    """The place an address begins with."""
    return next((place for place in PLACES if address.startswith(place.name)), None)


def _grouped(homes: list[Household], key) -> dict:
    found = defaultdict(list)
    for home in homes:
        found[key(home)].append(home)
    return found

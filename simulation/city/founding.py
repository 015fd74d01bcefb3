"""Founding the city: units, people, network and customers, written through the services of their rooms.

Every step finds what is there already, so a founding that was cut off is simply done again.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from customers.models import Area, Contact, Customer, Feeder, Transformer
from customers.services.bulk import CustomerRow, as_dict, batches, bulk_create_customers, write_places
from customers.services.drafts import ContactDraft
from customers.services.files import add_contact
from simulation.city import outlines, units
from simulation.city.places import PLACES
from simulation.city.population import CustomerPlan, Population, TransformerPlan
from simulation.city.staff import Post, posts, shifts
from staff.models import Duty, Member, Unit
from staff.services.duty import plan_duty
from staff.services.grants import grant_role
from staff.services.members import create_member
from staff.services.units import create_unit

DISTRICTS = {"A01": "西陵区", "A12": "伍家岗区", "A16": "点军区"}  # the first area of each
PLAN_AHEAD = timedelta(days=8)


def found_city(*, customers: int, seed: int, now: datetime) -> None:
    """Make sure that the whole city is there."""
    with transaction.atomic():
        found_units(now=now)
        found_people(now=now)
    population = Population(size=customers, seed=seed)
    with transaction.atomic():
        found_network(population.grid)
    found_customers(list(population), now=now)


def found_units(*, now: datetime) -> None:
    """The tree of units."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    for plan in units.UNITS:
        if plan.code not in known:
            known[plan.code] = create_unit(
                code=plan.code,
                name=plan.name,
                name_en=plan.name_en,
                kind=plan.kind,
                parent=known.get(plan.parent),
                area_class=plan.area_class,
                capacity=plan.capacity,
                phone=plan.phone,
                now=now,
            )


def found_people(*, now: datetime) -> None:
    """Members and their roles; the one password of the demo is hashed once."""
    known = set(Member.objects.values_list("staff_no", flat=True))
    where = {unit.code: unit for unit in Unit.objects.all()}
    password = make_password(settings.DEMO_PASSWORD)
    for number, post in enumerate(posts()):
        if post.staff_no not in known:
            _take_on(post, where, password, f"1890000{number:04d}", now)


def _take_on(post: Post, where: dict[str, Unit], password: str, phone: str, now: datetime) -> None:
    member = create_member(
        staff_no=post.staff_no,
        name=post.name,
        home_unit=where[post.unit],
        post=post.title,
        password=password,
        phone=phone,
        now=now,
    )
    for role in post.roles:
        grant_role(member=member, role=role, unit=where[post.reach or post.unit], now=now)


def plan_shifts(*, first: date, until: date, now: datetime) -> int:
    """Put everybody on the duty plan from ``first`` up to, not including, ``until``, except in shifts that are over."""
    members = {member.staff_no: member for member in Member.objects.filter(is_active=True)}
    where = {unit.code: unit for unit in Unit.objects.filter(is_active=True)}
    days = (first + timedelta(days=n) for n in range((until - first).days))
    planned = [shift for day in days for shift in shifts(day) if shift.ends_at > now]
    taken = set(Duty.objects.filter(ends_at__gt=now).values_list("member__staff_no", "unit__code", "role", "starts_at"))
    planned = [s for s in planned if (s.staff_no, s.unit, str(s.role), s.starts_at) not in taken]
    planned.sort(key=lambda s: (s.staff_no, s.unit, s.role, s.starts_at))
    for (staff_no, unit, role), own in groupby(planned, key=lambda s: (s.staff_no, s.unit, s.role)):
        if staff_no in members and unit in where:
            spells = [(shift.starts_at, shift.ends_at) for shift in own]
            plan_duty(member=members[staff_no], unit=where[unit], role=role, spells=spells, now=now)
    return len(planned)


def found_network(grid: list[TransformerPlan]) -> None:
    """Districts, areas with their outlines, feeders, transformers."""
    where = {unit.code: unit for unit in Unit.objects.all()}
    district, areas = None, {}
    for place in PLACES:
        if place.code in DISTRICTS:
            name = DISTRICTS[place.code]
            district, _new = Area.objects.get_or_create(code=f"D-{place.code}", defaults={"name": name})
        areas[place.code], _new = Area.objects.get_or_create(
            code=place.code,
            defaults={
                "name": place.name,
                "area_class": place.area_class,
                "parent": district,
                "station": where[place.station],
                "crew": where[place.crew],
                "boundary": outlines.boundary(place),
                "label_point": outlines.label_point(place),
            },
        )
    feeders = {}
    for number, name in enumerate(sorted({plan.feeder for plan in grid}), start=1):
        feeders[name], _new = Feeder.objects.get_or_create(name=name, defaults={"code": f"F{number:02d}"})
    known = set(Transformer.objects.values_list("code", flat=True))
    Transformer.objects.bulk_create(
        Transformer(code=plan.code, name=plan.name, feeder=feeders[plan.feeder], area=areas[plan.place.code])
        for plan in grid
        if plan.code not in known
    )


def found_customers(plans: list[CustomerPlan], *, now: datetime) -> None:
    """Everybody who is supplied; second places and second phones after the first ones."""
    bulk_create_customers((_row(plan, now) for plan in plans), now=now)
    for batch in batches(_second_places(plans), 500):
        with transaction.atomic():
            write_places([as_dict(row) for row in batch], now=now)
    keeper = Member.objects.get(staff_no="XL0013")
    known = set(Contact.objects.values_list("customer__account_no", "phone"))
    for plan in plans:
        for name, phone, role in plan.contacts[1:]:
            if (plan.account_no, phone) not in known:
                draft = ContactDraft(name=name, phone=phone, role=role)
                add_contact(account_no=plan.account_no, contact=draft, actor=keeper, now=now)


def _row(plan: CustomerPlan, now: datetime) -> CustomerRow:
    contact, phone, _role = plan.contacts[0]
    point = plan.points[0]
    checked = now.date() - timedelta(days=int(plan.account_no) % 120)  # files are verified every quarter, or should be
    return CustomerRow(
        account_no=plan.account_no,
        name=plan.name,
        klass=plan.klass,
        voltage=plan.voltage,
        importance=plan.importance,
        key_account=plan.key_account,
        flags=list(plan.flags),
        language=plan.language,
        verified_on=checked,
        contact=contact,
        phone=phone,
        address=point.address,
        door=point.door,
        meter_no=point.meter_no,
        transformer=point.transformer,
    )


def _second_places(plans: list[CustomerPlan]) -> Iterator[CustomerRow]:
    for plan in plans:
        for point in plan.points[1:]:
            yield CustomerRow(
                account_no=plan.account_no,
                address=point.address,
                door=point.door,
                meter_no=point.meter_no,
                transformer=point.transformer,
            )


def is_founded(customers: int) -> bool:
    """Whether the people of the city are all there."""
    return Customer.objects.count() >= customers

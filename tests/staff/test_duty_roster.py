"""Who is on duty: the walk up the tree, and the roster that answers the same in bulk."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staff.choices import Role
from staff.models import Duty, Member, RoleGrant, Unit
from staff.roster import DutyOutlook, DutyRoster
from staff.selectors import on_duty
from staff.services.duty import plan_duty
from tests.staff.factories import NOW, company, member

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shift(person, unit, start, end, role=Role.DISPATCHER):
    return plan_duty(member=person, unit=unit, role=role, spells=[(start, end)], now=NOW)


def test_on_duty_in_the_unit_itself_comes_first(town):
    above = member(unit=town.county, roles=[Role.DISPATCHER])
    here = member(unit=town.station, roles=[Role.DISPATCHER])
    shift(above, town.county, NOW, NOW + HOUR)
    shift(here, town.station, NOW, NOW + HOUR)
    assert on_duty(unit=town.station, role=Role.DISPATCHER, at=NOW) == [here]


def test_on_duty_walks_up_to_the_first_unit_with_a_shift(town):
    above = member(unit=town.top, roles=[Role.DISPATCHER])
    shift(above, town.top, NOW, NOW + HOUR)
    member(unit=town.crew, roles=[Role.DISPATCHER])  # holds the role nearer by, but the plan speaks first
    assert on_duty(unit=town.crew, role=Role.DISPATCHER, at=NOW) == [above]


def test_on_duty_without_any_plan_is_the_nearest_holder(town):
    member(unit=town.top, roles=[Role.DISPATCHER])
    nearer = member(unit=town.county, roles=[Role.DISPATCHER])
    assert on_duty(unit=town.crew, role=Role.DISPATCHER, at=NOW) == [nearer]


def test_on_duty_beside_the_way_up_is_not_asked(town):
    aside = member(unit=town.beside, roles=[Role.DISPATCHER])
    shift(aside, town.beside, NOW, NOW + HOUR)
    assert on_duty(unit=town.crew, role=Role.DISPATCHER, at=NOW) == []


@pytest.mark.parametrize(("after_start", "found"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_a_shift_counts_from_its_first_second_and_not_at_its_end(town, after_start, found):
    planned = member(unit=town.top, roles=[Role.DISPATCHER])
    holder = member(unit=town.crew, roles=[Role.DISPATCHER])
    shift(planned, town.top, NOW, NOW + HOUR)
    asked = on_duty(unit=town.crew, role=Role.DISPATCHER, at=NOW + timedelta(seconds=after_start))
    assert asked == ([planned] if found else [holder])


def test_one_who_left_is_never_on_duty(town):
    gone = member(unit=town.top, roles=[Role.DISPATCHER])
    shift(gone, town.top, NOW, NOW + HOUR)
    Member.objects.filter(pk=gone.pk).update(is_active=False)
    assert on_duty(unit=town.crew, role=Role.DISPATCHER, at=NOW) == []


def test_roster_asks_nothing_after_three_queries(town, django_assert_num_queries):
    member(unit=town.crew, roles=[Role.DISPATCHER])
    units = [town.top, town.county, town.station, town.crew, town.beside]
    with django_assert_num_queries(3):
        roster = DutyRoster(at=NOW)
        for _round in range(200):
            for unit in units:
                roster.who(unit.pk, Role.DISPATCHER)


def test_outlook_reads_the_plan_of_the_hours_to_come_in_one_query(town, django_assert_num_queries):
    early, late = (member(unit=town.top, roles=[Role.DISPATCHER]) for _person in range(2))
    shift(early, town.top, NOW, NOW + HOUR)
    shift(late, town.top, NOW + HOUR, NOW + 2 * HOUR)
    with django_assert_num_queries(1):
        outlook = DutyOutlook(unit=town.crew, roles={Role.DISPATCHER}, start=NOW, end=NOW + HOUR)
        assert outlook.who(Role.DISPATCHER, NOW) == [early.name]
        assert outlook.who(Role.DISPATCHER, NOW + HOUR) == [late.name]


def test_roster_reads_only_the_roles_named(town):
    agent = member(unit=town.top, roles=[Role.AGENT, Role.DISPATCHER])
    roster = DutyRoster(at=NOW, roles={Role.AGENT})
    assert roster.who(town.crew.pk, Role.AGENT) == [agent]
    assert roster.who(town.crew.pk, Role.DISPATCHER) == []


place = st.integers(0, 4)
ROLES = [Role.DISPATCHER, Role.AGENT]
grant_rows = st.sets(st.tuples(st.integers(0, 3), st.sampled_from(ROLES), place), max_size=12)
duty_rows = st.sets(st.tuples(st.integers(0, 3), st.sampled_from(ROLES), place, st.integers(-3, 3)), max_size=12)


@given(grants=grant_rows, duties=duty_rows, gone=st.sets(st.integers(0, 3), max_size=2), at_h=st.integers(-4, 5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_roster_equals_on_duty_whatever_the_plan(four_people, grants, duties, gone, at_h):
    units, people = four_people
    RoleGrant.objects.all().delete()
    Duty.objects.all().delete()
    for pk, person in enumerate(people):
        Member.objects.filter(pk=person.pk).update(is_active=pk not in gone)
    RoleGrant.objects.bulk_create([RoleGrant(member=people[p], role=r, unit=units[u]) for p, r, u in grants])
    Duty.objects.bulk_create(
        Duty(member=people[p], role=r, unit=units[u], starts_at=NOW + h * HOUR, ends_at=NOW + (h + 2) * HOUR)
        for p, r, u, h in duties
    )
    at = NOW + at_h * HOUR
    roster = DutyRoster(at=at)
    for unit in units:
        for role in ROLES:
            asked = on_duty(unit=unit, role=role, at=at)
            assert roster.who(unit.pk, role) == asked
            outlook = DutyOutlook(unit=unit, roles=ROLES, start=NOW - 6 * HOUR, end=NOW + 6 * HOUR)
            assert outlook.who(role, at) == [person.name for person in asked]


@pytest.fixture
def four_people(db):
    town = company()
    people = [member(unit=town.top) for _number in range(4)]
    return list(Unit.objects.all()), people

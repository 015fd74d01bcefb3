"""The city as data: its map, its people, its customers, its duty plan."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from simulation.city import outlines, staff
from simulation.city.places import PLACES, POINTS
from simulation.city.population import Population
from simulation.city.units import CENTRE, UNITS
from staff.choices import Role

DAY = date(2026, 11, 20)


def edges(place) -> set[tuple]:
    return set(pairwise(map(tuple, outlines.boundary(place)["coordinates"][0])))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_outline_is_a_closed_ring_around_its_label(place):
    ring = outlines.boundary(place)["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(ring) > 15
    assert _inside(outlines.label_point(place), ring)


def test_neighbours_share_their_edge_point_by_point():
    by_short = {place.short: place for place in PLACES}
    shared = {(b, a) for a, b in edges(by_short["学院"])} & edges(by_short["东苑"])
    assert len(shared) == outlines.STEPS


def test_no_two_areas_run_along_an_edge_in_the_same_direction():
    seen: set[tuple] = set()
    for place in PLACES:
        assert not seen & edges(place)
        seen |= edges(place)


def test_river_runs_between_the_banks():
    ring = outlines.river()["coordinates"][0]
    assert _inside(outlines.degrees(150, 700), ring)
    assert not _inside(outlines.degrees(*POINTS["d"]), ring)


def test_population_is_the_same_for_a_seed_and_another_for_another():
    one, again, other = (list(Population(size=150, seed=seed)) for seed in (1, 1, 2))
    assert one == again != other
    assert len(one) == 150


def test_accounts_and_meters_are_unique_and_places_exist():
    population = Population(size=800, seed=1)
    everybody = list(population)
    accounts = [plan.account_no for plan in everybody]
    points = [point for plan in everybody for point in plan.points]
    assert len(set(accounts)) == len(accounts)
    assert len({point.meter_no for point in points}) == len(points)
    assert {point.transformer for point in points} <= {transformer.code for transformer in population.grid}
    assert max(len(point.address) for point in points) < 60


def test_some_share_a_phone_and_some_have_two_places():
    everybody = list(Population(size=800, seed=1))
    phones = [plan.contacts[0][1] for plan in everybody]
    assert len(set(phones)) < len(phones)
    assert any(len(plan.points) == 2 for plan in everybody)
    assert all(phone[3:7] == "0000" for phone in phones)


def test_staff_numbers_are_unique_and_every_unit_of_the_plan_exists():
    everybody = staff.posts()
    assert len({post.staff_no for post in everybody}) == len(everybody)
    assert {post.unit for post in everybody} | {post.reach for post in everybody} <= {"", *(u.code for u in UNITS)}
    assert {person.staff_no for person in staff.demo_people()} <= {post.staff_no for post in everybody}


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.AGENT, Role.SUPERVISOR, Role.DISPATCH_SUPERVISOR, Role.MANAGER])
def test_somebody_is_on_duty_at_the_centre_at_every_minute(role):
    assert not gaps(role, CENTRE)


@pytest.mark.parametrize("crew", staff.CREW_LEADS)
def test_every_crew_has_a_lead_at_every_minute_of_a_week_end_too(crew):
    assert not gaps(Role.UNIT_LEAD, crew, first=date(2026, 11, 21))


def test_nobody_stands_two_shifts_of_one_post_at_once():
    week = [shift for n in range(9) for shift in staff.shifts(DAY + timedelta(days=n))]
    own: dict[tuple, list] = {}
    for shift in week:
        own.setdefault((shift.staff_no, shift.unit, shift.role), []).append(shift)
    for shifts in own.values():
        for one, following in pairwise(sorted(shifts, key=lambda shift: shift.starts_at)):
            assert one.ends_at <= following.starts_at


def gaps(role: str, unit: str, first: date = DAY) -> list:
    """Instants at which one shift ended and none had begun."""
    planned = [s for n in range(4) for s in staff.shifts(first + timedelta(days=n)) if (s.role, s.unit) == (role, unit)]
    planned.sort(key=lambda shift: shift.starts_at)
    reached, found = planned[0].starts_at, []
    for shift in planned:
        if shift.starts_at > reached:
            found.append(reached)
        reached = max(reached, shift.ends_at)
    return found


def _inside(point: list[float], ring: list[list[float]]) -> bool:
    """Even-odd rule."""
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1

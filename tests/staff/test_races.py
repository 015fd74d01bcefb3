"""Two people at once, with real commits: each pair shows the race with its lock off and its end with the lock on."""

import threading
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from common.errors import Refusal
from staff.choices import Role
from staff.models import Duty, Member, RoleGrant, Unit
from staff.services import duty as duty_service
from staff.services import grants as grant_service
from staff.services import units as unit_service
from staff.services.duty import plan_duty
from staff.services.grants import revoke_role
from staff.services.units import create_unit, move_unit
from tests.staff.factories import NOW, company, member

HOUR = timedelta(hours=1)


def at_once(*acts):
    """Run the acts in threads that start together; what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            act()
        except Exception as error:  # every outcome is looked at by the test
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return outcomes


@contextmanager
def meet_inside(monkeypatch, module, name, patience_s=1.5):
    """Both threads wait for each other right behind the step ``name``, unless a lock keeps one of them out of it."""
    barrier, real = threading.Barrier(2), getattr(module, name)

    def step(*args, **kwargs):
        result = real(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(patience_s)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(module, name, step)
        yield


def left(kind):
    return RoleGrant.objects.filter(role=kind).count()


@pytest.fixture
def two_administrators(transactional_db):
    town = company()
    made = [member(f"AD{n}", unit=town.top, roles=[Role.ADMINISTRATOR]) for n in range(2)]
    return [person.grants.get() for person in made]


def test_two_administrators_cannot_remove_each_other_at_once(two_administrators, monkeypatch):
    with meet_inside(monkeypatch, grant_service, "keep_an_administrator"):
        outcomes = at_once(*[lambda grant=grant: revoke_role(grant=grant, now=NOW) for grant in two_administrators])
    assert left(Role.ADMINISTRATOR) == 1
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refusal"]


def test_without_the_lock_on_grants_both_would_be_gone(two_administrators, monkeypatch):
    monkeypatch.setattr(type(RoleGrant.objects), "select_for_update", lambda rows, **_how: rows.all())
    with meet_inside(monkeypatch, grant_service, "keep_an_administrator", patience_s=10):
        at_once(*[lambda grant=grant: revoke_role(grant=grant, now=NOW) for grant in two_administrators])
    assert left(Role.ADMINISTRATOR) == 0


@pytest.fixture
def worker(transactional_db):
    town = company()
    return member("WO1", unit=town.crew, roles=[Role.HANDLER])


def crossing(worker):
    """Two acts that plan crossing shifts for one person."""
    unit = worker.home_unit
    return [
        lambda start=start: plan_duty(
            member=worker, unit=unit, role=Role.HANDLER, spells=[(start, start + 2 * HOUR)], now=NOW
        )
        for start in (NOW, NOW + HOUR)
    ]


def test_crossing_shifts_planned_at_once_are_not_both_kept(worker, monkeypatch):
    with meet_inside(monkeypatch, duty_service, "_check_crossing"):
        outcomes = at_once(*crossing(worker))
    assert Duty.objects.count() == 1
    assert [type(outcome) for outcome in outcomes if outcome] == [Refusal]


def test_without_the_lock_on_the_member_both_would_be_kept(worker, monkeypatch):
    monkeypatch.setattr(duty_service, "lock", lambda member: member)
    with meet_inside(monkeypatch, duty_service, "_check_crossing", patience_s=10):
        at_once(*crossing(worker))
    assert Duty.objects.count() == 2


def test_units_created_at_once_get_places_of_their_own(transactional_db, monkeypatch):
    crew = company().crew  # has no unit below yet
    acts = [lambda code=code: create_unit(code=code, name=code, kind="crew", parent=crew, now=NOW) for code in "ABCD"]
    assert at_once(*acts) == [None] * 4
    assert Unit.objects.filter(code__in="ABCD").values("path").distinct().count() == 4
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def same_code(town):
    """Two acts that create a unit with one code in two places."""
    return [
        lambda parent=parent: create_unit(code="SAME", name="同", kind="crew", parent=parent, now=NOW)
        for parent in (town.county, town.beside)
    ]


def test_code_given_to_two_units_at_once_is_refused_in_words(transactional_db, monkeypatch):
    town = company()
    with meet_inside(monkeypatch, unit_service, "_fresh"):
        outcomes = at_once(*same_code(town))
    assert [type(outcome) for outcome in outcomes if outcome] == [Refusal]


def test_without_the_hold_on_the_tree_it_is_an_error_of_the_database(transactional_db, monkeypatch):
    town = company()
    monkeypatch.setattr(unit_service, "hold_tree", lambda: None)
    with meet_inside(monkeypatch, unit_service, "_fresh", patience_s=10):
        outcomes = at_once(*same_code(town))
    assert [type(outcome) for outcome in outcomes if outcome] == [IntegrityError]


def test_units_moved_under_each_other_at_once_stay_a_tree(transactional_db, monkeypatch):
    town = company()
    pairs = [(town.station, town.beside), (town.beside, town.station)]
    acts = [lambda pair=pair: move_unit(unit=pair[0], parent=pair[1], now=NOW) for pair in pairs]
    with meet_inside(monkeypatch, unit_service, "_fresh"):
        outcomes = at_once(*acts)
    assert [type(outcome) for outcome in outcomes if outcome] == [Refusal]
    assert Unit.objects.find_problems() == ([], [], [], [], [])


# ── the first administrator ─────────────────────────────────────────────


@pytest.mark.django_db
def test_first_administrator_founds_the_company(capsys):
    call_command("create_administrator", "xl0001", "胡敏", "--company", "西陵供电公司")
    staff_no, password = capsys.readouterr().out.split()
    made = Member.objects.get(staff_no=staff_no)
    assert made.check_password(password)
    assert made.must_change_password
    assert made.grants.get().role == Role.ADMINISTRATOR
    assert made.home_unit.name == "西陵供电公司"


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["xl0001", "胡敏"], ["AD0", "胡敏", "--company", "x"]])
def test_first_administrator_needs_a_company_and_a_free_number(arguments):
    if arguments[0] == "AD0":
        member("AD0", unit=company().top)
    with pytest.raises(CommandError):
        call_command("create_administrator", *arguments)

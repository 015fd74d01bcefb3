"""Who may find whom (design §11): hotline and halls everybody, others their unit's subtree, secrecy by level."""

from datetime import date

import pytest
from django.http import Http404

from customers.choices import Secrecy
from customers.selectors import get_customer_for, search, visible_to
from customers.services.network import refresh_below_unit
from staff.choices import Role
from staff.services.units import move_unit
from tests.customers.factories import NOW, CustomerFactory, add_place
from tests.staff.factories import member


@pytest.fixture
def near(here):
    return CustomerFactory(name="陈近", transformer=here)


@pytest.fixture
def far(elsewhere):
    return CustomerFactory(name="陈远", transformer=elsewhere)


@pytest.mark.parametrize(
    "role",
    [
        Role.CLERK,
        Role.AGENT,
        Role.DISPATCHER,
        Role.DISPATCH_SUPERVISOR,
        Role.SUPERVISOR,
        Role.MANAGER,
        Role.ARCHIVE_KEEPER,
        Role.ADMINISTRATOR,
    ],
)
def test_hotline_halls_and_the_desks_above_find_every_customer(town, near, far, role):
    actor = member(unit=town.crew, roles=[role])
    assert set(visible_to(actor)) == {near, far}


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEAD, Role.ACCOUNT_MANAGER])
def test_others_find_those_of_their_subtree_only(town, near, far, role):
    actor = member(unit=town.crew, roles=[role])
    assert list(visible_to(actor)) == [near]
    assert [hit.customer for hit in search("陈近", actor=actor).hits] == [near]
    assert search("陈远", actor=actor).hits == []


def test_a_role_held_above_the_station_reaches_down_to_it(town, near, far):
    assert list(visible_to(member(unit=town.county, roles=[Role.HANDLER]))) == [near]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ASSESSOR, Role.AUDITOR])
def test_roles_without_customers_find_nobody(town, near, role):
    actor = member(unit=town.top, roles=[role])
    assert not visible_to(actor).exists()
    assert search("陈近", actor=actor).hits == []


def test_a_member_without_any_role_finds_nobody(town, near):
    assert not visible_to(member(unit=town.top)).exists()


def test_numbers_in_full_do_not_open_customers_of_others(handler, far):
    for number in (far.account_no, far.contacts.get().phone, far.supply_points.get().meter_no):
        result = search(number, actor=handler)
        assert (result.hits, result.exact) == ([], None)


def test_a_customer_with_a_place_here_and_one_there_is_seen_from_both(handler, far, here):
    add_place(far, "桥边镇1号", transformer=here)
    assert list(visible_to(handler)) == [far]


def test_getting_an_unseen_customer_is_not_found(handler, far, near):
    assert get_customer_for(handler, near.account_no) == near
    for account_no in (far.account_no, "0000000000", "x"):
        with pytest.raises(Http404):
            get_customer_for(handler, account_no)


@pytest.mark.parametrize(
    ("level", "may"),
    [
        (Secrecy.SECRET, {Role.SUPERVISOR, Role.MANAGER, Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER}),
        (Secrecy.CONFIDENTIAL, {Role.MANAGER, Role.ARCHIVE_KEEPER}),
        (Secrecy.TOP_SECRET, {Role.MANAGER}),
    ],
)
def test_a_secret_file_is_open_to_its_level_only(town, here, level, may):
    secret = CustomerFactory(name="陈机要", transformer=here, secrecy_level=level)
    for role in Role:
        actor = member(unit=town.top, roles=[role])
        assert visible_to(actor).contains(secret) == (role in may), role
        assert bool(search("陈机要", actor=actor).hits) == (role in may), role
        assert (search(secret.account_no, actor=actor).exact == secret) == (role in may), role


def test_a_secret_file_is_ordinary_from_the_day_after_its_term(clerk, here):
    secret = CustomerFactory(transformer=here, secrecy_level=Secrecy.TOP_SECRET, secrecy_until=date(2026, 11, 20))
    assert not visible_to(clerk, today=date(2026, 11, 20)).exists()
    assert list(visible_to(clerk, today=date(2026, 11, 21))) == [secret]
    assert secret.secrecy_on(date(2026, 11, 20)) == Secrecy.TOP_SECRET
    assert secret.secrecy_on(date(2026, 11, 21)) == Secrecy.NONE


def test_a_deactivated_member_finds_nobody(town, near):
    actor = member(unit=town.top, roles=[Role.CLERK])
    actor.is_active = False
    actor.save(update_fields=["is_active"])
    actor.__dict__.pop("_scope", None)
    assert not visible_to(actor).exists()


def test_customers_follow_a_unit_that_moves_in_the_tree(town, near, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr("customers.services.nudging.send", lambda task, unit_id: told.append((task, unit_id)))
    lead = member(unit=town.beside, roles=[Role.UNIT_LEAD])
    with django_capture_on_commit_callbacks(execute=True):
        move_unit(unit=town.station, parent=town.beside, now=NOW)
    assert told == [("refresh_below", town.station.pk)]
    assert list(visible_to(lead)) == [near]
    assert refresh_below_unit(unit_id=town.station.pk) == 1
    assert [hit.customer for hit in search("陈近", actor=lead).hits] == [near]

"""Looking at what is masked: a purpose, a record that nobody can change, and nothing for those who may not see."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from common.access import Denied
from common.errors import Refusal
from customers.choices import Purpose, Secrecy, Secret
from customers.models import ViewLog
from customers.services.privacy import purge_views, reveal
from staff.choices import Role
from tests.customers.factories import NOW, CustomerFactory, add_place
from tests.staff.factories import member


@pytest.fixture
def chen(here):
    found = CustomerFactory(name="陈淑兰", phone="13912342716", door="302", transformer=here)
    add_place(found, "夷兴路 45 号", transformer=here)
    return found


def look(customer, actor, *fields, purpose=Purpose.CALL_BACK, now=NOW):
    return reveal(customer=customer, fields=fields, purpose=purpose, actor=actor, now=now)


def test_a_look_shows_only_what_was_asked_for_and_for_a_minute(chen, clerk):
    seen = look(chen, clerk, Secret.PHONE)
    assert seen.phones == (("陈淑兰", "13912342716"),)
    assert seen.doors == ()
    assert seen.until == NOW + timedelta(seconds=60)
    assert look(chen, clerk, Secret.DOOR).doors == ((chen.supply_points.get(is_main=True).address, "302"),)


def test_every_look_is_on_record_with_who_what_and_why(chen, clerk):
    look(chen, clerk, Secret.PHONE, Secret.DOOR, purpose=Purpose.VERIFY)
    row = ViewLog.objects.get()
    assert (row.actor, row.customer, row.purpose, row.at) == (clerk, chen, Purpose.VERIFY, NOW)
    assert set(row.fields) == {"phone", "door"}


@pytest.mark.parametrize(("fields", "purpose"), [((Secret.PHONE,), ""), ((Secret.PHONE,), "curious"), ((), "verify")])
def test_without_a_purpose_of_the_catalogue_or_a_wish_nothing_is_shown_or_recorded(chen, clerk, fields, purpose):
    with pytest.raises(Refusal):
        look(chen, clerk, *fields, purpose=purpose)
    assert not ViewLog.objects.exists()


def test_a_role_without_customers_may_not_look(chen, town):
    with pytest.raises(Denied):
        look(chen, member(unit=town.top, roles=[Role.AUDITOR]), Secret.PHONE)
    assert not ViewLog.objects.exists()


def test_a_secret_file_is_not_looked_into_below_its_level(here, clerk, town):
    secret = CustomerFactory(transformer=here, secrecy_level=Secrecy.CONFIDENTIAL)
    with pytest.raises(Denied):
        look(secret, clerk, Secret.PHONE)
    assert look(secret, member(unit=town.top, roles=[Role.MANAGER]), Secret.PHONE).phones


@pytest.mark.parametrize(
    "statement", ["UPDATE customers_viewlog SET purpose = 'verify'", "DELETE FROM customers_viewlog"]
)
def test_the_database_refuses_to_change_or_delete_a_look(chen, clerk, statement):
    look(chen, clerk, Secret.PHONE)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ViewLog.objects.count() == 1


def test_a_customer_who_was_looked_at_cannot_be_deleted(chen, clerk):
    from django.db.models import ProtectedError

    look(chen, clerk, Secret.PHONE)
    with pytest.raises(ProtectedError):
        chen.delete()


def test_looks_leave_after_their_retention_and_never_before_half_a_year(chen, clerk, settings):
    settings.RETENTION_DAYS = 1
    look(chen, clerk, Secret.PHONE, now=NOW - timedelta(days=181))
    look(chen, clerk, Secret.PHONE, now=NOW - timedelta(days=179))
    assert purge_views(now=NOW) == 1
    assert ViewLog.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        ViewLog.objects.all().delete()

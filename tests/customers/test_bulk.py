"""Many at once: the same rows as one by one, repeatable, nothing said is nothing changed."""

import pytest

from customers.models import Contact, Customer, SearchEntry, SupplyPoint
from customers.selectors import search
from customers.services.bulk import CustomerRow, bulk_create_customers
from customers.services.indexing import refresh_search
from tests.customers.factories import NOW, TransformerFactory


@pytest.fixture
def at(db):
    return TransformerFactory(code="JC03")


def rows(count: int, **changes) -> list[CustomerRow]:
    return [
        CustomerRow(
            account_no=f"42{n:08}",
            name="王建国",
            phone=f"139{n:08}",
            address=f"桔城路{n}号",
            door="302",
            meter_no=f"M{n:06}",
            transformer="JC03",
        )
        for n in range(count)
    ]


def test_rows_become_customers_with_contact_place_and_search_entry(at):
    assert bulk_create_customers(rows(5), now=NOW, chunk=2) == 5
    assert {model.objects.count() for model in (Customer, Contact, SupplyPoint, SearchEntry)} == {5}
    assert SupplyPoint.objects.filter(is_main=True, transformer=at).count() == 5
    assert Contact.objects.filter(is_primary=True).count() == 5


def test_the_same_rows_again_change_nothing(at):
    bulk_create_customers(rows(5), now=NOW)
    before = list(Customer.objects.values()), list(SearchEntry.objects.values())
    bulk_create_customers(rows(5), now=NOW)
    assert (list(Customer.objects.values()), list(SearchEntry.objects.values())) == before


def test_what_is_not_said_stays_on_file(at):
    bulk_create_customers(
        [CustomerRow(account_no="4200000001", name="陈淑兰", klass="business", phone="13912342716")], now=NOW
    )
    bulk_create_customers([CustomerRow(account_no="4200000001", flags=["life_support"])], now=NOW)
    kept = Customer.objects.get()
    assert (kept.name, kept.klass, kept.flags, kept.version) == ("陈淑兰", "business", ["life_support"], 2)
    assert kept.contacts.get().phone == "13912342716"


def test_an_unknown_account_without_a_name_is_not_made(at):
    bulk_create_customers([CustomerRow(account_no="4200000001", phone="13912342716")], now=NOW)
    assert not Customer.objects.exists()


def test_another_phone_becomes_the_first_and_the_old_one_stays(at):
    bulk_create_customers(rows(1), now=NOW)
    bulk_create_customers([CustomerRow(account_no="4200000000", phone="13800138000")], now=NOW)
    customer = Customer.objects.get()
    assert customer.contacts.get(is_primary=True).phone == "13800138000"
    assert customer.contacts.count() == 2


def test_a_meter_of_another_customer_stays_where_it_is(at):
    bulk_create_customers(rows(1), now=NOW)
    thief = CustomerRow(
        account_no="4299999999", name="别人", address="云集路 4 号", meter_no="M000000", transformer="JC03"
    )
    bulk_create_customers([thief], now=NOW)
    assert SupplyPoint.objects.get(meter_no="M000000").customer.account_no == "4200000000"


def test_a_known_meter_takes_the_new_address(at, clerk):
    bulk_create_customers(rows(1), now=NOW)
    moved = CustomerRow(account_no="4200000000", address="云集路4号", meter_no="M000000", transformer="JC03")
    bulk_create_customers([moved], now=NOW)
    assert SupplyPoint.objects.get().address == "云集路 4 号"
    assert search("云集路", actor=clerk).hits
    assert not search("桔城路", actor=clerk).hits


def test_statements_do_not_grow_with_the_rows(at, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        bulk_create_customers(rows(300), now=NOW)


def test_filing_anew_gives_the_same_entry(at):
    bulk_create_customers(rows(3), now=NOW)
    before = list(SearchEntry.objects.values())
    SearchEntry.objects.all().delete()
    assert refresh_search(Customer.objects.values_list("pk", flat=True)) == 3
    assert list(SearchEntry.objects.values()) == before

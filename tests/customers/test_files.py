"""Entering and correcting customers: validation, look-alikes, conflicts, masked fields, search kept in step."""

from dataclasses import replace
from uuid import uuid4

import pytest

from common.access import Denied
from common.errors import Refusal
from customers.choices import Importance, KeyAccount, Secrecy
from customers.models import Customer
from customers.selectors import search
from customers.services.drafts import (
    ContactDraft,
    Correction,
    CustomerDraft,
    FileChanged,
    LooksAlike,
    NewCustomer,
    PlaceDraft,
)
from customers.services.files import add_contact, add_supply_point, correct_customer, save_customer
from customers.services.grading import Grades, grade_customer
from tests.customers.factories import NOW, CustomerFactory, TransformerFactory


def taken_down(transformer=None, **changes) -> NewCustomer:
    """What the counter writes for 陈淑兰; ``changes`` by the names of the parts' fields."""
    parts = {
        "customer": CustomerDraft(name="陈淑兰"),
        "contact": ContactDraft(phone="139 1234 2716"),
        "place": PlaceDraft(
            address="夜明珠街道桔城路18号2栋1单元302", meter_no="4201990003381", transformer=transformer
        ),
    }
    for name, part in parts.items():
        own = {key: value for key, value in changes.items() if hasattr(part, key)}
        parts[name] = replace(part, **own)
    rest = {key: changes[key] for key in ("is_different", "request_id") if key in changes}
    return NewCustomer(**parts, **rest)


def correction(customer: Customer, **changes) -> Correction:
    """The file as it stands with these changes."""
    point = customer.supply_points.get(is_main=True)
    kept = {"name": customer.name, "phone": "", "address": point.address, "door": None, "meter_no": point.meter_no}
    kept |= changes
    return Correction(
        version=kept.get("version", customer.version),
        customer=CustomerDraft(name=kept["name"]),
        contact=ContactDraft(phone=kept["phone"]),
        place=PlaceDraft(address=kept["address"], door=kept["door"], meter_no=kept["meter_no"]),
    )


def test_a_new_customer_is_on_file_with_contact_place_and_search(clerk, here):
    made = save_customer(new=taken_down(here), actor=clerk, now=NOW)
    point = made.supply_points.get()
    assert (point.address, point.door, point.transformer) == ("夜明珠街道桔城路 18 号 2 栋 1 单元", "302", here)
    assert made.contacts.get().phone == "13912342716"
    assert (made.pinyin, made.initials) == ("chenshulan", "csl")
    assert search("csl 桔城路", actor=clerk).hits[0].customer == made


def test_without_an_account_number_one_of_our_own_is_given(clerk, here):
    CustomerFactory(account_no="9000000001", transformer=here)
    first = save_customer(new=taken_down(here), actor=clerk, now=NOW)
    other = taken_down(here, name="李四", phone="13900000002", meter_no="")
    second = save_customer(new=other, actor=clerk, now=NOW)
    assert first.account_no.startswith("9")
    assert second.account_no > first.account_no
    assert "9000000001" not in (first.account_no, second.account_no)


def test_an_account_number_that_is_taken_is_refused(clerk, here):
    CustomerFactory(account_no="4200361772", transformer=here)
    with pytest.raises(Refusal) as refused:
        save_customer(new=taken_down(here, account_no="4200 361 772"), actor=clerk, now=NOW)
    assert refused.value.field == "account_no"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "长" * 10_000_000}, "name"),
        ({"phone": "1391234"}, "phone"),
        ({"account_no": "123"}, "account_no"),
        ({"address": " "}, "address"),
        ({"address": "路" * 121}, "address"),
        ({"meter_no": "4201-99!"}, "meter_no"),
        ({"meter_no": "4" * 25}, "meter_no"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(clerk, here, changes, field):
    with pytest.raises(Refusal) as refused:
        save_customer(new=taken_down(here, **changes), actor=clerk, now=NOW)
    assert refused.value.field == field
    assert not Customer.objects.exists()


@pytest.mark.parametrize("name", ["O'Brien", "小😀笼包店", "长" * 60, '"; DROP TABLE customers_customer; --'])
def test_any_name_of_up_to_sixty_characters_is_kept_as_it_is(clerk, here, name):
    assert save_customer(new=taken_down(here, name=name), actor=clerk, now=NOW).name == name


def test_neighbours_tell_which_transformer_it_is(clerk, here):
    CustomerFactory(address="夜明珠街道桔城路18号2栋1单元", transformer=here)
    made = save_customer(new=taken_down(None), actor=clerk, now=NOW)
    assert made.supply_points.get().transformer == here


def test_without_neighbours_the_transformer_is_asked_for(clerk, here):
    with pytest.raises(Refusal) as refused:
        save_customer(new=taken_down(None), actor=clerk, now=NOW)
    assert refused.value.field == "transformer"


def test_the_same_name_and_phone_looks_alike_until_it_is_said_to_be_different(clerk, here):
    known = CustomerFactory(name="陈淑兰", phone="13912342716", transformer=here)
    with pytest.raises(LooksAlike) as found:
        save_customer(new=taken_down(here), actor=clerk, now=NOW)
    assert found.value.customers == [known]
    made = save_customer(new=taken_down(here, is_different=True), actor=clerk, now=NOW)
    assert made != known
    assert made.contacts.get().phone == known.contacts.get().phone


def test_a_phone_of_another_name_is_no_look_alike(clerk, here):
    CustomerFactory(name="陈记热干面", phone="13912342716", transformer=here)
    assert save_customer(new=taken_down(here), actor=clerk, now=NOW).name == "陈淑兰"


def test_a_meter_that_is_taken_is_never_given_twice(clerk, here):
    CustomerFactory(name="别人", meter_no="4201990003381", transformer=here)
    with pytest.raises(LooksAlike):
        save_customer(new=taken_down(here), actor=clerk, now=NOW)
    with pytest.raises(Refusal) as refused:
        save_customer(new=taken_down(here, is_different=True), actor=clerk, now=NOW)
    assert refused.value.field == "meter_no"
    assert Customer.objects.count() == 1


def test_a_form_sent_twice_makes_one_customer(clerk, here):
    once = taken_down(here, request_id=uuid4())
    assert save_customer(new=once, actor=clerk, now=NOW) == save_customer(new=once, actor=clerk, now=NOW)
    assert Customer.objects.count() == 1


def test_a_handler_does_not_enter_or_correct(handler, here):
    known = CustomerFactory(transformer=here)
    who = {"actor": handler, "now": NOW}
    for act in (
        lambda: save_customer(new=taken_down(here), **who),
        lambda: correct_customer(account_no=known.account_no, correction=correction(known), **who),
        lambda: add_contact(account_no=known.account_no, contact=ContactDraft(phone="13912342716"), **who),
        lambda: add_supply_point(account_no=known.account_no, place=PlaceDraft(address="x"), **who),
    ):
        with pytest.raises(Denied):
            act()


def test_a_correction_keeps_the_phone_and_door_that_were_left_masked(clerk, here):
    known = CustomerFactory(name="陈淑兰", phone="13912342716", door="302", transformer=here)
    fixed = correct_customer(
        account_no=known.account_no, correction=correction(known, name="陈素兰"), actor=clerk, now=NOW
    )
    assert fixed.name == "陈素兰"
    assert fixed.contacts.get().phone == "13912342716"
    assert fixed.supply_points.get().door == "302"
    assert (fixed.version, fixed.updated_by) == (known.version + 1, clerk)
    assert search("素兰", actor=clerk).hits
    assert not search("淑兰", actor=clerk).hits


def test_a_typed_phone_replaces_the_first_one_and_an_emptied_door_goes(clerk, here):
    known = CustomerFactory(phone="13912342716", door="302", transformer=here)
    changed = correction(known, phone="13800138000", door="")
    correct_customer(account_no=known.account_no, correction=changed, actor=clerk, now=NOW)
    assert known.contacts.get().phone == "13800138000"
    assert known.supply_points.get().door == ""
    assert not search("13912342716", actor=clerk).hits


def test_typing_the_phone_of_the_second_contact_makes_it_the_first(clerk, here):
    known = CustomerFactory(phone="13912342716", transformer=here)
    add_contact(account_no=known.account_no, contact=ContactDraft(phone="13800138000"), actor=clerk, now=NOW)
    known.refresh_from_db()
    changed = correction(known, phone="13800138000")
    correct_customer(account_no=known.account_no, correction=changed, actor=clerk, now=NOW)
    assert known.contacts.get(is_primary=True).phone == "13800138000"
    assert known.contacts.count() == 2


def test_an_address_that_moves_takes_the_transformer_of_its_new_neighbours(clerk, here):
    other = TransformerFactory()
    CustomerFactory(address="云集路 4 号", transformer=other)
    known = CustomerFactory(transformer=here)
    moved = correction(known, address="云集路4号")
    correct_customer(account_no=known.account_no, correction=moved, actor=clerk, now=NOW)
    assert known.supply_points.get().transformer == other


def test_of_two_people_correcting_one_file_the_second_is_told_and_nothing_is_lost(clerk, keeper, here):
    known = CustomerFactory(name="陈淑兰", transformer=here)
    mine = correction(known, name="陈素兰")
    theirs = correction(known, name="程淑兰")
    correct_customer(account_no=known.account_no, correction=theirs, actor=keeper, now=NOW)
    with pytest.raises(FileChanged) as changed:
        correct_customer(account_no=known.account_no, correction=mine, actor=clerk, now=NOW)
    assert changed.value.customer.updated_by == keeper
    known.refresh_from_db()
    assert known.name == "程淑兰"


def test_a_second_contact_and_place_are_found_and_the_first_stay_first(clerk, here):
    known = CustomerFactory(phone="13912342716", transformer=here)
    who = {"account_no": known.account_no, "actor": clerk, "now": NOW}
    add_contact(contact=ContactDraft(phone="0717-6221234", name="儿子", role="family"), **who)
    add_supply_point(place=PlaceDraft(address="夷兴路45号", transformer=here), **who)
    assert search("07176221234", actor=clerk).exact == known
    assert search("夷兴路 45", actor=clerk).hits[0].customer == known
    assert known.contacts.get(is_primary=True).phone == "13912342716"
    assert known.supply_points.filter(is_main=True).count() == 1


def test_a_known_phone_is_not_added_twice(clerk, here):
    known = CustomerFactory(phone="13912342716", transformer=here)
    again = ContactDraft(phone="139-1234-2716", name="儿子", role="family")
    add_contact(account_no=known.account_no, contact=again, actor=clerk, now=NOW)
    assert known.contacts.get().name == "儿子"


def test_grades_are_set_by_keepers_and_not_by_clerks(clerk, keeper, here):
    known = CustomerFactory(transformer=here)
    grades = Grades(importance=Importance.FIRST, key_account=KeyAccount.CITY, secrecy_level=Secrecy.SECRET)
    who = {"account_no": known.account_no, "version": known.version, "grades": grades, "now": NOW}
    with pytest.raises(Denied):
        grade_customer(actor=clerk, **who)
    graded = grade_customer(actor=keeper, **who)
    assert (graded.importance, graded.key_account, graded.secrecy_level) == ("first", "city", "secret")
    with pytest.raises(FileChanged):
        grade_customer(actor=keeper, **who)


@pytest.mark.parametrize(
    ("level", "until", "field"),
    [(Secrecy.NONE, "2027-01-01", "secrecy_level"), (Secrecy.SECRET, "2026-11-19", "secrecy_until")],
)
def test_a_term_needs_a_level_and_a_day_to_come(keeper, here, level, until, field):
    from datetime import date

    known = CustomerFactory(transformer=here)
    grades = Grades(importance="none", key_account="none", secrecy_level=level, secrecy_until=date.fromisoformat(until))
    with pytest.raises(Refusal) as refused:
        grade_customer(account_no=known.account_no, version=1, grades=grades, actor=keeper, now=NOW)
    assert refused.value.field == field

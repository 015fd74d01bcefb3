"""The one search box against real rows: every form of design §8, narrowing, exact hits, bad days."""

from time import monotonic

import pytest

from customers.models import SearchEntry
from customers.models.search import SAMPLE
from customers.selectors import finding, search
from customers.selectors.finding import ENOUGH
from customers.services.bulk import CustomerRow, bulk_create_customers
from staff.models import Member
from tests.customers.factories import NOW, CustomerFactory, add_phone, add_place


def names(text: str, actor: Member, limit: int = 8) -> list[str]:
    return [hit.customer.name for hit in search(text, actor=actor, limit=limit).hits]


@pytest.fixture
def chen(here):
    """陈淑兰 of 桔城路 18, and three people beside her."""
    CustomerFactory(name="王建国", address="夜明珠街道桔城路18号3栋2单元", door="101", transformer=here)
    CustomerFactory(name="陈淑芬", address="窑湾街道夷兴路9号", door="", transformer=here)
    CustomerFactory(name="李淑兰", address="西坝街道云集路4号1单元", door="302", transformer=here)
    return CustomerFactory(
        name="陈淑兰",
        account_no="4200361772",
        phone="13912342716",
        meter_no="4201990003381",
        address="夜明珠街道桔城路18号2栋1单元",
        door="302",
        transformer=here,
    )


@pytest.mark.parametrize(
    "text",
    [
        "4200361772",
        "4200 361 772",
        "42003617",
        "4201990003381",
        "03381",
        "3381",
        "13912342716",
        "139 1234 2716",
        "12342716",
        "2716",
        "1772",
        "陈淑兰",
        "csl",
        "chenshul",
        "chenshulan",
        "ＣＳＬ",
        "18号2栋",
        "桔城路18号2栋1单元302",
        "陈 桔城路",
        "桔城路 陈淑",
        "csl 18号",
        "陈淑 2716",
        "桔城路 18 302",
        "夜明珠 chen",
    ],
)
def test_every_form_finds_the_one_customer(chen, clerk, text):
    assert names(text, clerk) == ["陈淑兰"]


def test_two_characters_anywhere_in_the_name_find_it(chen, clerk):
    assert set(names("淑兰", clerk)) == {"陈淑兰", "李淑兰"}
    assert set(names("陈淑", clerk)) == {"陈淑兰", "陈淑芬"}


def test_words_that_fit_different_customers_find_nobody(chen, clerk):
    assert names("陈淑 云集路", clerk) == []
    assert names("王建国 2716", clerk) == []


@pytest.mark.parametrize("text", ["4200361772", "4201990003381", "13912342716", "139-1234-2716"])
def test_a_number_in_full_leads_straight_to_the_customer(chen, clerk, text):
    assert search(text, actor=clerk).exact == chen


@pytest.mark.parametrize("text", ["2716", "42003617", "陈淑兰"])
def test_a_part_or_a_name_leads_nowhere_by_itself(chen, clerk, text):
    assert search(text, actor=clerk).exact is None


def test_a_phone_shared_by_two_customers_lists_both(chen, clerk, here):
    shop = CustomerFactory(name="陈记热干面", transformer=here)
    add_phone(shop, "13912342716", name="陈淑兰")
    result = search("13912342716", actor=clerk)
    assert {hit.customer for hit in result.hits} == {chen, shop}
    assert result.exact is None


def test_a_second_place_is_found_and_shown(chen, clerk, here):
    add_place(chen, "窑湾街道夷兴路45号（铺面）", transformer=here)
    (hit,) = search("夷兴路45号", actor=clerk).hits
    assert (hit.customer, hit.address) == (chen, "夷兴路45号（铺面）")


def test_what_fits_says_why_when_it_is_not_seen_in_the_row(chen, clerk):
    assert "2716" in search("2716", actor=clerk).hits[0].why
    assert search("陈淑兰", actor=clerk).hits[0].why == ""


def test_the_very_name_comes_before_longer_ones(clerk, here):
    for name in ("王伟明", "小王伟", "王伟"):
        CustomerFactory(name=name, transformer=here)
    assert names("王伟", clerk) == ["王伟", "王伟明", "小王伟"]


def test_a_name_comes_before_a_street_of_the_same_name(clerk, here):
    CustomerFactory(name="李四", address="东方大道1号", transformer=here)
    CustomerFactory(name="陈东方", address="云集路1号", transformer=here)
    assert names("东方", clerk) == ["陈东方", "李四"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("O'Brien's 面馆", "o'brien"),
        ("O'Brien's 面馆", "面馆"),
        ("小😀笼包店", "小😀"),
        ("小😀笼包店", "笼包店"),
        ("长" * 57 + "名字店", "名字店"),
        ("阿依古丽·买买提", "古丽·买"),
        ("\\反斜杠'引号\"店", "斜杠'引"),
    ],
)
def test_odd_names_are_stored_and_found(clerk, here, name, text):
    CustomerFactory(name=name, transformer=here)
    assert names(text, clerk) == [name]


@pytest.mark.parametrize("text", ["", " ", "'", "\\", "%", "_", "';--", "& | !", ":*", "\x00", "😀", "a" * 10_000_000])
def test_nonsense_finds_nobody_and_raises_nothing(chen, clerk, text):
    assert search(text, actor=clerk).hits == []


def test_a_fragment_that_fits_everybody_is_answered_from_the_sample(clerk, here, django_assert_max_num_queries):
    rows = [
        CustomerRow(
            account_no=f"43{n:08}", name=f"李{chr(0x4E00 + n)}", address=f"果园路{n}号1单元", transformer=here.code
        )
        for n in range(SAMPLE * (ENOUGH + 8))
    ]
    bulk_create_customers(rows, now=NOW)
    sampled = set(SearchEntry.objects.filter(is_sampled=True).values_list("customer_id", flat=True))
    with django_assert_max_num_queries(14):
        hits = search("1单元", actor=clerk).hits
    assert len(hits) == 8
    assert {hit.customer.pk for hit in hits} <= sampled


def test_what_the_statistics_call_rare_is_asked_of_everybody_at_once(chen, clerk, django_assert_num_queries, db):
    finding._shares.by_key, finding._shares.read_at = {"/单元": 0.9}, monotonic()
    with django_assert_num_queries(10):
        search("陈淑兰", actor=clerk)
    finding._shares.read_at = 0.0


def test_a_rare_fragment_is_found_outside_the_sample(chen, clerk):
    SearchEntry.objects.update(is_sampled=False)
    assert names("陈淑兰", clerk) == ["陈淑兰"]


def test_searching_leaves_the_planner_as_it_was(chen, clerk, db):
    from django.db import connection

    search("陈淑", actor=clerk)
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_a_renamed_customer_is_found_by_the_new_name_only(chen, clerk):
    bulk_create_customers([CustomerRow(account_no=chen.account_no, name="陈素兰")], now=NOW)
    assert names("陈素兰", clerk) == ["陈素兰"]
    assert "陈淑兰" not in names("陈淑", clerk)

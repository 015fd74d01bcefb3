"""Several lists counted in one query, each up to where people stop caring."""

import pytest

from common.counting import counted_up_to
from staff.models import Member
from tests.staff.factories import company

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(db):
    town = company()
    Member.objects.bulk_create(
        Member(staff_no=f"P{n}", name=f"员{n}", pinyin="x", home_unit=town.crew, is_active=n % 2 == 0) for n in range(7)
    )
    return Member.objects.filter(staff_no__startswith="P")


def test_each_list_is_counted_and_one_query_asks_for_all(members, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert counted_up_to(100, members, members.filter(is_active=True), members.filter(name="nobody")) == (7, 4, 0)


def test_a_count_ends_at_the_most(members):
    assert counted_up_to(5, members, members.filter(is_active=True)) == (5, 4)


def test_lists_that_must_be_empty_are_not_asked_for(members, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counted_up_to(5, members.none(), Member.objects.filter(pk__in=[])) == (0, 0)
    assert counted_up_to(5, members.none(), members) == (0, 5)


def test_nothing_asked_is_nothing_answered(db):
    assert counted_up_to(5) == ()

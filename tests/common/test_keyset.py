"""Pages by place: complete, in order, without doubles, whatever the keys; and served by an index."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F
from django.db.models.functions import Length
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.keyset import Keyset
from staff.models import Member, Unit
from tests.staff.factories import unit

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 6, 32, 7, 123456, tzinfo=UTC)


@pytest.fixture
def home(db):
    return unit("XL")


def fill(home, hours):
    """One member for each entry; None leaves the nullable key empty."""
    Member.objects.all().delete()
    Member.objects.bulk_create(
        Member(
            staff_no=f"N{number:03}",
            name="x",
            home_unit=home,
            pinyin=f"p{number % 3}",
            password_changed_at=None if hour is None else START + timedelta(hours=hour),
        )
        for number, hour in enumerate(hours)
    )


def walk(keyset, limit):
    """All rows, page after page."""
    found, cursor = [], ""
    while rows := keyset.page(after=cursor, limit=limit):
        found += rows
        cursor = keyset.cursor(rows[-1])
    return found


@given(hours=st.lists(st.none() | st.integers(-3, 3), max_size=12), limit=st.integers(1, 5))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_pages_together_are_the_whole_list_in_order_with_nulls_last(home, hours, limit):
    fill(home, hours)
    order = ("password_changed_at", "id")
    expected = list(Member.objects.order_by(F("password_changed_at").asc(nulls_last=True), "id"))
    assert walk(Keyset(Member.objects.all(), order), limit) == expected


@pytest.mark.parametrize("order", [("pinyin", "id"), ("-pinyin", "-id"), ("-id",), ("home_unit__code", "id")])
def test_pages_follow_rising_and_falling_orders(home, order):
    fill(home, range(7))
    keyset = Keyset(Member.objects.select_related("home_unit"), order)
    assert walk(keyset, 2) == list(Member.objects.order_by(*order))


def test_pages_follow_an_annotation(home):
    for code in ("B", "AAA", "CC"):
        unit(code)
    units = Unit.objects.annotate(letters=Length("code"))
    assert [u.code for u in walk(Keyset(units, ("letters", "code")), 1)] == ["B", "CC", "XL", "AAA"]


def test_keys_that_run_both_ways_are_refused():
    with pytest.raises(ImproperlyConfigured):
        Keyset(Member.objects.all(), ("-pinyin", "id"))


@pytest.mark.parametrize("nonsense", ["x", "%%%", "W10", "WzFd", "WyJ4IiwgIngiXQ", "bnVsbA", "W251bGwsIG51bGxd"])
def test_nonsense_cursor_begins_at_the_start(home, nonsense):
    fill(home, [1, 2])
    keyset = Keyset(Member.objects.all(), ("password_changed_at", "id"))
    assert len(keyset.page(after=nonsense, limit=5)) == 2


def test_page_costs_one_query_and_two_where_nulls_begin(home, django_assert_num_queries):
    fill(home, [1, 2, 3, None, None])
    keyset = Keyset(Member.objects.all(), ("password_changed_at", "id"))
    first = keyset.page(after="", limit=1)
    with django_assert_num_queries(1):
        keyset.page(after=keyset.cursor(first[0]), limit=2)
    with django_assert_num_queries(2):
        keyset.page(after=keyset.cursor(first[0]), limit=3)


def test_place_is_an_index_condition_and_needs_no_sort(home):
    fill(home, range(5))
    keyset = Keyset(Member.objects.all(), ("pinyin", "id"))
    place = keyset.decode(keyset.cursor(Member.objects.first()))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = keyset.ordered.filter(keyset._behind(keyset.names, place))[:3].explain()
    assert "staff_member_by_name" in plan
    assert "Index Cond: (ROW((pinyin)::text, id) > ROW(" in plan
    assert "Sort" not in plan

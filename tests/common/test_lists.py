"""The list page of the house, tried on the list of members: 120 people, 50 a page."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import Http404
from django.test import RequestFactory

from common import lists
from common.lists import ListPage, ListSpec, list_page
from staff.choices import Role
from staff.models import Member
from tests.staff.factories import NOW, company, member

pytestmark = pytest.mark.django_db
URL = "/settings/members/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(db):
    """120 members with an administrator among them."""
    town = company()
    boss = member("AD1", "阿", unit=town.top, roles=[Role.ADMINISTRATOR])
    Member.objects.bulk_create(
        Member(staff_no=f"P{n:03}", name=f"员{n}", pinyin=f"zz{n:03}", home_unit=town.crew) for n in range(119)
    )
    return boss


@pytest.fixture
def get(client, people):
    """Ask for the list as the administrator."""
    client.force_login(people)
    return lambda query="", **headers: client.get(URL + query, headers=headers)


def numbers(answer):
    return [row.staff_no for row in answer.context["list"].rows]


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_first_page_has_fifty_rows_and_says_how_many_there_are(get):
    answer = get()
    assert len(numbers(answer)) == 50
    assert answer.context["list"].count_words == "120"
    assert 'id="dh-list-next"' in answer.text


def test_links_lead_through_the_whole_list_without_script(get):
    seen, url = [], URL
    while url:
        answer = get(url.removeprefix(URL))
        seen += numbers(answer)
        page = answer.context["list"]
        url = page.next_url if page.has_more else ""
    assert seen == ["AD1", *(f"P{n:03}" for n in range(119))]


def test_part_brings_the_next_rows_alone_and_the_address_that_shows_all(get):
    answer = get(get().context["list"].part_url.removeprefix(URL), **HTMX)
    assert numbers(answer) == [f"P{n:03}" for n in range(49, 99)]
    assert "<html" not in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    shown = get(answer.headers["HX-Replace-Url"].removeprefix(URL))
    assert len(numbers(shown)) == 100


def test_part_opened_as_a_page_is_a_page(get):
    answer = get(get().context["list"].part_url.removeprefix(URL))
    assert "<html" in answer.text
    assert numbers(answer)[0] == "AD1"


def test_filters_stay_on_every_link(get):
    page = get("?q=p0&role=&state=all").context["list"]
    assert query_of(page.url) == {"q": "p0", "state": "all"}
    assert query_of(page.next_url).items() >= {"q": "p0", "state": "all"}.items()
    assert query_of(page.part_url).items() >= {"q": "p0", "state": "all", "n": "100"}.items()
    assert query_of(page.export_url) == {"q": "p0", "state": "all", "export": "1"}


def test_filters_asked_by_htmx_leave_empty_ones_out_of_the_address(get):
    answer = get("?q=p00&unit=&role=", **HTMX, **{"HX-Target": "dh-list"})
    assert answer.headers["HX-Push-Url"] == f"{URL}?q=p00"


def test_empty_list_offers_to_lift_the_filters(get):
    answer = get("?q=nobody")
    assert numbers(answer) == []
    assert answer.context["list"].is_filtered
    assert f'href="{URL}"' in answer.text


def test_impossible_filter_is_said_at_its_field_and_the_list_stays(get):
    answer = get("?role=king")
    assert answer.status_code == 200
    assert answer.context["list"].filters.form.errors.keys() == {"role"}


@pytest.mark.parametrize(("asked", "shown"), [("", 50), ("x", 50), ("-1", 50), ("100", 100), ("999999", 120)])
def test_number_of_rows_asked_for_is_bounded(get, monkeypatch, asked, shown):
    assert len(numbers(get(f"?n={asked}"))) == shown


def test_long_page_goes_on_with_a_new_one(get, monkeypatch):
    monkeypatch.setattr(lists, "MOST_SHOWN", 100)
    page = get("?n=100").context["list"]
    assert page.part_url == ""
    assert "after" in query_of(page.next_url)


def test_count_stops_at_its_cap(get, monkeypatch):
    monkeypatch.setattr(lists, "MOST_COUNTED", 100)
    assert get().context["list"].count_words == "100+"


def test_page_costs_the_same_on_every_page(get, django_assert_max_num_queries):
    first = get().context["list"]
    for page in (first, get(first.next_url.removeprefix(URL)).context["list"]):
        with django_assert_max_num_queries(3):  # the rows, their roles, the units of these
            assert len(ListPage(page.request, page.queryset, page.spec).rows) == 50


# ── groups, and lists without this and that ─────────────────────────────


def ask(query="", **headers):
    request = RequestFactory().get("/x/" + query, headers=headers)
    request.now = NOW
    return request


SPEC = ListSpec(
    name="x", template="x", rows="x", order=("staff_no", "id"), per_page=3, group=lambda row, now: row.staff_no[:4]
)


def test_groups_cut_the_rows_and_go_on_over_a_part(people):
    members = Member.objects.filter(staff_no__startswith="P00")
    first = ListPage(ask(), members, SPEC)
    assert [(group.label, len(group.rows), group.is_continued) for group in first.groups] == [
        ("P000", 1, False), ("P001", 1, False), ("P002", 1, False),
    ]  # fmt: skip
    part = ListPage(ask(f"?{urlsplit(first.part_url).query}&group=P003", **HTMX), members, SPEC)
    assert [(group.label, group.is_continued) for group in part.groups][0] == ("P003", True)


def test_list_that_begins_short_goes_on_by_whole_pages(people):
    spec = ListSpec(name="x", template="x", rows="x", order=("staff_no", "id"), per_page=4, at_first=2)
    members = Member.objects.filter(staff_no__startswith="P00")
    begun = ListPage(ask(), members, spec)
    assert ([row.staff_no for row in begun.rows], begun.here_url) == (["P000", "P001"], "/x/")
    part = ListPage(ask(f"?{urlsplit(begun.part_url).query}", **HTMX), members, spec)
    assert [row.staff_no for row in part.rows] == ["P002", "P003", "P004", "P005"]
    assert query_of(part.here_url) == {"n": "6"}
    assert len(ListPage(ask("?n=6"), members, spec).rows) == 6
    behind = ListPage(ask(f"?{urlsplit(begun.next_url).query}"), members, spec)
    assert len(behind.rows) == 4


def test_list_without_columns_has_no_export(people):
    with pytest.raises(Http404):
        list_page(ask("?export=1"), Member.objects.all(), SPEC)


def test_export_of_one_who_may_not_is_forbidden_and_not_offered(client, people):
    reader = member("SU1", unit=people.home_unit, roles=[Role.SUPERVISOR])
    client.force_login(reader)
    assert client.get(URL).context["list"].export_url == ""
    assert client.post(f"{URL}?export=1", {"purpose": "for fun"}).status_code == 403


def test_export_says_how_many_rows_before_it_is_asked_for(client, people, get):
    answer = get("?export=1&q=p00")
    assert re.search(r"\b10\b", answer.text)
    assert answer.context["list"].count == 10

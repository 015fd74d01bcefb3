"""Searching the public page: which outages touch a street, an area, an account; and what is never given away."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from customers.models import Customer, SupplyPoint
from customers.selectors import finding, places
from customers.selectors.places import places_at
from customers.services.indexing import refresh_search
from outages.choices import Kind, State
from outages.models import Asking, Outage
from outages.services.restoring import restore, restore_part
from outages.services.restraint import SEARCHES
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.town import announced, dark, done, grid, written
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
PUBLIC = reverse("outages:public")
STREETS = [
    "夜明珠街道桔城路 18 号 2 栋", "夜明珠街道桔城路 20 号", "夜明珠街道桔城路 22 号", "东山大道 5 号", "珍珠路 7 号",
    "珍珠路 9 号",
]  # fmt: skip
HERE = [
    "桔城路", "桔城路18号", "桔城路 18 号", "桔城路18号2栋1单元302", "东苑", "东苑街道", "西陵",
    "420 000 0101", "4200000101",
]  # fmt: skip
ELSEWHERE = ["珍珠路", "桔城路99号", "云集", "4200000104", "9999999999", "陈1", "13912340001", "770001"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(db):
    load_shipped_leads()
    town = grid()
    for point, street in zip(town.points, STREETS, strict=True):
        SupplyPoint.objects.filter(pk=point.pk).update(address=street, door="302")
    refresh_search(Customer.objects.values_list("pk", flat=True))
    return town


@pytest.fixture
def window():
    return Client(headers={"accept-language": "en"})


def box(town, n):
    return Scope(transformers=frozenset({town.boxes[n].pk}))


def found(window, text):
    answer = window.get(PUBLIC, {"q": text})
    assert answer.status_code == 200
    return answer.context["answer"]


class TestWhat:
    @pytest.mark.parametrize("text", HERE)
    def test_every_way_to_say_it_finds_what_is_off(self, town, window, text):
        outage = dark(town, scope=box(town, 0), place="果园一带")
        assert found(window, text).now == [outage]

    @pytest.mark.parametrize(
        "text", ["珍珠路", "桔城路99号", "云集", "4200000104", "9999999999", "陈1", "13912340001", "770001"]
    )
    def test_elsewhere_and_names_phones_meters_find_nothing(self, town, window, text):
        dark(town, scope=box(town, 0), place="果园一带")
        assert not found(window, text)

    def test_words_of_the_place_itself(self, town, window):
        outage = dark(town, scope=box(town, 0), place="果园一带")
        assert found(window, "果园").now == [outage]

    def test_planned_and_just_back_stand_apart(self, town, window):
        plan, over = announced(town), dark(town)
        done(restore, over, town.lead, now=NOON + timedelta(minutes=4))
        answer = found(window, "4200000101")
        assert (answer.now, answer.planned, answer.back) == ([], [plan], [over])

    def test_the_part_here_is_back_while_others_wait(self, town, window):
        outage = dark(town)
        done(restore_part, outage, town.lead, now=NOON + timedelta(minutes=4), transformers=[town.boxes[0].pk])
        answer = window.get(PUBLIC, {"q": "4200000101"})
        assert (answer.context["answer"].now, answer.context["answer"].back) == ([], [outage])
        assert "The power is back here; others still wait" in answer.text
        assert found(window, "东山大道").now == [outage]

    def test_drafts_and_one_customers_own_matter_are_nobodys(self, town, window):
        written(town)
        own = written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[1].pk})))
        Outage.objects.filter(pk=own.pk).update(state=State.UNDER_WAY, began_at=NOON, published_at=NOON)
        assert not found(window, "4200000101")
        assert not found(window, "桔城路20号")


class TestNothingGivenAway:
    def words(self, window, text):
        """The page without what was typed and without its form's token."""
        page = window.get(PUBLIC, {"q": text}).text.replace(text, "…").replace(quote(text), "…")
        return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    def test_unknown_account_and_account_without_outage_read_the_same(self, town, window):
        dark(town, scope=box(town, 2))
        assert self.words(window, "4200000101") == self.words(window, "9999999999")

    def test_a_door_that_is_there_and_one_that_is_not_read_the_same(self, town, window):
        dark(town, scope=box(town, 0))
        for there, not_there in (("桔城路20号302", "桔城路20号999"), ("桔城路20号302室", "桔城路20号999室")):
            assert self.words(window, there) == self.words(window, not_there)

    def test_no_person_and_no_house_in_the_answer(self, town, window):
        dark(town, scope=box(town, 0))
        page = window.get(PUBLIC, {"q": "4200000101"}).text
        for secret in ("陈1", "20 号", "302", "13912340001", "770001"):
            assert secret not in page

    def test_a_secret_customer_is_not_there(self, town, window):
        Customer.objects.filter(account_no="4200000101").update(secrecy_level="secret")
        dark(town, scope=box(town, 0))
        assert not found(window, "4200000101")
        assert not found(window, "桔城路20号")

    def test_answer_is_kept_by_nobody(self, town, window):
        answer = window.get(PUBLIC, {"q": "东苑"})
        assert "no-store" in answer.headers["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in answer.text


class TestForm:
    @pytest.mark.parametrize("text", ["", " ", "路", "。。", "x" * 61])
    def test_too_little_or_too_much_is_said_and_costs_no_try(self, town, window, text):
        answer = window.get(PUBLIC, {"q": text})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["q"])
        assert not Asking.objects.exists()

    @pytest.mark.parametrize("text", ["%%", "__", "'; --", "\\", "桔城路'18", "<b>东苑</b>"])
    def test_odd_letters_are_letters(self, town, window, text):
        answer = window.get(PUBLIC, {"q": text})
        assert answer.status_code in (200, 422)
        assert "<b>东苑" not in answer.text

    def test_typed_words_stay(self, town, window):
        assert 'value="桔城路"' in window.get(PUBLIC, {"q": "桔城路"}).text

    def test_nothing_known_leads_to_the_telephone(self, town, window):
        page = window.get(PUBLIC, {"q": "珍珠路"}).text
        assert "No outage is known there" in page
        assert 'href="tel:95598"' in page

    def test_after_so_many_the_client_waits_and_others_do_not(self, town, window, clock):
        for _ in range(SEARCHES):
            found(window, "东苑")
        answer = window.get(PUBLIC, {"q": "东苑"})
        assert answer.status_code == 422
        assert "Try again in 10 minutes" in answer.text
        assert Client(REMOTE_ADDR="10.1.1.1").get(PUBLIC, {"q": "东苑"}).status_code == 200
        clock.shift(601)
        assert found(window, "东苑") is not None


class TestBounded:
    def test_a_road_of_very_many_is_answered_from_a_sample_and_says_so(self, town, window, monkeypatch):
        monkeypatch.setattr(places, "ENOUGH", 2)
        sampled(town)
        outage = dark(town, scope=box(town, 0))
        answer = window.get(PUBLIC, {"q": "桔城路"})
        assert answer.context["answer"].is_sample
        assert answer.context["answer"].now == [outage]
        assert "this is not all of it" in answer.text

    def test_questions_do_not_grow(self, town, window, django_assert_max_num_queries):
        finding.common_keys()
        for _ in range(4):
            dark(town)
        with django_assert_max_num_queries(16):
            found(window, "桔城路 18")

    def test_no_more_are_read_than_allowed(self, town, monkeypatch):
        monkeypatch.setattr(places, "MOST", 2)
        result = places_at("桔城路", NOON.date())
        assert result.is_sample
        assert len(result.points) <= 3  # of two customers, one with two places


def sampled(town):
    """Everybody of the town is in the small index."""
    for customer in Customer.objects.all():
        customer.search_entry.is_sampled = True
        customer.search_entry.save(update_fields=["is_sampled"])

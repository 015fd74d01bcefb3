"""Hearing of outages without a login: asked for, confirmed by a code, ended by a link; nothing is given away."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from customers.models import Customer
from notifications.models import Message
from outages.choices import Kind
from outages.models import Asking, Subscription
from outages.services.announcing import cancel
from outages.services.restraint import CODES, REQUESTS, forget_askings
from outages.services.shipping import load_shipped_leads
from outages.services.subscribing import WRONG, forget_unconfirmed
from outages.services.writing import Scope
from tests.outages.town import DAY, HOUR, announced, dark, done, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
ASK = reverse("outages:subscribe")
PHONE = "13800001111"
REAL, UNKNOWN = "4200000101", "9999999999"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


@pytest.fixture
def window():
    return Client(headers={"accept-language": "en"})


def typed(**more):
    return {"request_id": str(uuid4()), "area": "", "account_no": REAL, "phone": PHONE, "consent": "on"} | more


def code_of(phone=PHONE):
    return Message.objects.filter(kind="outage_code", address=phone).latest("pk").data["code"]


def confirmed(window, **more):
    """Asked for and confirmed; the row."""
    page = window.post(ASK, typed(**more)).url
    assert window.post(page, {"code": code_of(more.get("phone", PHONE))}).status_code == 302
    return Subscription.objects.latest("pk")


class TestAsking:
    def test_code_is_sent_and_the_consent_kept(self, town, window):
        answer = window.post(ASK, typed())
        row = Subscription.objects.get()
        assert answer.url == reverse("outages:subscribe_code", args=[row.handle])
        assert (row.account_no, row.phone, row.is_active) == (REAL, PHONE, False)
        assert "this number messages" in row.consent
        letter = Message.objects.get(kind="outage_code")
        assert (letter.address, letter.urgent, len(letter.data["code"])) == (PHONE, True, 6)
        assert letter.data["code"] not in row.code_hash

    def test_number_is_masked_on_the_next_page(self, town, window):
        page = window.get(window.post(ASK, typed()).url)
        assert "138 **** 1111" in page.text
        assert PHONE not in page.text

    def test_area_of_the_outage_that_led_here_is_chosen(self, town, window):
        outage = dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        page = window.get(ASK, {"outage": outage.code})
        assert page.context["form"].initial["area"] == town.areas[1].pk
        assert window.get(ASK, {"outage": "nothing"}).status_code == 200

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"account_no": ""}, "area"), ({"account_no": "123"}, "account_no"), ({"phone": ""}, "phone"),
            ({"phone": "07176221234"}, "phone"), ({"phone": "12"}, "phone"), ({"consent": ""}, "consent"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field_and_stays_typed(self, town, window, wrong, field):
        answer = window.post(ASK, typed(**wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert answer.context["form"]["phone"].value() == wrong.get("phone", PHONE)
        assert not Subscription.objects.exists()

    def test_area_and_account_at_once_is_one_too_many(self, town, window):
        answer = window.post(ASK, typed(area=town.areas[1].pk))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["area"])

    def test_same_request_twice_is_one_code(self, town, window):
        form = typed()
        assert window.post(ASK, form).url == window.post(ASK, form).url
        assert Message.objects.filter(kind="outage_code").count() == 1

    def test_asked_again_the_number_keeps_its_row(self, town, window):
        first, again = window.post(ASK, typed()), window.post(ASK, typed())
        assert first.url == again.url
        assert Message.objects.filter(kind="outage_code").count() == 2

    def test_an_account_that_does_not_exist_gets_the_very_same_words(self, town, window):
        def walk(account):
            pages = [window.post(ASK, typed(account_no=account), follow=True).text]
            row = Subscription.objects.latest("pk")
            pages.append(window.post(row_page(row), {"code": code_of()}, follow=True).text)
            gone = (str(row.handle), row.token, account[:4] + " *** " + account[-3:])
            return [clean(page, *gone) for page in pages]

        assert walk(REAL) == walk(UNKNOWN)


def row_page(row):
    return reverse("outages:subscribe_code", args=[row.handle])


def clean(text, *gone):
    """A page without what differs anyway."""
    for word in gone:
        text = text.replace(word, "…")
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


class TestSoOften:
    def test_one_number_gets_only_so_many_codes(self, town):
        for n in range(CODES):
            assert Client(REMOTE_ADDR=f"10.0.0.{n}").post(ASK, typed()).status_code == 302
        answer = Client(REMOTE_ADDR="10.0.1.1").post(ASK, typed())
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["phone"])

    def test_one_client_asks_for_only_so_many_numbers(self, town, window, clock):
        for n in range(REQUESTS):
            window.post(ASK, typed(phone=f"1380000000{n}"))
        assert window.post(ASK, typed(phone="13800009999")).status_code == 422
        clock.shift(601)
        assert window.post(ASK, typed(phone="13800009999")).status_code == 302

    def test_what_is_counted_names_nobody_and_is_forgotten(self, town, window):
        window.post(ASK, typed())
        kept = " ".join(Asking.objects.values_list("who", flat=True))
        assert PHONE not in kept
        assert "127.0.0.1" not in kept
        assert forget_askings(now=NOON + HOUR) == 2


class TestConfirming:
    def test_right_code_leads_to_its_own_page(self, town, window):
        row = confirmed(window)
        assert row.is_active
        page = window.get(reverse("outages:following", args=[row.token]))
        assert "4200 *** 101" in page.text
        assert REAL not in page.text

    def test_same_code_twice_says_the_same(self, town, window):
        page = window.post(ASK, typed()).url
        first, again = (window.post(page, {"code": code_of()}) for _ in range(2))
        assert first.url == again.url
        assert Subscription.objects.get().confirmed_at == NOON + timedelta(minutes=5)

    @pytest.mark.parametrize("code", ["", "000", "abc"])
    def test_wrong_code_is_said_and_holds_nothing(self, town, window, code):
        page = window.post(ASK, typed()).url
        answer = window.post(page, {"code": code})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
        assert not Subscription.objects.get().is_active

    def test_after_so_many_wrong_ones_the_right_one_is_too_late(self, town, window):
        page, right = window.post(ASK, typed()).url, code_of()
        for _ in range(WRONG):
            window.post(page, {"code": "x"})
        assert window.post(page, {"code": right}).status_code == 422

    def test_old_code_is_too_late(self, town, window, clock):
        page, right = window.post(ASK, typed()).url, code_of()
        clock.shift(15 * 60)
        assert window.post(page, {"code": right}).status_code == 422

    def test_unknown_address_is_not_there(self, town, window):
        assert window.get(reverse("outages:subscribe_code", args=[uuid4()])).status_code == 404
        assert window.get(reverse("outages:following", args=["x" * 22])).status_code == 404
        assert window.post(reverse("outages:following", args=["x" * 22])).status_code == 404

    def test_own_page_is_not_there_before(self, town, window):
        window.post(ASK, typed())
        row = Subscription.objects.get()
        assert window.get(reverse("outages:following", args=[row.token])).status_code == 404

    def test_asked_again_by_a_stranger_what_holds_goes_on_in_its_language(self, town, window):
        row = confirmed(window)
        Client(headers={"accept-language": "zh-CN"}, REMOTE_ADDR="10.9.9.9").post(ASK, typed())
        row.refresh_from_db()
        assert row.is_active
        assert row.language == "en"

    def test_what_nobody_confirmed_is_forgotten_after_a_day(self, town, window):
        window.post(ASK, typed())
        kept = confirmed(window, phone="13800002222")
        assert forget_unconfirmed(now=NOON + 23 * HOUR) == 0
        assert forget_unconfirmed(now=NOON + 25 * HOUR) == 1
        assert Subscription.objects.get() == kept


class TestEnding:
    def test_opening_the_link_ends_nothing_a_press_does(self, town, window):
        row = confirmed(window)
        page = reverse("outages:following", args=[row.token])
        window.get(page)
        row.refresh_from_db()
        assert row.is_active
        said = [window.post(page, follow=True) for _ in range(2)]
        assert all("No more messages" in one.text for one in said)
        row.refresh_from_db()
        assert row.ended_at == NOON + timedelta(minutes=5)

    def test_ended_and_asked_for_again_waits_for_its_code(self, town, window):
        row = confirmed(window)
        window.post(reverse("outages:following", args=[row.token]))
        window.post(ASK, typed())
        row.refresh_from_db()
        assert not row.is_active
        window.post(row_page(row), {"code": code_of()})
        row.refresh_from_db()
        assert row.is_active

    def test_shows_what_touches_the_place(self, town, window):
        row = confirmed(window, account_no="", area=town.areas[1].pk)
        dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        page = window.get(reverse("outages:following", args=[row.token]))
        assert "东苑街道一带" in page.text
        assert page.headers["Referrer-Policy"] == "same-origin"


class TestCalendar:
    def events(self, window, row):
        answer = window.get(reverse("outages:own_ical", args=[row.token]))
        assert answer.status_code == 200
        assert "private" in answer.headers["Cache-Control"]
        return list(Calendar.from_ical(answer.content).walk("VEVENT"))

    def test_of_an_account_its_own_announced_outages(self, town, window):
        row = confirmed(window)
        outage = announced(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        announced(town, scope=Scope(transformers=frozenset({town.boxes[2].pk})))
        (event,) = self.events(window, row)
        assert outage.code in str(event["UID"])
        done(cancel, outage, town.dispatcher, reason="不停了")
        assert str(self.events(window, row)[0]["STATUS"]) == "CANCELLED"

    def test_of_an_area(self, town, window):
        row = confirmed(window, account_no="", area=town.areas[2].pk)
        announced(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        assert self.events(window, row) == []
        announced(town, Kind.PLANNED)
        assert len(self.events(window, row)) == 1

    def test_of_an_account_that_does_not_exist_or_is_secret_an_empty_one(self, town, window):
        announced(town)
        Customer.objects.filter(account_no=REAL).update(secrecy_level="secret")
        for account in (REAL, UNKNOWN):
            assert self.events(window, confirmed(window, account_no=account)) == []

    def test_ended_is_closed(self, town, window):
        row = confirmed(window)
        window.post(reverse("outages:following", args=[row.token]))
        assert window.get(reverse("outages:own_ical", args=[row.token])).status_code == 404

    def test_client_that_asks_every_second_costs_one_question(self, town, window, django_assert_num_queries):
        row = confirmed(window)
        announced(town, starts_at=NOON + 8 * DAY, ends_at=NOON + 9 * DAY)
        address = reverse("outages:own_ical", args=[row.token])
        known = {"if-none-match": window.get(address).headers["ETag"]}
        with django_assert_num_queries(1):
            assert window.get(address, headers=known).status_code == 304
        announced(town)
        assert window.get(address, headers=known).status_code == 200

"""Told in writing: who is, the receipt, and the order to go there when nobody has signed in time (req 52)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from common.errors import Refusal
from outages.models import WrittenNotice
from outages.services.announcing import cancel, postpone, publish
from outages.services.chasing import chase
from outages.services.restoring import begin, restore
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope, Writing, approve, check, edit
from outages.services.written import hand_over
from tests.outages.test_pages import desk_of, page
from tests.outages.town import DAY, HOUR, announced, done, grid, written
from tests.workorders.world import NOON
from workorders.choices import ClockState, State
from workorders.models import WorkOrder
from workorders.services.rulebook import load_shipped_rules

STARTS = NOON + 8 * DAY
DUE = STARTS - 72 * HOUR
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db, settings, tmp_path):
    """Of east's four customers the first is important, the second on life support, the third a key account."""
    settings.REQUIRE_TOTP, settings.MEDIA_ROOT = False, tmp_path
    load_shipped_leads()
    load_shipped_rules()
    town = grid()
    for number, facts in enumerate(({"importance": "first"}, {"flags": ["life_support"]}, {"key_account": "city"})):
        customer = town.points[number].customer
        for name, value in facts.items():
            setattr(customer, name, value)
        customer.save()
    return town


def photo(name="签收.jpg"):
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def account(town, number):
    return town.points[number].customer.account_no


def taken(town, outage, number, *, now=NOON + HOUR, **own):
    own = {"taken_by": "王主任", "proof": photo()} | own
    return hand_over(code=outage.code, account=account(town, number), actor=town.dispatcher, now=now, **own)


class TestOwed:
    def test_those_whose_file_says_so_and_nobody_else(self, town):
        outage = announced(town)
        owed = {notice.customer.account_no: notice.rule.value for notice in outage.written.all()}
        assert owed == {account(town, 0): "first", account(town, 1): "life_support", account(town, 2): "city"}

    def test_a_customer_with_two_places_and_two_reasons_gets_one_at_the_main_place(self, town):
        customer = town.points[0].customer
        customer.flags = ["medical"]
        customer.save()
        outage = announced(town)
        notice = outage.written.get(customer=customer)
        assert notice.supply_point == town.points[0]

    def test_handing_over_is_a_task_of_the_unit_due_when_receipts_must_be_there(self, town):
        order = announced(town).written_order
        assert (order.kind, order.unit, order.due_by) == ("task", town.station, DUE)

    def test_announced_nearer_than_that_it_is_due_half_way(self, town):
        outage = written(town, "temporary", starts_at=NOON + 4 * HOUR, ends_at=NOON + 8 * HOUR)
        done(check, outage, town.dispatcher)
        done(approve, outage, town.supervisor, late_reason="抢修")
        outage = done(publish, outage, town.dispatcher)
        assert outage.written_order.due_by == NOON + 2 * HOUR

    def test_where_nobody_is_on_the_list_nothing_is_owed(self, town):
        outage = announced(town, scope=Scope(feeders=frozenset({town.west.pk})))
        assert outage.written_order is None
        assert not WorkOrder.objects.exists()

    def test_the_database_keeps_a_receipt_whole(self, town):
        announced(town)
        with pytest.raises(IntegrityError), transaction.atomic():
            WrittenNotice.objects.update(handed_at=NOON)


class TestTaken:
    def test_who_when_and_what_shows_it(self, town):
        outage = announced(town)
        notice = taken(town, outage, 0, at=NOON + HOUR / 2, note="门卫转交")
        assert (notice.taken_by, notice.handed_at, notice.handed_by) == ("王主任", NOON + HOUR / 2, town.dispatcher)
        assert notice.proof_type == "image/jpeg"
        assert notice.proof.size

    def test_twice_stays_as_it_was_put_down_first(self, town):
        outage = announced(town)
        taken(town, outage, 0)
        assert taken(town, outage, 0, taken_by="别人").taken_by == "王主任"

    def test_the_last_one_ends_the_task(self, town):
        outage = announced(town)
        for number in (0, 1):
            taken(town, outage, number)
        assert WorkOrder.objects.get().is_open
        taken(town, outage, 2, at=NOON + HOUR / 2)
        order = WorkOrder.objects.get()
        assert (order.state, order.clocks.get().stopped_at) == (State.CLOSED, NOON + HOUR)

    @pytest.mark.parametrize(("off", "field"), [(timedelta(seconds=1), "at"), (-2 * HOUR, "at")])
    def test_a_time_to_come_or_before_the_announcement_is_refused(self, town, off, field):
        outage = announced(town)
        with pytest.raises(Refusal) as refused:
            taken(town, outage, 0, at=NOON + HOUR + off)
        assert refused.value.field == field

    def test_what_is_no_picture_is_refused_at_its_field(self, town):
        outage = announced(town)
        with pytest.raises(Refusal) as refused:
            taken(town, outage, 0, proof=SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg"))
        assert refused.value.field == "proof"

    def test_who_is_owed_none_is_refused(self, town):
        with pytest.raises(Refusal):
            taken(town, announced(town), 4)

    def test_what_was_told_anew_meanwhile_is_not_taken_for_it(self, town):
        outage = announced(town)
        looked_at = outage.written.get(customer=town.points[0].customer).proof_id
        facts = Writing({"ends_at": outage.ends_at + HOUR}, Scope(feeders=frozenset({town.east.pk})))
        done(edit, outage, town.writer, now=NOON + HOUR / 2, writing=facts, reason="多停一小时")
        with pytest.raises(Refusal):
            taken(town, outage, 0, notice_id=looked_at)

    def test_a_file_that_was_refused_is_not_kept(self, town, settings):
        with pytest.raises(Refusal):
            taken(town, announced(town), 0, at=NOON + 2 * HOUR)
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    def test_receipts_stay_when_the_power_is_back(self, town):
        outage = announced(town)
        taken(town, outage, 0)
        done(begin, outage, town.dispatcher, now=STARTS)
        done(restore, outage, town.dispatcher, now=STARTS + HOUR)
        assert outage.written.filter(is_open=True).count() == 3
        assert not WorkOrder.objects.filter(subject__contains="书面", closed_at=None).exists()
        assert taken(town, outage, 1, now=STARTS + 2 * HOUR, at=NOON + 2 * HOUR).handed_at == NOON + 2 * HOUR


class TestChased:
    @pytest.mark.parametrize(("late", "orders"), [(-timedelta(seconds=1), 0), (timedelta(), 2)])
    def test_at_the_set_time_those_who_have_not_signed_are_gone_to(self, town, late, orders):
        outage = announced(town)
        taken(town, outage, 0)
        assert chase(now=DUE + late) == orders

    def test_the_order_names_the_customer_the_place_and_the_beginning(self, town):
        outage = announced(town)
        chase(now=DUE)
        order = outage.written.get(customer=town.points[1].customer).order
        assert (order.customer, order.supply_point, order.due_by) == (
            town.points[1].customer, town.points[1], STARTS,
        )  # fmt: skip
        assert order.unit == town.station

    def test_a_station_that_was_closed_stops_nobody_elses(self, town):
        announced(town)
        town.station.is_active = False
        town.station.save()
        assert chase(now=DUE) == 3
        assert {order.unit for order in WorkOrder.objects.filter(subject__contains="上门")} == {town.company}

    def test_asked_again_it_opens_no_second_one(self, town):
        announced(town)
        assert [chase(now=DUE), chase(now=DUE + HOUR)] == [3, 0]

    def test_signed_after_all_the_order_is_done(self, town):
        outage = announced(town)
        chase(now=DUE)
        order = taken(town, outage, 1, now=DUE + HOUR).order
        order.refresh_from_db()
        assert order.state == State.CLOSED


class TestOtherNews:
    """What was told before is owed no more; the other window is owed anew."""

    @pytest.mark.parametrize(
        ("act", "own"), [(cancel, {"reason": "不停了"}), (postpone, {"reason": "改期"})], ids=["cancelled", "postponed"]
    )
    def test_called_off_or_put_off_nobody_is_owed_and_tasks_end(self, town, act, own):
        outage = announced(town)
        chase(now=DUE)
        done(act, outage, town.dispatcher, now=DUE + HOUR, **own)
        assert not outage.written.filter(is_open=True).exists()
        assert {order.state for order in WorkOrder.objects.all()} == {State.CANCELLED}
        assert chase(now=STARTS) == 0

    def test_another_window_is_told_in_writing_again(self, town):
        outage = announced(town)
        taken(town, outage, 0)
        facts = Writing({"ends_at": outage.ends_at + HOUR}, Scope(feeders=frozenset({town.east.pk})))
        outage = done(edit, outage, town.writer, now=NOON + HOUR, writing=facts, reason="多停一小时")
        assert outage.written.filter(is_open=True, handed_at__isnull=True).count() == 3
        assert outage.written_order.is_open

    def test_other_words_alone_leave_receipts_as_they_are(self, town):
        outage = announced(town)
        taken(town, outage, 0)
        facts = Writing({"reason": "换变压器"}, Scope(feeders=frozenset({town.east.pk})))
        done(edit, outage, town.writer, now=NOON + HOUR, writing=facts, reason="说清楚些")
        assert outage.written.filter(is_open=True, handed_at__isnull=False).count() == 1

    def test_the_clock_of_a_task_that_was_let_go_counts_nowhere(self, town):
        outage = announced(town)
        order = outage.written_order
        done(cancel, outage, town.dispatcher, reason="不停了")
        assert order.clocks.get().state == ClockState.VOID


class TestPages:
    @pytest.fixture(autouse=True)
    def later(self, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: NOON + HOUR)

    def hand(self, town, outage, client, number=0, **data):
        data = {"taken_by": "王主任", "proof": photo()} | data
        return client.post(reverse("outages:hand_over", args=[outage.code, account(town, number)]), data)

    def test_a_receipt_is_put_down_and_its_photo_shown(self, town):
        outage, client = announced(town), desk_of(town.dispatcher)
        assert self.hand(town, outage, client).url == reverse("outages:written", args=[outage.code])
        assert "1 of 3 have signed" in page(client, "written", outage.code).text
        proof = outage.written.get(handed_at__isnull=False).proof_id
        shown = page(client, "proof", outage.code, proof)
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")

    def test_pressed_twice_it_is_one_receipt(self, town):
        outage, client = announced(town), desk_of(town.dispatcher)
        for _ in range(2):
            self.hand(town, outage, client)
        assert outage.written.filter(handed_at__isnull=False).count() == 1

    def test_what_is_missing_is_said_and_what_was_typed_is_there(self, town):
        answer = self.hand(town, announced(town), desk_of(town.dispatcher), proof="", taken_by="李会计")
        assert answer.status_code == 422
        assert "李会计" in answer.text
        assert "Take a photo" in answer.text

    def test_a_clerk_reads_and_hands_nothing_over(self, town):
        outage, client = announced(town), desk_of(town.clerk)
        assert page(client, "written", outage.code).status_code == 200
        assert self.hand(town, outage, client).status_code == 403
        assert page(client, "letters", outage.code).status_code == 403

    def test_a_secret_file_is_counted_and_not_shown(self, town):
        customer = town.points[0].customer
        customer.secrecy_level, customer.secrecy_until = "confidential", date(2030, 1, 1)
        customer.save()
        outage = announced(town)
        client = desk_of(town.clerk)
        text = page(client, "written", outage.code).text
        assert customer.account_no not in text
        assert "1 more is on the list" in text
        chase(now=DUE)
        assert outage.written.get(customer=customer).order.subject.endswith(customer.account_no)

    def test_nobody_without_login_sees_who_is_on_the_list(self, town):
        outage = announced(town)
        assert page(Client(), "written", outage.code).status_code == 302

    def test_letters_are_one_page_for_each_who_has_not_signed(self, town):
        outage = announced(town)
        taken(town, outage, 0)
        text = page(desk_of(town.dispatcher), "letters", outage.code).text
        assert text.count("<article") == 2
        assert town.points[0].customer.name not in text

    def test_questions_do_not_grow_with_the_list(self, town, django_assert_max_num_queries):
        outage = announced(town)
        client = desk_of(town.dispatcher)
        page(client, "written", outage.code)
        with django_assert_max_num_queries(14):
            page(client, "written", outage.code)

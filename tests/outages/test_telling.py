"""Telling people: each household once per change, exactly those who were told before, through every interruption."""

import re
from unittest import mock

import pytest

from customers.models import Contact
from notifications.models import Message, QuietHours
from notifications.services.envelopes import make_envelopes
from outages.models import Notice, NoticeKind
from outages.services import telling
from outages.services.announcing import cancel, postpone, publish
from outages.services.restoring import begin, estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.telling import spread, spread_waiting
from outages.services.writing import Scope, Writing, edit
from tests.outages.town import DAY, HOUR, MIN, announced, dark, done, grid, written
from tests.workorders.world import NOON, at
from workorders.services.telling import takes_sms

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


def told(kind=None):
    """The numbers a kind of message went to."""
    rows = Message.objects.filter(kind__startswith="outage_").exclude(state="withheld")
    return sorted((rows.filter(kind=f"outage_{kind}") if kind else rows).values_list("address", flat=True))


def spread_all(now=NOON):
    return spread_waiting(now=now)


EAST = [f"1391234000{n}" for n in range(4)]


class TestOnce:
    def test_every_household_of_the_list_once(self, town):
        dark(town)
        assert spread_all() == 4
        assert told("off") == EAST
        assert spread_all() == 0

    def test_two_customers_with_one_phone_are_one_household(self, town):
        Contact.objects.filter(phone=EAST[1]).update(phone=EAST[0])
        dark(town)
        spread_all()
        assert told("off") == [EAST[0], EAST[2], EAST[3]]

    def test_whoever_has_no_mobile_is_to_be_called(self, town):
        Contact.objects.filter(phone=EAST[1]).update(phone="07176543210")
        Contact.objects.filter(phone=EAST[2]).delete()
        outage = dark(town)
        spread_all()
        notice = Notice.objects.get(outage=outage)
        assert (notice.queued, notice.unreached, notice.done_at) == (2, 2, NOON)

    def test_drafts_tell_nobody(self, town):
        written(town)
        done(cancel, written(town), town.dispatcher, reason="写错了")
        assert spread_all() == 0
        assert not Notice.objects.exists()

    def test_work_that_begins_as_announced_is_not_told_twice(self, town):
        outage = announced(town)
        done(begin, outage, town.dispatcher, now=NOON + 8 * DAY)
        assert list(outage.notices.values_list("kind", flat=True)) == [NoticeKind.ANNOUNCED]


class TestNews:
    """News goes to exactly those who had the earlier news."""

    def test_another_time_reaches_those_who_had_the_first(self, town):
        outage = dark(town)
        spread_all()
        Message.objects.update(state="sent", sent_at=NOON)
        town.points[1].delete()  # moved out since
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread_all()
        assert told("estimate") == EAST
        assert Message.objects.filter(kind="outage_estimate").first().data["reason"] == "要换一段"

    def test_not_known_has_words_of_its_own(self, town):
        outage = dark(town)
        spread_all()
        done(estimate, outage, town.dispatcher, reason="还在找", next_news_at=NOON + HOUR)
        spread_all()
        assert told("estimate_unknown") == EAST

    def test_news_overtakes_what_still_waits(self, town):
        outage = dark(town)
        spread_all()
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread_all()
        waiting = Message.objects.filter(kind="outage_off")
        assert set(waiting.values_list("state", "reason")) == {("withheld", "overtaken")}
        assert told() == EAST  # each hears the newest word, once

    def test_over_before_anybody_heard_of_it_is_not_told(self, town):
        night = at("2026-11-20 02:00:00")
        outage = done(begin, written(town), town.dispatcher, now=night, expected_at=night + 2 * HOUR)
        spread_all(night)
        assert Message.objects.filter(kind="outage_off").first().not_before == at("2026-11-20 07:00:00")
        done(restore, outage, town.lead, now=night + HOUR)
        spread_all(night + HOUR)
        assert told() == []

    def test_back_is_told_to_those_who_knew_it_was_off(self, town):
        outage = dark(town)
        spread_all()
        Message.objects.filter(address=EAST[0]).update(state="sent", sent_at=NOON)
        Message.objects.filter(address=EAST[1]).update(state="failed")
        done(restore, outage, town.lead, now=NOON + HOUR)
        spread_all(NOON + HOUR)
        assert told("back") == EAST[:2]

    def test_cancelled_reaches_exactly_the_earlier_ones(self, town):
        outage = announced(town)
        spread_all()
        Message.objects.update(state="sent", sent_at=NOON)
        done(cancel, outage, town.dispatcher, reason="不停了")
        spread_all()
        assert told("cancelled") == EAST

    def test_put_off_and_announced_again(self, town):
        outage = announced(town)
        spread_all()
        Message.objects.update(state="sent", sent_at=NOON)
        later = {"starts_at": NOON + 15 * DAY, "ends_at": NOON + 15 * DAY + HOUR}
        done(postpone, outage, town.dispatcher, reason="下雨", **later)
        spread_all()
        assert told("postponed") == EAST
        done(publish, outage, town.dispatcher)
        spread_all()
        assert told("announced").count(EAST[0]) == 2

    def test_change_of_the_list_tells_old_and_new_ones(self, town):
        outage = announced(town)
        spread_all()
        Message.objects.update(state="sent", sent_at=NOON)
        writing = Writing({}, Scope(feeders=frozenset({town.west.pk})))
        done(edit, outage, town.writer, writing=writing, reason="改线路")
        spread_all()
        assert told("changed") == sorted([*EAST, "13912340004"])

    def test_quick_second_change_waits_for_the_first_to_be_spread(self, town):
        outage = dark(town)
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread(notice_id=Notice.objects.latest("pk").pk, now=NOON)
        assert told("estimate") == EAST


class TestInterrupted:
    @pytest.mark.parametrize("dies_at", [1, 2, 3])
    def test_killed_on_the_way_goes_on_and_tells_nobody_twice(self, town, dies_at):
        outage, real, pages = dark(town), telling._next_page, []

        def dies(*args):
            pages.append(1)
            if len(pages) > dies_at:
                raise KeyboardInterrupt
            return real(*args)

        notice = outage.notices.get()
        with mock.patch.object(telling, "_next_page", dies), pytest.raises(KeyboardInterrupt):
            spread(notice_id=notice.pk, now=NOON, page=1)
        spread(notice_id=notice.pk, now=NOON, page=1)
        notice.refresh_from_db()
        assert told("off") == EAST
        assert (notice.queued, notice.done_at) == (4, NOON)

    def test_pages_of_any_size_say_the_same(self, town):
        outage = dark(town)
        spread(notice_id=outage.notices.get().pk, now=NOON, page=3)
        Message.objects.update(state="sent", sent_at=NOON)
        done(restore, outage, town.lead, now=NOON + HOUR)
        spread(notice_id=outage.notices.first().pk, now=NOON + HOUR, page=1)
        assert told("back") == EAST

    def test_broker_down_is_no_failed_save(self, town, django_capture_on_commit_callbacks):
        no_broker = mock.patch("outages.tasks.spread_notice.apply_async", side_effect=OSError)
        with no_broker, django_capture_on_commit_callbacks(execute=True):
            dark(town)
        assert spread_all() == 4

    def test_statements_do_not_grow_with_the_list(self, town, django_assert_max_num_queries):
        dark(town)
        with django_assert_max_num_queries(26):
            spread_all()


class TestMobiles:
    @pytest.mark.parametrize("phone", ["13912340001", "1391234000", "139123400011", "07176221234", "+491511234567", ""])
    def test_the_database_and_orders_agree_on_what_takes_an_sms(self, phone):
        assert bool(re.search(telling.MOBILE, phone)) == takes_sms(phone)


class TestWords:
    def test_a_customer_reads_it_in_their_language(self, town):
        QuietHours.objects.create(pk=1, is_on=False, starts="22:00", ends="07:00", version=1, updated_at=NOON)
        customer = town.points[1].customer
        customer.language = "en"
        customer.save()
        outage = dark(town)
        spread_all()
        found = make_envelopes(Message.objects.filter(kind="outage_off"), now=NOON + MIN)
        words = {envelope.message.address: envelope.text.body for envelope in found}
        assert "the power is off" in words[EAST[1]]
        assert "起停电" in words[EAST[0]]
        assert f"/power/{outage.code}/" in words[EAST[0]]

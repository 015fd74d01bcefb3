"""Who asked to hear of an area or an account: told with the households, once per change and number."""

from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings

from customers.models import Contact, Customer
from notifications.models import Message
from notifications.services.envelopes import make_envelopes
from outages.models import Subscription
from outages.services import telling
from outages.services.announcing import cancel, postpone
from outages.services.restoring import begin, estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.telling import spread, spread_waiting
from outages.services.writing import Scope, Writing, edit
from tests.outages.town import DAY, HOUR, announced, dark, done, grid, written
from tests.workorders.world import NOON, at

pytestmark = pytest.mark.django_db
EAST = [f"1391234000{n}" for n in range(4)]
ANNA, BEN = "13800001111", "13800002222"


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


def follows(phone, *, area=None, account="", language="zh-hans", confirmed=NOON - HOUR, ended=None):
    return Subscription.objects.create(
        phone=phone, area=area, account_no=account, language=language, consent="yes", consented_at=NOON - HOUR,
        code_until=NOON, confirmed_at=confirmed, ended_at=ended,
    )  # fmt: skip


def told(kind=None):
    rows = Message.objects.filter(kind__startswith="outage_").exclude(state="withheld")
    return sorted((rows.filter(kind=f"outage_{kind}") if kind else rows).values_list("address", flat=True))


def sent(now=NOON):
    spread_waiting(now=now)
    Message.objects.filter(state="queued").update(state="sent", sent_at=now)


class TestWho:
    def test_area_and_district_and_account_in_the_list(self, town):
        east, other = town.areas[1], town.areas[2]
        follows(ANNA, area=east)
        follows(BEN, area=town.areas[0])
        follows("13800003333", account="4200000101")
        follows("13800004444", account="4200000104")  # hangs below the other feeder
        follows("13800005555", area=other)
        dark(town, scope=Scope(transformers=frozenset({town.boxes[0].pk})))
        sent()
        assert told("off") == sorted([*EAST[:3], ANNA, BEN, "13800003333"])

    def test_nobody_who_did_not_confirm_or_has_ended_it(self, town):
        follows(ANNA, area=town.areas[1], confirmed=None)
        follows(BEN, area=town.areas[1], ended=NOON)
        dark(town)
        sent()
        assert told() == EAST

    def test_an_account_that_does_not_exist_and_one_that_is_secret_tell_nothing(self, town):
        follows(ANNA, account="9999999999")
        follows(BEN, account="4200000101")
        Customer.objects.filter(account_no="4200000101").update(secrecy_level="secret")
        dark(town)
        sent()
        assert told() == EAST

    def test_a_number_that_is_household_and_follower_twice_over_is_told_once(self, town):
        for area in town.areas:
            follows(EAST[0], area=area)
        follows(EAST[0], account="4200000100")
        follows(ANNA, area=town.areas[1])
        follows(ANNA, account="4200000101")
        outage = dark(town)
        for page in (1, 2, 50):
            spread(notice_id=outage.notices.get().pk, now=NOON, page=page)
        assert told("off") == sorted([*EAST, ANNA])


class TestNews:
    def test_every_turn_of_an_announced_outage_once(self, town):
        follows(ANNA, area=town.areas[1])
        outage = announced(town)
        sent()
        later = {"starts_at": NOON + 15 * DAY, "ends_at": NOON + 15 * DAY + HOUR}
        done(postpone, outage, town.dispatcher, reason="下雨", **later)
        sent()
        done(cancel, outage, town.dispatcher, reason="不停了")
        sent()
        kinds = Message.objects.filter(address=ANNA).order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["outage_announced", "outage_postponed", "outage_cancelled"]

    def test_off_another_time_and_back(self, town):
        follows(ANNA, account="4200000101")
        outage = dark(town)
        sent()
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        sent()
        done(restore, outage, town.lead, now=NOON + HOUR)
        sent(NOON + HOUR)
        kinds = Message.objects.filter(address=ANNA).order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["outage_off", "outage_estimate", "outage_back"]

    def test_who_asked_while_it_was_off_hears_that_it_is_back(self, town):
        outage = dark(town)
        sent()
        follows(ANNA, area=town.areas[1])
        done(restore, outage, town.lead, now=NOON + HOUR)
        sent(NOON + HOUR)
        assert ANNA in told("back")

    def test_who_ended_it_meanwhile_hears_no_more(self, town):
        row, outage = follows(ANNA, area=town.areas[1]), dark(town)
        sent()
        Subscription.objects.filter(pk=row.pk).update(ended_at=NOON)
        done(restore, outage, town.lead, now=NOON + HOUR)
        sent(NOON + HOUR)
        assert ANNA in told("off")
        assert ANNA not in told("back")

    def test_over_before_the_quiet_hours_were_is_not_told(self, town):
        night = at("2026-11-20 02:00:00")
        follows(ANNA, area=town.areas[1], confirmed=night - DAY)
        outage = done(begin, written(town), town.dispatcher, now=night, expected_at=night + 2 * HOUR)
        spread_waiting(now=night)
        assert ANNA in told("off")
        done(restore, outage, town.lead, now=night + HOUR)
        spread_waiting(now=night + HOUR)
        assert told() == []

    def test_news_overtakes_what_still_waits(self, town):
        follows(ANNA, area=town.areas[1])
        outage = dark(town)
        spread_waiting(now=NOON)
        done(estimate, outage, town.dispatcher, reason="要换一段", expected_at=NOON + 3 * HOUR)
        spread_waiting(now=NOON)
        assert ANNA in told("estimate")
        assert ANNA not in told("off")

    def test_who_loses_the_outage_by_a_change_hears_of_the_change(self, town):
        follows(ANNA, account="4200000101")
        follows(BEN, account="4200000104")
        outage = announced(town)
        sent()
        writing = Writing({}, Scope(feeders=frozenset({town.west.pk})))
        done(edit, outage, town.writer, writing=writing, reason="改线路")
        sent()
        assert {ANNA, BEN} <= set(told("changed"))


class TestInterrupted:
    @pytest.mark.parametrize("dies_at", range(1, 9))
    def test_killed_on_the_way_goes_on_and_tells_nobody_twice(self, town, dies_at):
        for n in range(3):
            follows(f"1380000000{n}", area=town.areas[1])
        follows(EAST[0], area=town.areas[1])
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
        assert told("off") == sorted([*EAST, *(f"1380000000{n}" for n in range(3))])
        assert (notice.queued, notice.done_at) == (7, NOON)


class TestWords:
    def words(self):
        found = make_envelopes(Message.objects.filter(kind="outage_off"), now=NOON + timedelta(minutes=1))
        return {envelope.message.address: envelope.text.body for envelope in found}

    def test_each_message_has_its_own_way_to_stop_it_in_the_readers_language(self, town):
        anna = follows(ANNA, area=town.areas[1], language="en")
        ben = follows(BEN, area=town.areas[1])
        dark(town)
        spread_waiting(now=NOON)
        words = self.words()
        assert words[ANNA].endswith(f"To stop: {settings.SITE_URL}/power/following/{anna.token}/")
        assert words[BEN].endswith(f"{settings.SITE_URL}/power/following/{ben.token}/")
        assert "the power is off" in words[ANNA]
        assert "起停电" in words[BEN]

    def test_households_have_none(self, town):
        Contact.objects.exclude(phone=EAST[1]).delete()
        outage = dark(town)
        spread_waiting(now=NOON)
        assert self.words()[EAST[1]].endswith(f"/power/{outage.code}/")

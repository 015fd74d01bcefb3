"""The sender against a real gateway in every mood. Nothing is lost, and what goes twice carries one key."""

from datetime import timedelta

import pytest

from common.access import Denied
from common.errors import Refusal
from notifications.models import Message, SenderHeartbeat, Template
from notifications.services import sender
from notifications.services.sender import drain, return_expired, send_again, send_due, withhold
from notifications.transports import sms
from staff.choices import Role
from tests.notifications.factories import NOON, PHONE, make_member, note, put

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=sms.LEASE_S)


def fresh(row: Message) -> Message:
    return Message.objects.select_related("member").get(pk=row.pk)


def keys(gateway) -> list[str]:
    return [item["key"] for item in gateway.received]


def test_a_message_arrives_with_its_words_and_its_key(gateway):
    row = put()
    assert send_due(now=NOON + SECOND) == 1
    assert [(i["key"], i["to"], i["text"]) for i in gateway.received] == [
        (row.dedupe_key, PHONE, "陈淑兰，师傅在路上了，15:00 前到。")
    ]
    row = fresh(row)
    assert (row.state, row.sent_at, row.attempts, row.provider_id, row.lease_until) == (
        "sent",
        NOON + SECOND,
        1,
        "gw-1",
        None,
    )
    assert row.body == "陈淑兰，师傅在路上了，15:00 前到。"


@pytest.mark.parametrize(("days", "words"), [(0, "，15:00 前到"), (1, "明天 15:00 前到")])
def test_an_instant_is_said_as_seen_from_the_moment_of_sending(gateway, days: int, words: str):
    put(NOON - timedelta(days=1), urgent=True)
    send_due(now=NOON - timedelta(days=days))
    assert words in gateway.received[0]["text"]


def test_one_second_before_its_time_a_message_stays(gateway):
    put()
    assert send_due(now=NOON - SECOND) == 0
    assert send_due(now=NOON) == 1


def test_a_batch_is_one_request(gateway):
    for _ in range(40):
        put()
    assert send_due(now=NOON, batch=25) == 25
    assert gateway.batches == 1
    assert drain(clock=lambda: NOON, batch=25) == 15
    assert len(set(keys(gateway))) == 40


def test_an_urgent_message_goes_before_older_ones(gateway):
    for _ in range(3):
        put(NOON - timedelta(hours=1))
    urgent = put(urgent=True)
    send_due(now=NOON, batch=1)
    assert keys(gateway) == [urgent.dedupe_key]


# ── moods ───────────────────────────────────────────────────────────────


def test_refused_for_good_fails_at_once_and_visibly(gateway):
    gateway.feel("refuse")
    row = put()
    assert drain(clock=lambda: NOON) == 1
    row = fresh(row)
    assert (row.state, row.reason, row.error, row.attempts) == ("failed", "refused", "no such number", 1)


@pytest.mark.parametrize(("mood", "reason"), [("busy", "not_now"), ("down", "no_answer"), ("garble", "no_answer")])
def test_refused_for_now_backs_off_and_arrives_later(gateway, mood: str, reason: str):
    gateway.feel(mood, times=1)
    row = put()
    assert drain(clock=lambda: NOON) == 1
    row = fresh(row)
    assert (row.state, row.reason, row.lease_until, row.sent_at) == ("retry", reason, None, None)
    assert NOON + timedelta(seconds=10) <= row.not_before <= NOON + timedelta(seconds=20)
    assert send_due(now=row.not_before - SECOND) == 0
    assert send_due(now=row.not_before) == 1
    assert (fresh(row).state, keys(gateway)) == ("sent", [row.dedupe_key])


@pytest.mark.parametrize("mood", ["lose", "stall", "garble"])
def test_a_lost_reply_leads_to_a_second_try_that_the_gateway_drops(gateway, settings, mood: str):
    settings.SMS_TIMEOUT_S = 0.2
    gateway.feel(mood, times=1, stall_s=0.6)
    row = put()
    send_due(now=NOON)
    assert (fresh(row).state, keys(gateway)) == ("retry", [row.dedupe_key])
    send_due(now=NOON + timedelta(seconds=30))
    assert (fresh(row).state, fresh(row).attempts) == ("sent", 2)
    assert (keys(gateway), gateway.duplicates) == ([row.dedupe_key], 1)


def test_an_answer_given_twice_counts_once_and_does_not_reach_the_next_batch(gateway):
    gateway.feel("twice")
    rows = [put() for _ in range(6)]
    assert drain(clock=lambda: NOON, batch=2) == 6
    assert {fresh(row).state for row in rows} == {"sent"}
    assert len({fresh(row).provider_id for row in rows}) == 6
    assert len(keys(gateway)) == 6


def test_one_text_that_spoils_the_batch_fails_alone(gateway):
    gateway.feel("picky")
    good = [put() for _ in range(7)]
    bad = put(data={"name": "picky", "by": NOON})
    send_due(now=NOON)
    assert (fresh(bad).state, fresh(bad).reason) == ("failed", "refused")
    assert {fresh(row).state for row in good} == {"sent"}


def test_a_wrong_signing_key_is_not_the_messages_fault(gateway, settings):
    settings.SMS_GATEWAY_KEY = "another"
    row = put()
    send_due(now=NOON)
    assert (fresh(row).state, fresh(row).error) == ("retry", "SMS gateway answered 401")


def test_a_dead_gateway_costs_one_batch_one_attempt_and_the_inbox_nothing(gateway):
    gateway.feel("down")
    member = make_member()
    texts = [put() for _ in range(9)]
    inbox = [put(member=member) for _ in range(9)]
    assert drain(clock=lambda: NOON, batch=3) == 3 + 9
    assert gateway.batches == 1
    assert sorted(fresh(row).attempts for row in texts) == [0] * 6 + [1] * 3
    assert {fresh(row).state for row in inbox} == {"sent"}


def test_tried_too_often_fails_and_says_why(gateway, settings):
    settings.MESSAGE_MAX_ATTEMPTS = 3
    gateway.feel("busy")
    row, now = put(), NOON
    for _ in range(3):
        assert send_due(now=now) == 1
        now = fresh(row).not_before
    row = fresh(row)
    assert (row.state, row.attempts, row.reason) == ("failed", 3, "not_now")
    assert send_due(now=now + timedelta(days=1)) == 0


def test_back_off_doubles_up_to_its_cap(settings):
    settings.MESSAGE_BACKOFF_S, settings.MESSAGE_BACKOFF_CAP_S = 20, 100
    for attempts, full in [(1, 20), (2, 40), (3, 80), (4, 100), (50, 100)]:
        for _ in range(20):
            assert full / 2 <= sender.backoff(attempts).total_seconds() <= full


# ── words and addresses ─────────────────────────────────────────────────


def test_a_missing_value_fails_the_message_and_not_its_neighbours(gateway):
    hole = put(data={"name": "陈淑兰", "by": ""})
    whole = put()
    send_due(now=NOON)
    assert (fresh(hole).state, fresh(hole).reason, fresh(hole).error) == ("failed", "missing_value", "by")
    assert keys(gateway) == [whole.dedupe_key]


def test_data_that_no_text_can_say_fails_visibly(gateway):
    row = put(data={"name": "陈淑兰", "by": {"at": "soon"}})
    send_due(now=NOON)
    assert (fresh(row).state, fresh(row).reason) == ("failed", "no_text")


def test_a_kind_that_is_gone_fails_visibly(gateway):
    row = put()
    Message.objects.filter(pk=row.pk).update(kind="was.here")
    send_due(now=NOON)
    assert (fresh(row).state, fresh(row).reason) == ("failed", "no_text")


def test_a_member_gets_it_at_the_number_on_file_now(gateway):
    member = make_member(phone="13500000001")
    put(member=member, channel="sms")
    member.phone = "13500000002"
    member.save()
    send_due(now=NOON)
    assert gateway.received[0]["to"] == "13500000002"


def test_a_member_without_a_number_or_with_none_of_the_kind_fails_visibly(gateway):
    nobody = put(member=make_member(phone=""), channel="sms")
    nonsense = put(address="call me")
    send_due(now=NOON)
    assert (fresh(nobody).state, fresh(nobody).reason) == ("failed", "no_address")
    assert (fresh(nonsense).state, fresh(nonsense).reason) == ("failed", "bad_address")


def test_a_member_who_left_hears_nothing(gateway):
    row = put(member=make_member(is_active=False), channel="sms")
    send_due(now=NOON)
    assert (fresh(row).state, fresh(row).reason, len(gateway.received)) == ("withheld", "left", 0)


def test_the_language_of_the_member_chooses_the_words():
    row = put(member=make_member(language="en"))
    send_due(now=NOON)
    assert (fresh(row).subject, fresh(row).body) == ("News", "News: 催办")


def test_an_edited_text_is_in_force_at_once(gateway):
    editor = make_member(Role.EDITOR)
    Template.objects.create(
        kind="test.on_the_way", channel="sms", language="zh-hans", body="到：{by}", updated_by=editor, updated_at=NOON
    )
    put()
    send_due(now=NOON)
    assert gateway.received[0]["text"] == "到：15:00"


def test_a_second_try_says_the_same_words(gateway):
    gateway.feel("busy", times=1)
    row = put()
    send_due(now=NOON)
    Template.objects.create(
        kind="test.on_the_way",
        channel="sms",
        language="zh-hans",
        body="别的话",
        updated_by=make_member(),
        updated_at=NOON,
    )
    send_due(now=NOON + timedelta(minutes=1))
    assert gateway.received[0]["text"] == fresh(row).body == "陈淑兰，师傅在路上了，15:00 前到。"


def test_without_a_gateway_it_lands_in_the_mailbox_or_fails_in_production(settings):
    settings.SMS_GATEWAY_URL, settings.DEV_PAGES = "", True
    dev = put()
    send_due(now=NOON)
    settings.DEV_PAGES = False
    production = put()
    send_due(now=NOON)
    assert (fresh(dev).state, fresh(dev).provider_id) == ("sent", "mailbox")
    assert (fresh(production).state, fresh(production).reason) == ("failed", "no_gateway")


# ── leases and people ───────────────────────────────────────────────────


def test_a_lease_runs_out_at_its_second_and_not_before(gateway):
    row = put()
    Message.objects.filter(pk=row.pk).update(state="in_flight", lease_until=NOON + LEASE, attempts=1)
    assert return_expired(now=NOON + LEASE - SECOND) == 0
    assert return_expired(now=NOON + LEASE) == 1
    assert (fresh(row).state, fresh(row).reason) == ("retry", "sender_died")
    assert send_due(now=NOON + LEASE) == 1


def test_a_message_that_kills_its_sender_each_time_fails_in_the_end(settings):
    row = put()
    Message.objects.filter(pk=row.pk).update(
        state="in_flight", lease_until=NOON, attempts=settings.MESSAGE_MAX_ATTEMPTS
    )
    return_expired(now=NOON)
    assert (fresh(row).state, fresh(row).reason) == ("failed", "sender_died")


def test_a_bug_in_a_transport_loses_nothing_and_spares_the_others(monkeypatch, caplog):
    monkeypatch.setattr("notifications.transports.inapp.send", lambda batch: 1 / 0)
    member = make_member()
    broken, mail = put(member=member), put(member=member, channel="email")
    assert drain(clock=lambda: NOON) == 2
    assert (fresh(broken).state, fresh(broken).error) == ("retry", "ZeroDivisionError")
    assert fresh(mail).state == "sent"
    assert "transport_failed" in caplog.text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_a_failed_message_is_sent_again_by_a_person_with_the_same_key(gateway, role: Role):
    gateway.feel("refuse", times=1)
    row = put()
    send_due(now=NOON)
    actor = make_member(role)
    send_again(message=fresh(row), actor=actor, now=NOON + SECOND)
    assert send_due(now=NOON + SECOND) == 1
    assert (fresh(row).state, fresh(row).acted_by, fresh(row).attempts) == ("sent", actor, 1)
    assert keys(gateway) == [row.dedupe_key]


def test_sent_again_it_says_the_words_in_force(gateway):
    hole = put(data={"name": "陈淑兰"})
    send_due(now=NOON)
    actor = make_member(Role.ADMINISTRATOR)
    Template.objects.create(
        kind="test.on_the_way", channel="sms", language="zh-hans", body="{name}您好", updated_by=actor, updated_at=NOON
    )
    send_again(message=hole, actor=actor, now=NOON)
    send_due(now=NOON)
    assert gateway.received[0]["text"] == "陈淑兰您好"


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_what_was_sent_or_waits_is_not_sent_again(state: str):
    row = put()
    if state == "sent":
        Message.objects.filter(pk=row.pk).update(state="sent", sent_at=NOON)
    with pytest.raises(Refusal):
        send_again(message=row, actor=make_member(Role.ADMINISTRATOR), now=NOON)


def test_a_message_held_back_stays_until_it_is_sent_again(gateway):
    row, actor = put(), make_member(Role.SUPERVISOR)
    withhold(message=row, actor=actor, now=NOON)
    assert send_due(now=NOON) == 0
    assert (fresh(row).state, fresh(row).reason, fresh(row).acted_by) == ("withheld", "by_hand", actor)
    send_again(message=row, actor=actor, now=NOON)
    assert send_due(now=NOON) == 1


@pytest.mark.parametrize("state", [{"state": "sent", "sent_at": NOON}, {"state": "in_flight", "lease_until": NOON}])
def test_what_is_gone_or_on_its_way_cannot_be_held_back(state: dict):
    row = put()
    Message.objects.filter(pk=row.pk).update(**state)
    with pytest.raises(Refusal):
        withhold(message=row, actor=make_member(Role.SUPERVISOR), now=NOON)


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.EDITOR])
def test_others_may_neither_send_again_nor_hold_back(role: Role):
    row, actor = put(), make_member(role)
    for act in (send_again, withhold):
        with pytest.raises(Denied):
            act(message=row, actor=actor, now=NOON)


def test_each_round_leaves_a_sign_of_life():
    send_due(now=NOON)
    send_due(now=NOON + 2 * SECOND)
    assert SenderHeartbeat.objects.get().beat_at == NOON
    send_due(now=NOON + 6 * SECOND)
    assert SenderHeartbeat.objects.get().beat_at == NOON + 6 * SECOND


def test_five_thousand_messages_go_in_batches_of_constant_cost(gateway, django_assert_max_num_queries):
    from notifications.services.outbox import enqueue

    assert enqueue([note() for _ in range(5000)], now=NOON) == 5000
    with django_assert_max_num_queries(13 * 12):
        assert drain(clock=lambda: NOON) == 5000
    assert gateway.batches == 10
    assert Message.objects.filter(state="sent").count() == len(set(keys(gateway))) == 5000

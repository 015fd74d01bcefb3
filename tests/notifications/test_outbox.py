"""Writing into the outbox."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from notifications import kinds
from notifications.models import Message
from notifications.services import nudging
from notifications.services.outbox import enqueue
from notifications.services.sender import send_due
from tests.notifications.factories import NOON, make_member, note, put

pytestmark = pytest.mark.django_db


def test_the_same_key_is_written_once_and_counted_once():
    one = note()
    assert enqueue([one, one], now=NOON) == 1
    assert enqueue([one, note()], now=NOON) == 1
    assert Message.objects.count() == 2


def test_nothing_to_say_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert enqueue([], now=NOON) == 0


def test_many_notes_are_one_statement(django_assert_num_queries):
    member = make_member()
    notes = [note(member=member) for _ in range(1000)]
    with django_assert_num_queries(1):
        assert enqueue(notes, now=NOON) == 1000


def test_a_row_says_everything_the_note_said():
    member = make_member(language="en")
    row = put(member=member, channel="email", about="TS-261120-0003", urgent=True)
    assert (row.member, row.address, row.channel, row.language, row.about) == (
        member,
        "",
        "email",
        "en",
        "TS-261120-0003",
    )
    assert (row.urgent, row.state, row.created_at, row.not_before, row.attempts) == (True, "queued", NOON, NOON, 0)
    assert row.data == {"what": "催办"}


def test_without_a_language_it_is_the_companys():
    assert put().language == "zh-hans"


def test_an_undone_change_leaves_no_message():
    with transaction.atomic():
        enqueue([note()], now=NOON)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_an_unregistered_kind_is_refused():
    with pytest.raises(kinds.UnknownKind):
        enqueue([note(kind="no.such")], now=NOON)


def test_what_customers_type_is_kept_and_a_nul_does_not_undo_their_change(gateway):
    name = "O'Brien 😀 \x00{by}\"\\ %s 'x" + "长" * 60
    row = put(data={"name": name, "by": NOON})
    assert row.data["name"] == name.replace("\x00", "")
    send_due(now=NOON)
    assert name.replace("\x00", "") in gateway.received[0]["text"]


@pytest.mark.parametrize(
    "broken",
    [
        {"address": ""},
        {"member": "member", "address": "13900000000"},
        {"channel": "inapp"},
        {"channel": "pigeon"},
    ],
)
def test_a_note_with_no_or_two_recipients_or_no_such_channel_is_refused_by_the_database(broken: dict):
    if broken.get("member"):
        broken = broken | {"member": make_member()}
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue([note(**broken)], now=NOON)


@pytest.mark.parametrize(
    "broken",
    [{"state": "in_flight"}, {"lease_until": NOON}, {"state": "sent"}, {"sent_at": NOON}, {"state": "lost"}],
)
def test_a_state_without_its_instant_is_refused_by_the_database(broken: dict):
    row = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(**broken)


def test_a_sender_is_woken_once_after_the_commit(nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue([note(), note()], now=NOON)
        enqueue([note()], now=NOON)
        assert nudges == []
    assert nudges == [1]


def test_nobody_is_woken_for_what_waits_or_is_not_new(nudges, django_capture_on_commit_callbacks):
    one = note()
    enqueue([one], now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue([one], now=NOON)
        enqueue([note()], now=NOON.replace(hour=23))
    assert nudges == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_logged_once_and_then_left_alone(monkeypatch, caplog):
    asked = []

    def down(**_: object) -> None:
        asked.append(1)
        raise ConnectionError("redis is down")

    monkeypatch.setattr("notifications.tasks.send_messages.apply_async", down)
    for _ in range(3):
        put()
    assert (len(asked), Message.objects.count()) == (1, 3)
    assert caplog.text.count("nudge_failed") == 1
    monkeypatch.setattr(nudging, "_broker_rests_until", 0.0)
    put()
    assert len(asked) == 2


def test_a_bulk_insert_in_sql_needs_to_name_only_what_it_knows(gateway):
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO notifications_message
                   (address, channel, kind, language, data, dedupe_key, about, not_before, created_at)
               SELECT '1390000' || n, 'sms', 'test.on_the_way', 'zh-hans',
                      jsonb_build_object('name', n::text, 'by', 'noon'), 'bulk:' || n, 'TD-1', %(now)s, %(now)s
               FROM generate_series(1000, 1019) AS n
               ON CONFLICT (dedupe_key) DO NOTHING""",
            {"now": NOON},
        )
    assert send_due(now=NOON) == 20
    assert len(gateway.received) == 20


def test_a_refused_statement_is_a_database_error_for_the_caller():
    with pytest.raises(DatabaseError), transaction.atomic():
        enqueue([note(address="9" * 300)], now=NOON)

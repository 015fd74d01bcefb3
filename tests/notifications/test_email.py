"""E-mail over real SMTP, and a mail server with moods."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications.models import Message
from notifications.services.sender import drain, send_due
from tests.notifications.factories import NOON, make_member, put

pytestmark = pytest.mark.django_db


class MailServer:
    """Keeps what it receives; ``answers`` maps a recipient to the reply it gets instead of 250."""

    def __init__(self) -> None:
        self.mails: list = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self.drop_after: int | None = None

    async def handle_EHLO(self, server: SMTP, session, envelope, hostname, responses) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session, envelope, address, rcpt_options) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:
        if self.drop_after is not None and len(self.mails) >= self.drop_after:
            server.transport.close()
            return "421 going down"
        self.mails.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "灯火 <noreply@denghuo.example>"
    yield handler
    controller.stop()


def fresh(row: Message) -> Message:
    return Message.objects.get(pk=row.pk)


def mail_to(address: str, **fields) -> Message:
    return put(channel="email", address=address, **fields)


def test_a_mail_arrives_whole_with_an_id_made_of_its_key(server):
    row = mail_to("chen@example.org")
    assert send_due(now=NOON) == 1
    to, mail = server.mails[0]
    assert (to, mail["Subject"]) == ("chen@example.org", "师傅在路上了，陈淑兰")
    assert mail.get_content().strip() == "陈淑兰，15:00 前到。"
    assert mail["Message-ID"] == fresh(row).provider_id
    assert mail["Message-ID"].endswith("@denghuo.example>")
    assert mail.get_content_type() == "text/plain"


def test_a_batch_uses_one_connection(server):
    for n in range(20):
        mail_to(f"c{n}@example.org")
    assert drain(clock=lambda: NOON) == 20
    assert (server.connections, len(server.mails)) == (1, 20)


@pytest.mark.parametrize(
    ("answer", "state", "reason"), [("550 no such box", "failed", "refused"), ("451 later", "retry", "not_now")]
)
def test_a_refused_recipient_does_not_touch_the_others(server, answer: str, state: str, reason: str):
    server.answers["gone@example.org"] = answer
    before, gone, after = mail_to("a@example.org"), mail_to("gone@example.org"), mail_to("z@example.org")
    drain(clock=lambda: NOON)
    assert (fresh(gone).state, fresh(gone).reason, fresh(gone).error) == (state, reason, answer)
    assert {fresh(before).state, fresh(after).state} == {"sent"}


def test_a_connection_lost_on_the_way_leaves_the_rest_for_later_and_sends_nothing_twice(server):
    server.drop_after = 2
    rows = [mail_to(f"c{n}@example.org") for n in range(5)]
    drain(clock=lambda: NOON)
    assert [fresh(row).state for row in rows] == ["sent", "sent", "retry", "retry", "retry"]
    server.drop_after = None
    drain(clock=lambda: NOON + timedelta(minutes=1))
    assert {fresh(row).state for row in rows} == {"sent"}
    assert sorted(to for to, _ in server.mails) == [f"c{n}@example.org" for n in range(5)]


def test_a_mail_server_that_is_down_costs_one_attempt_of_one_batch(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    rows = [mail_to(f"c{n}@example.org") for n in range(4)]
    assert drain(clock=lambda: NOON, batch=2) == 2
    assert sorted(fresh(row).attempts for row in rows) == [0, 0, 1, 1]
    assert {fresh(row).reason for row in rows} == {"", "no_answer"}


def test_a_second_attempt_carries_the_same_message_id(server):
    server.answers["c@example.org"] = "451 later"
    row = mail_to("c@example.org")
    send_due(now=NOON)
    server.answers.clear()
    send_due(now=NOON + timedelta(minutes=1))
    assert server.mails[0][1]["Message-ID"] == fresh(row).provider_id


def test_a_line_break_typed_into_a_name_cannot_add_a_header(server):
    mail_to("c@example.org", data={"name": "陈\r\nBcc: all@example.org", "by": NOON})
    send_due(now=NOON)
    _, mail = server.mails[0]
    assert (mail["Bcc"], mail["Subject"].strip()) == (None, "师傅在路上了，陈 Bcc: all@example.org")


@pytest.mark.parametrize("address", ["not an address", "a@b\nBcc: c@d.org", "@"])
def test_an_address_that_is_none_fails_alone(server, address: str):
    bad, good = mail_to(address), mail_to("c@example.org")
    drain(clock=lambda: NOON)
    assert (fresh(bad).state, fresh(good).state) == ("failed", "sent")


def test_a_member_gets_mail_in_their_language(server):
    put(member=make_member(email="zhou@example.org", language="en"), channel="email")
    send_due(now=NOON)
    assert (server.mails[0][0], server.mails[0][1]["Subject"]) == ("zhou@example.org", "News")

"""The message pages: inbox, what went out, development mailbox."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.contributions import about_links
from notifications.models import Message
from notifications.services.sender import drain
from staff.choices import Role
from staff.models import Member
from tests.notifications.factories import PHONE, make_member, put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def orders_have_a_page():
    """Upper rooms register theirs; here one that knows codes beginning with BX."""
    before = dict(about_links._items)
    about_links.register("test", lambda code: f"/orders/{code}/" if code.startswith("BX-") else "", order=1)
    yield
    about_links._items = before


def as_member(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member, backend="staff.backends.MemberBackend")
    return client


def inbox_with(member: Member, *abouts: str) -> list[Message]:
    rows = [put(timezone.now(), member=member, about=about, data={"what": f"<b>{about}"}) for about in abouts]
    drain()
    return rows


# ── inbox ───────────────────────────────────────────────────────────────


def test_inbox_shows_ones_own_messages_unread_first_and_escaped():
    member, other = make_member(), make_member()
    old, _new = inbox_with(member, "BX-1", "BX-2")
    inbox_with(other, "BX-3")
    client = as_member(member)
    client.get(reverse("notifications:open", args=[old.pk]))
    page = client.get(reverse("notifications:inbox"))
    words = page.content.decode()
    assert [row.about for row in page.context["new"]] == ["BX-2"]
    assert [row.about for row in page.context["list"].rows] == ["BX-1"]
    assert words.index("BX-2") < words.index("BX-1")
    assert "BX-3" not in words
    assert "&lt;b&gt;BX-2" in words


def test_a_message_still_in_the_outbox_is_not_in_the_inbox():
    member = make_member()
    put(timezone.now(), member=member, about="BX-1")
    assert "BX-1" not in as_member(member).get(reverse("notifications:inbox")).content.decode()


def test_opening_marks_it_read_once_and_leads_to_the_order():
    member = make_member()
    (row,) = inbox_with(member, "BX-1")
    answer = as_member(member).get(reverse("notifications:open", args=[row.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/orders/BX-1/")
    row.refresh_from_db()
    first = row.read_at
    as_member(member).get(reverse("notifications:open", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_at == first is not None


def test_a_message_about_nothing_known_leads_back_to_the_inbox():
    member = make_member()
    (row,) = inbox_with(member, "")
    answer = as_member(member).get(reverse("notifications:open", args=[row.pk]))
    assert answer["Location"] == reverse("notifications:inbox")


def test_somebody_elses_message_does_not_exist():
    (row,) = inbox_with(make_member(), "BX-1")
    assert as_member(make_member()).get(reverse("notifications:open", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_mark_all_read_leaves_what_came_in_meanwhile_and_other_people_alone():
    member, other = make_member(), make_member()
    seen = inbox_with(member, "BX-1", "BX-2")
    (foreign,) = inbox_with(other, "BX-3")
    (later,) = inbox_with(member, "BX-4")
    answer = as_member(member).post(reverse("notifications:read_all"), {"upto": seen[-1].pk})
    assert answer.status_code == 302
    unread = set(Message.objects.filter(read_at__isnull=True).values_list("pk", flat=True))
    assert unread == {foreign.pk, later.pk}


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 40])
def test_mark_all_read_with_nonsense_marks_nothing(upto: str):
    member = make_member()
    inbox_with(member, "BX-1")
    assert as_member(member).post(reverse("notifications:read_all"), {"upto": upto}).status_code == 302
    assert Message.objects.filter(read_at__isnull=True).count() == 1


def test_the_bell_counts_unread_ones():
    member = make_member()
    inbox_with(member, "BX-1", "BX-2")
    assert "2 unread messages" in as_member(member).get(reverse("notifications:inbox")).content.decode()


def test_an_empty_inbox_says_what_would_be_here():
    words = as_member(make_member()).get(reverse("notifications:inbox")).content.decode()
    assert "No messages" in words
    assert "Mark all read" not in words


def test_the_inbox_costs_the_same_whatever_is_in_it(django_assert_max_num_queries):
    member = make_member()
    inbox_with(member, *[f"BX-{n}" for n in range(60)])
    client = as_member(member)
    with django_assert_max_num_queries(12):
        client.get(reverse("notifications:inbox"))


# ── what went out ───────────────────────────────────────────────────────


@pytest.fixture
def failed(settings) -> Message:
    row = put(timezone.now(), address="not a number", urgent=True)
    drain()
    return Message.objects.get(pk=row.pk)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_list_shows_everything_masked(role: Role, failed: Message):
    put(timezone.now(), about="BX-7")
    words = as_member(make_member(role)).get(reverse("notifications:outgoing")).content.decode()
    assert "139 **** 2716" in words
    assert PHONE not in words
    assert "1 message of the last seven days was not sent" in words
    assert ("Send again" in words) == (role != Role.AUDITOR)


@pytest.mark.parametrize("role", [Role.CLERK, Role.EDITOR, Role.HANDLER])
def test_the_list_is_not_for_others(role: Role, failed: Message):
    client = as_member(make_member(role))
    assert client.get(reverse("notifications:outgoing")).status_code == 403
    assert client.get(reverse("notifications:message", args=[failed.pk])).status_code == 403
    assert client.post(reverse("notifications:send_again", args=[failed.pk])).status_code == 403
    assert client.post(reverse("notifications:withhold", args=[failed.pk])).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 4),
        ({"state": "failed"}, 1),
        ({"state": "waiting"}, 2),
        ({"state": "sent"}, 1),
        ({"channel": "inapp"}, 1),
        ({"channel": "email"}, 1),
        ({"kind": "test.told"}, 1),
        ({"about": " bx-7 "}, 1),
        ({"since": "2026-11-21"}, 3),
        ({"until": "2026-11-20"}, 1),
        ({"since": "2026-11-21", "until": "2026-11-21"}, 3),
        ({"since": "not a day"}, 4),
        ({"state": "nonsense"}, 4),
    ],
)
def test_filters_narrow_the_list(query: dict, found: int, freeze):
    freeze("2026-11-21 12:00")
    now = timezone.now()
    put(now, address="not a number")
    put(now, member=make_member())
    drain()
    put(now, about="BX-7", channel="email", address="c@example.org")
    put(now - timedelta(hours=13))
    page = as_member(make_member(Role.SUPERVISOR)).get(reverse("notifications:outgoing"), query)
    assert len(page.context["list"].rows) == found


def test_a_message_tells_its_words_and_its_way(failed: Message):
    words = (
        as_member(make_member(Role.AUDITOR)).get(reverse("notifications:message", args=[failed.pk])).content.decode()
    )
    assert "Not a phone number or e-mail address" in words
    assert "师傅在路上了" in words
    assert "Send again" not in words


def test_send_again_puts_it_back_and_twice_is_refused_in_words(failed: Message):
    client = as_member(make_member(Role.SUPERVISOR))
    url = reverse("notifications:send_again", args=[failed.pk])
    assert client.post(url).status_code == 302
    failed.refresh_from_db()
    assert failed.state == "queued"
    again = client.post(url)
    assert again.status_code == 422
    assert "Only a message that was not sent" in again.content.decode()


def test_do_not_send_stops_what_waits():
    row = put(timezone.now())
    client = as_member(make_member(Role.SUPERVISOR))
    assert client.post(reverse("notifications:withhold", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.state == "withheld"
    assert client.post(reverse("notifications:withhold", args=[row.pk])).status_code == 422


def test_a_message_that_is_not_there_is_not_found():
    client = as_member(make_member(Role.SUPERVISOR))
    assert client.get(reverse("notifications:message", args=[1])).status_code == 404
    assert client.post(reverse("notifications:send_again", args=[1])).status_code == 404


# ── everybody ───────────────────────────────────────────────────────────

PAGES = [("inbox", []), ("open", [1]), ("outgoing", []), ("message", [1])]
ACTS = [("read_all", []), ("send_again", [1]), ("withhold", [1])]


@pytest.mark.parametrize(("name", "args"), PAGES + ACTS)
def test_without_login_everything_leads_to_it(name: str, args: list):
    answer = Client().post(reverse(f"notifications:{name}", args=args))
    assert answer.status_code in (302, 405)
    answer = Client().get(reverse(f"notifications:{name}", args=args))
    assert answer.status_code == 302
    assert reverse("staff:login") in answer["Location"]


@pytest.mark.parametrize(("name", "args"), ACTS)
def test_acts_are_posted(name: str, args: list):
    assert as_member(make_member(Role.SUPERVISOR)).get(reverse(f"notifications:{name}", args=args)).status_code == 405


# ── development mailbox ─────────────────────────────────────────────────


def test_the_mailbox_shows_sms_and_mail_in_full_to_anybody_and_finds_by_address(settings):
    settings.DEV_PAGES = True
    put(timezone.now(), urgent=True)
    put(timezone.now(), channel="email", address="chen@example.org", urgent=True)
    member = make_member(phone="13811112222")
    put(timezone.now(), member=member, channel="sms", data={"what": "登录码 4711"})
    inbox_with(member, "BX-9")
    words = Client(headers={"accept-language": "en"}).get(reverse("notifications:mailbox")).content.decode()
    assert all(
        text in words for text in ("139 7205 2716", "chen@example.org", "138 1111 2222", "登录码 4711", "师傅在路上了")
    )
    assert "BX-9" not in words
    found = Client().get(reverse("notifications:mailbox"), {"q": "13811112222"}).context["letters"]
    assert [letter.to for letter in found] == ["13811112222"]
    assert len(Client().get(reverse("notifications:mailbox"), {"q": "CHEN@"}).context["letters"]) == 1


def test_without_dev_pages_there_is_no_mailbox(settings):
    settings.DEV_PAGES = False
    assert Client().get(reverse("notifications:mailbox")).status_code == 404
    assert as_member(make_member(Role.ADMINISTRATOR)).get(reverse("notifications:mailbox")).status_code == 404

"""The pages for message texts and quiet hours."""

from datetime import time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import QuietHours, Template
from notifications.services.rendering import Text
from notifications.services.texts import save_words, wording_of
from staff.choices import Role
from tests.notifications.factories import NOON, make_member, put
from tests.notifications.test_pages import as_member

pytestmark = pytest.mark.django_db
SMS = ("test.on_the_way", "sms", "zh-hans")
MAIL = ("test.on_the_way", "email", "en")


def url(name: str = "text", place: tuple = SMS) -> str:
    return reverse(f"notifications:{name}", args=place)


@pytest.fixture
def editor() -> Client:
    return as_member(make_member(Role.EDITOR))


def typed(body: str, **more: object) -> dict:
    return {"body": body, "version": 0, "case": "sample", "save": "1"} | more


def test_the_list_has_every_text_and_says_who_changed_it(editor: Client):
    actor = make_member(Role.EDITOR, name="林小满")
    save_words(place=SMS, text=Text("", "{name}，到了"), version=0, actor=actor, now=NOON)
    words = editor.get(reverse("notifications:texts")).content.decode()
    assert "林小满" in words
    assert "{name}，到了" in words
    assert url(place=MAIL) in words


def test_a_saved_text_is_in_force_and_counts_its_versions(editor: Client):
    assert editor.post(url(), typed("{name}，{by} 前到\r\n回 1 取消 ")).status_code == 302
    assert wording_of(SMS).text.body == "{name}，{by} 前到\n回 1 取消"
    assert editor.post(url(), typed("{name}，到了", version=1)).status_code == 302
    row = Template.objects.get()
    assert (row.version, row.body) == (2, "{name}，到了")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{who}您好", "This message has no {who}. It knows: {name} {by} {note} {utility} {hotline}"),
        ("{name您好", "A brace has no partner"),
        ("{name.x}", "“name.x” is not the name of a variable"),
        ("   ", "Write the text."),
        ("电" * 501, "At most 500 characters; this has 501."),
        ("", "Write the text."),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_at_its_field_and_kept(editor: Client, body: str, words: str):
    answer = editor.post(url(), typed(body))
    assert answer.status_code == 422
    assert "body" in answer.context["form"].errors
    assert words in unescape(answer.content.decode())
    assert answer.context["form"]["body"].value() == body
    assert not Template.objects.exists()


def test_a_mail_needs_a_subject_and_its_variables_are_checked_too(editor: Client):
    none = editor.post(url(place=MAIL), typed("{name}", subject=""))
    unknown = editor.post(url(place=MAIL), typed("{name}", subject="{who}"))
    assert (none.status_code, unknown.status_code) == (422, 422)
    assert "{who}" in unknown.context["form"].errors["subject"][0]
    assert editor.post(url(place=MAIL), typed("{name}", subject="On the way, {name}")).status_code == 302


def test_the_second_of_two_editors_is_told_and_loses_no_text(editor: Client):
    other = make_member(Role.EDITOR, name="林小满")
    save_words(place=SMS, text=Text("", "先到"), version=0, actor=other, now=NOON)
    answer = editor.post(url(), typed("后到"))
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "林小满 changed this text meanwhile" in words
    assert "后到" in words
    assert wording_of(SMS).text.body == "先到"


def test_back_to_the_original_takes_the_edited_one_away(editor: Client):
    save_words(place=SMS, text=Text("", "别的"), version=0, actor=make_member(Role.EDITOR), now=NOON)
    assert editor.post(url("text_original"), {"version": 7}).status_code == 302
    assert Template.objects.exists()
    assert editor.post(url("text_original"), {"version": 1}).status_code == 302
    assert not Template.objects.exists()
    assert wording_of(SMS).text == wording_of(SMS).original


def test_the_preview_reads_as_the_customer_would_and_counts_the_sms(editor: Client):
    words = editor.post(url("text_preview"), typed("{name}，{by} 前到。{hotline}")).content.decode()
    assert "陈淑兰，今天 15:17 前到。95598" in words
    assert "of 70 characters, 1 SMS" in words
    long = editor.post(url("text_preview"), typed("{name}" + "电" * 70)).content.decode()
    assert "73 of 134 characters, 2 SMS" in long


def test_the_preview_takes_a_real_case_and_says_when_it_lacks_a_value(editor: Client):
    whole = put(timezone.now(), data={"name": "向春梅", "by": timezone.now()})
    hole = put(timezone.now(), data={"name": "覃芳"})
    assert "向春梅" in editor.post(url("text_preview"), typed("{name} {by}", case=whole.pk)).content.decode()
    refused = editor.post(url("text_preview"), typed("{name} {by}", case=hole.pk)).content.decode()
    assert "This case has no value for {by}" in refused
    assert "陈淑兰" in editor.post(url("text_preview"), typed("{name}", case="999")).content.decode()


def test_without_script_the_preview_button_shows_it_and_saves_nothing(editor: Client):
    answer = editor.post(url(), {"body": "{name}，快到了", "version": 0, "case": "sample", "look": "1"})
    assert answer.status_code == 200
    assert "陈淑兰，快到了" in answer.content.decode()
    assert not Template.objects.exists()


def test_markup_in_a_text_is_shown_and_not_obeyed(editor: Client):
    words = editor.post(url("text_preview"), typed("<script>{name}</script>")).content.decode()
    assert "&lt;script&gt;陈淑兰" in words
    assert "<script>" not in words


@pytest.mark.parametrize("place", [("no.such", "sms", "zh-hans"), ("test.on_the_way", "inapp", "en"), (*SMS[:2], "fr")])
def test_a_place_without_words_is_not_found(editor: Client, place: tuple):
    assert editor.get(url(place=place)).status_code == 404
    assert editor.post(url("text_preview", place)).status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.AUDITOR])
def test_texts_are_not_for_others(role: Role):
    client = as_member(make_member(role))
    assert client.get(reverse("notifications:texts")).status_code == 403
    assert client.get(url()).status_code == 403
    assert client.post(url(), typed("x")).status_code == 403
    assert client.post(url("text_preview"), typed("x")).status_code == 403
    assert client.post(url("text_original"), {"version": 0}).status_code == 403


def test_preview_and_original_are_posted(editor: Client):
    assert editor.get(url("text_preview")).status_code == 405
    assert editor.get(url("text_original")).status_code == 405


# ── quiet hours ─────────────────────────────────────────────────────────

QUIET = {"is_on": "on", "starts": "21:30", "ends": "07:30", "version": 0}


def test_an_administrator_sets_quiet_hours():
    client = as_member(make_member(Role.ADMINISTRATOR))
    assert client.get(reverse("notifications:quiet_hours")).context["form"]["starts"].value() == time(22)
    assert client.post(reverse("notifications:quiet_hours"), QUIET).status_code == 302
    row = QuietHours.objects.get()
    assert (row.is_on, row.starts, row.ends, row.version) == (True, time(21, 30), time(7, 30), 1)


def test_quiet_hours_saved_by_another_meanwhile_or_without_a_time_are_refused():
    client = as_member(make_member(Role.ADMINISTRATOR))
    page = reverse("notifications:quiet_hours")
    assert client.post(page, QUIET | {"starts": "25:00"}).status_code == 422
    client.post(page, QUIET)
    again = client.post(page, QUIET | {"ends": "09:00"})
    assert again.status_code == 422
    assert "changed this meanwhile" in again.content.decode()
    assert QuietHours.objects.get().ends == time(7, 30)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SUPERVISOR])
def test_quiet_hours_are_not_for_others(role: Role):
    client = as_member(make_member(role))
    assert client.get(reverse("notifications:quiet_hours")).status_code == 403
    assert client.post(reverse("notifications:quiet_hours"), QUIET).status_code == 403
    assert not QuietHours.objects.exists()

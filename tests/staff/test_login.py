"""In and out: the right password, five wrong ones, where one lands, and being away."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone

from staff.choices import AuditAct, Role
from staff.models import AuditEntry, Member
from staff.services.members import deactivate_member
from staff.services.passwords import issue_one_time_password
from tests.staff.factories import NOW, PASSWORD, member

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


@pytest.fixture
def zhou(town):
    """A clerk who can log in."""
    return member("XL0317", "周婷", unit=town.crew, roles=[Role.CLERK], password=PASSWORD)


def try_login(client, staff_no="XL0317", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": staff_no, "password": password, **more})


@pytest.mark.parametrize("typed", ["XL0317", "xl0317", " xl0317 "])
def test_login_takes_the_staff_number_in_any_case(client, zhou, typed):
    assert try_login(client, typed).headers["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_login_goes_where_the_person_wanted(client, zhou):
    assert client.get("/me/password/").headers["Location"] == "/login/?next=/me/password/"
    assert try_login(client, next="/me/password/").headers["Location"] == "/me/password/"


@pytest.mark.parametrize("trap", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_login_never_leads_out_of_the_house(client, zhou, trap):
    assert try_login(client, next=trap).headers["Location"] == "/"


def test_login_asks_for_csrf(zhou, client_class):
    strict = client_class(enforce_csrf_checks=True)
    assert try_login(strict).status_code == 403


def test_one_who_is_logged_in_is_sent_on(client, zhou):
    client.force_login(zhou)
    assert client.get(LOGIN).headers["Location"] == "/"


def test_wrong_password_keeps_what_was_typed_and_says_how_many_tries_are_left(client, zhou, in_english):
    answer = try_login(client, password="wrong")
    assert answer.status_code == 422
    assert "4 tries left" in answer.text
    assert 'value="XL0317"' in answer.text
    assert 'value="wrong"' not in answer.text


def test_unknown_number_reads_like_a_wrong_password(client, zhou, in_english):
    known, unknown = try_login(client, password="wrong"), try_login(client, "XL9999", "wrong")
    assert known.context["form"].errors == unknown.context["form"].errors
    assert known.status_code == unknown.status_code


def test_empty_form_is_mended_and_is_no_try(client, zhou):
    assert client.post(LOGIN, {}).status_code == 422
    assert not AccessAttempt.objects.exists()


def test_fifth_wrong_try_locks_and_the_right_password_does_not_help(client, zhou, in_english):
    codes = [try_login(client, password="wrong").status_code for _try in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    locked = try_login(client)
    assert locked.status_code == 429
    assert "Too many wrong tries" in locked.text
    assert client.get("/me/").status_code == 302


def test_four_wrong_tries_do_not_lock_and_a_right_one_forgets_them(client, zhou):
    for _try in range(4):
        try_login(client, password="wrong")
    assert try_login(client).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_tries_are_counted_by_number_whatever_browser_or_case(client_class, zhou):
    for number in range(5):
        browser = client_class(headers={"user-agent": f"browser {number}"})
        try_login(browser, "xl0317" if number % 2 else "XL0317", "wrong")
    assert try_login(client_class()).status_code == 429


@pytest.mark.parametrize(("after_s", "status"), [(30 * 60 - 1, 429), (30 * 60 + 1, 302)])
def test_lock_ends_thirty_minutes_after_the_fifth_try(client, zhou, freeze, after_s, status):
    clock = freeze("2026-11-20 14:32")
    for _try in range(5):
        try_login(client, password="wrong")
    clock.shift(after_s)
    assert try_login(client).status_code == status


def test_trying_while_locked_does_not_prolong_the_lock(client, zhou, freeze, in_english):
    clock = freeze("2026-11-20 14:32")
    for _try in range(5):
        try_login(client, password="wrong")
    clock.shift(29 * 60)
    assert "Try again after 15:02" in try_login(client, password="wrong").text
    clock.shift(61)
    assert try_login(client).status_code == 302


def test_one_who_left_cannot_log_in_and_sessions_end(client, zhou):
    client.force_login(zhou)
    deactivate_member(member=zhou, now=NOW)
    assert client.get("/me/").status_code == 302
    assert try_login(client).status_code == 422


def test_new_one_time_password_ends_sessions(client, zhou):
    client.force_login(zhou)
    issue_one_time_password(member=zhou, actor=None, now=NOW)
    assert client.get("/me/").status_code == 302


def test_logout_ends_the_session_and_takes_post_only(client, zhou):
    client.force_login(zhou)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == LOGIN
    assert client.get("/me/").status_code == 302


def test_demo_lists_its_people_and_fills_the_form(client, zhou, settings):
    settings.DENGHUO_DEMO = True
    settings.DEMO_PASSWORD = "Shown-in-demo-1"
    assert "?who=XL0317" in client.get(LOGIN).text
    filled = client.get(LOGIN, {"who": "XL0317"}).text
    assert 'value="XL0317"' in filled
    assert 'value="Shown-in-demo-1"' in filled
    refused = try_login(client, password="typed-by-hand").text
    assert "typed-by-hand" not in refused


def test_outside_a_demo_nobody_is_listed_or_filled_in(client, zhou, settings):
    settings.DEMO_PASSWORD = "Shown-in-demo-1"
    page = client.get(LOGIN, {"who": "XL0317"}).text
    assert 'value="XL0317"' not in page
    assert "周婷" not in page
    assert "Shown-in-demo-1" not in page


# ── being away ──────────────────────────────────────────────────────────


@pytest.fixture
def at_work(client, zhou, freeze):
    """Logged in at 14:32 on a standing clock: (client, clock)."""
    clock = freeze("2026-11-20 14:32")
    try_login(client)
    return client, clock


@pytest.mark.parametrize(("away_s", "status"), [(30 * 60, 200), (31 * 60 - 1, 200), (31 * 60, 302)])
def test_session_ends_after_the_idle_time_never_early_and_at_most_a_minute_late(at_work, away_s, status):
    client, clock = at_work
    clock.shift(away_s)
    assert client.get("/me/").status_code == status


def test_every_act_begins_the_idle_time_anew(at_work):
    client, clock = at_work
    for _hour in range(4):
        clock.shift(25 * 60)
        assert client.get("/me/").status_code == 200


def test_what_a_page_asks_by_itself_is_no_act(at_work):
    client, clock = at_work
    for _poll in range(4):
        clock.shift(10 * 60)
        answer = client.get("/me/", headers={"X-Poll": "1"})
    assert answer.status_code == 302


def test_after_being_away_login_says_so_and_leads_back(at_work):
    client, clock = at_work
    clock.shift(3600)
    answer = client.get("/help/?x=1")
    assert answer.headers["Location"] == "/login/?idle=1&next=%2Fhelp%2F%3Fx%3D1"


def test_form_sent_after_being_away_leads_back_to_its_page(at_work):
    client, clock = at_work
    clock.shift(3600)
    answer = client.post("/me/password/", {}, headers={"Referer": "http://testserver/me/"})
    assert answer.headers["Location"] == "/login/?idle=1&next=%2Fme%2F"


def test_part_of_a_page_asked_after_being_away_leads_the_whole_page_to_login(at_work):
    client, clock = at_work
    clock.shift(3600)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/me/?a=1"}
    answer = client.get("/help/", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/login/?idle=1&next=%2Fme%2F%3Fa%3D1"
    later = client.get("/help/", headers=headers)  # the session is gone by now: the same without “away”
    assert later.headers["HX-Redirect"] == "/login/?next=%2Fme%2F%3Fa%3D1"


def test_idle_page_counts_down_and_staying_begins_anew(at_work):
    client, clock = at_work
    clock.shift(28 * 60)
    poll = {"X-Poll": "1"}
    assert client.get(reverse("staff:idle"), headers=poll).json() == {"left_s": 120}
    assert client.post(reverse("staff:idle")).json() == {"left_s": 1800}
    assert client.get(reverse("staff:idle"), headers=poll).json() == {"left_s": 1800}


def test_request_writes_the_session_at_most_once_a_minute(at_work, django_assert_max_num_queries):
    client, clock = at_work
    clock.shift(5)
    client.get(reverse("staff:idle"))
    with django_assert_max_num_queries(2):  # the session and the member, no write
        client.get(reverse("staff:idle"))


# ── the start ───────────────────────────────────────────────────────────


def test_administrator_starts_at_settings(client, admin):
    client.force_login(admin)
    assert client.get("/").headers["Location"] == reverse("staff:settings")


def test_member_without_a_role_reads_who_can_help(client, town, in_english):
    client.force_login(member(unit=town.crew))
    page = client.get("/")
    assert page.status_code == 200
    assert "An administrator of 桥边一班 can give you one" in page.text


def test_stranger_at_the_start_is_asked_to_log_in(client, db):
    assert client.get("/").headers["Location"] == "/login/?next=/"


def test_unlocking_lets_the_member_try_again(client, client_class, zhou, admin):
    for _try in range(5):
        try_login(client_class(), password="wrong")
    client.force_login(admin)
    assert "unlock" in client.get("/settings/members/XL0317/").text
    client.post("/settings/members/XL0317/unlock/")
    assert try_login(client_class()).status_code == 302
    assert AuditEntry.objects.filter(act=AuditAct.MEMBER_UNLOCKED, actor=admin).count() == 1


def test_last_login_is_kept(client, zhou):
    try_login(client)
    assert timezone.now() - Member.objects.get(pk=zhou.pk).last_login < timedelta(minutes=1)

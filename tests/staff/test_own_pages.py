"""What a member does for themselves: password, second step, profile, help."""

from datetime import timedelta
from time import time

import pytest
from django.core.exceptions import ValidationError
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from common.contributions import HelpPage, help_pages
from staff.choices import AuditAct, Role
from staff.models import AuditEntry, Member
from staff.services.passwords import change_password, issue_one_time_password, make_one_time_password
from staff.services.second_factor import begin_enrolment, confirm_enrolment
from staff.validators import HistoryValidator, ShapeValidator, StaffNoValidator
from tests.staff.factories import NOW, PASSWORD, member

pytestmark = pytest.mark.django_db
NEW = "Second-light-8"


@pytest.fixture
def zhou(town):
    return member("XL0317", "周婷", unit=town.crew, roles=[Role.CLERK], password=PASSWORD)


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post("/me/password/", {"old": old, "new": new, "again": again or new})


# ── password rules ──────────────────────────────────────────────────────


@pytest.mark.parametrize("good", ["Abcdefg1", "abcdef1-", "ABCDEF1-", "Abcdefg-", "灯火Abc123"])
def test_eight_characters_of_three_classes_are_enough(good):
    ShapeValidator().validate(good)


@pytest.mark.parametrize("bad", ["Abcde1-", "abcdefgh", "abcdefg1", "ABCDEFG-", "12345678", ""])
def test_shorter_or_plainer_ones_are_refused(bad):
    with pytest.raises(ValidationError):
        ShapeValidator().validate(bad)


@pytest.mark.parametrize("bad", ["XL0317-abc", "my-xl0317-Pw"])
def test_staff_number_inside_is_refused(zhou, bad):
    with pytest.raises(ValidationError):
        StaffNoValidator().validate(bad, zhou)


def test_last_five_passwords_are_refused_and_the_sixth_may_come_back(zhou):
    used = [PASSWORD]
    for number in range(5):
        change_password(member=zhou, old=used[-1], new=f"Lamp-number-{number}", now=NOW)
        used.append(f"Lamp-number-{number}")
    zhou.refresh_from_db()
    for password in used[1:]:
        with pytest.raises(ValidationError):
            HistoryValidator(keep=5).validate(password, zhou)
    HistoryValidator(keep=5).validate(used[0], zhou)
    assert zhou.password_records.count() == 5


def test_one_time_passwords_satisfy_the_rules_and_are_easy_to_read():
    drawn = {make_one_time_password() for _time in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        ShapeValidator().validate(password)
        assert not set(password) & set("0O1Il")


# ── changing it ─────────────────────────────────────────────────────────


def test_changed_password_keeps_this_session_and_ends_others(client, client_class, zhou):
    other = client_class()
    other.force_login(zhou)
    client.force_login(zhou)
    assert change(client).headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    assert AuditEntry.objects.filter(act=AuditAct.PASSWORD_CHANGED, actor=zhou).count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, NEW, "Other-light-9", "again"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "xl0317-Light", "xl0317-Light", "new"),
        (PASSWORD, "", "", "new"),
    ],
)
def test_refused_password_says_so_at_its_field(client, zhou, old, new, again, field):
    client.force_login(zhou)
    answer = client.post("/me/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Member.objects.get(pk=zhou.pk).check_password(PASSWORD)


def test_password_page_is_closed_to_strangers(client, zhou):
    assert change(client).status_code == 302
    assert Member.objects.get(pk=zhou.pk).check_password(PASSWORD)


def test_first_login_leads_to_the_password_and_then_where_one_wanted(client, zhou):
    password = issue_one_time_password(member=zhou, actor=None, now=NOW)
    client.post("/login/", {"username": "XL0317", "password": password, "next": "/help/"})
    assert client.get("/help/").headers["Location"] == "/me/password/"
    assert client.get("/me/").headers["Location"] == "/me/password/"
    assert change(client, old=password).headers["Location"] == "/help/"
    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize(("age_days", "status"), [(89, 200), (90, 302)])
def test_password_that_reached_its_age_must_be_changed(client, zhou, settings, freeze, age_days, status):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    freeze("2026-11-20 14:32")
    client.force_login(zhou)
    Member.objects.filter(pk=zhou.pk).update(password_changed_at=NOW - timedelta(days=age_days))
    assert client.get("/help/").status_code == status


def test_one_may_log_out_instead_of_changing(client, zhou):
    issue_one_time_password(member=zhou, actor=None, now=NOW)
    client.force_login(Member.objects.get(pk=zhou.pk))
    assert client.post("/logout/").headers["Location"] == "/login/"


# ── second step ─────────────────────────────────────────────────────────


def code_of(device, steps=0):
    """What the app shows now, or some steps of 30 seconds later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time() + 30 * steps
    return f"{totp.token():06d}"


@pytest.fixture
def chief(town, settings):
    """A supervisor, where the second step is required."""
    settings.REQUIRE_TOTP = True
    return member("XL0200", "刘洋", unit=town.county, roles=[Role.SUPERVISOR], password=PASSWORD)


def login(client, staff_no="XL0200", **more):
    return client.post("/login/", {"username": staff_no, "password": PASSWORD, **more})


def test_supervisor_must_set_up_the_second_step_first(client, chief, freeze):
    freeze("2026-11-20 14:32")
    login(client)
    assert client.get("/help/").headers["Location"] == "/me/second-factor/"
    page = client.get("/me/second-factor/")
    device = TOTPDevice.objects.get(user=chief, confirmed=False)
    assert "<svg" in page.text
    shown = client.post("/me/second-factor/", {"token": code_of(device)})
    assert len(shown.context["codes"]) == 10
    assert all(code in shown.text for code in shown.context["codes"])
    assert "no-store" in shown.headers["Cache-Control"]
    assert client.get("/help/").status_code == 200
    assert AuditEntry.objects.filter(act=AuditAct.SECOND_FACTOR_SET, actor=chief).exists()


@pytest.mark.parametrize("role", [Role.CLERK, Role.HANDLER, Role.DISPATCHER])
def test_below_supervisor_nobody_must(client, town, settings, role):
    settings.REQUIRE_TOTP = True
    client.force_login(member(unit=town.crew, roles=[role]))
    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize("role", [Role.DISPATCH_SUPERVISOR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_from_supervisor_up_everybody_must(client, town, settings, role):
    settings.REQUIRE_TOTP = True
    client.force_login(member(unit=town.top, roles=[role]))
    assert client.get("/help/").headers["Location"] == "/me/second-factor/"


def test_wrong_first_code_does_not_turn_it_on(client, chief):
    login(client)
    assert client.post("/me/second-factor/", {"token": "000000"}).status_code == 422
    assert not TOTPDevice.objects.filter(user=chief, confirmed=True).exists()


@pytest.fixture
def enrolled(chief, freeze):
    """The supervisor with an app: (member, clock, device, backup codes)."""
    clock = freeze("2026-11-20 14:32")
    device, codes = confirm_enrolment(member=chief, token=code_of(begin_enrolment(member=chief)), now=NOW)
    clock.shift(60)
    return chief, clock, device, codes


def test_login_asks_for_the_code_and_goes_where_one_wanted(client, enrolled):
    _chief, _clock, device, _codes = enrolled
    assert login(client, next="/help/?a=1").headers["Location"] == "/login/code/"
    assert client.get("/me/").headers["Location"] == "/login/code/"
    assert client.post("/login/code/", {"token": code_of(device)}).headers["Location"] == "/help/?a=1"
    assert client.get("/me/").status_code == 200


def test_a_code_works_once(client, client_class, enrolled):
    _chief, _clock, device, _codes = enrolled
    used = code_of(device)
    login(client)
    client.post("/login/code/", {"token": used})
    second = client_class()
    login(second)
    assert second.post("/login/code/", {"token": used}).status_code == 422


def test_backup_code_works_once(client, client_class, enrolled):
    _chief, _clock, _device, codes = enrolled
    login(client)
    assert client.post("/login/code/", {"token": codes[0].upper()}).status_code == 302
    assert StaticToken.objects.count() == 9
    second = client_class()
    login(second)
    assert second.post("/login/code/", {"token": codes[0]}).status_code == 422


def test_wrong_codes_slow_the_next_try_down(client, enrolled):
    _chief, clock, device, _codes = enrolled
    login(client)
    client.post("/login/code/", {"token": "000000"})
    assert client.post("/login/code/", {"token": code_of(device)}).status_code == 422
    clock.shift(31)
    assert client.post("/login/code/", {"token": code_of(device)}).status_code == 302


def test_empty_code_is_mended(client, enrolled):
    login(client)
    assert client.post("/login/code/", {}).status_code == 422


def test_reset_second_step_closes_running_sessions_to_work(client, client_class, enrolled, town):
    chief, _clock, device, _codes = enrolled
    login(client)
    client.post("/login/code/", {"token": code_of(device)})
    boss = member(unit=town.top, roles=[Role.ADMINISTRATOR])
    helper = client_class()
    helper.force_login(boss)
    begin = begin_enrolment(member=boss)
    helper.post("/me/second-factor/", {"token": code_of(begin)})
    assert helper.post("/settings/members/XL0200/second-factor/").status_code == 302
    assert not TOTPDevice.objects.filter(user=chief).exists()
    assert client.get("/help/").status_code == 302


def test_password_comes_after_the_code(client, enrolled):
    chief, _clock, device, _codes = enrolled
    Member.objects.filter(pk=chief.pk).update(must_change_password=True)
    login(client)
    assert client.get("/me/password/").headers["Location"] == "/login/code/"
    client.post("/login/code/", {"token": code_of(device)})
    assert client.get("/help/").headers["Location"] == "/me/password/"


# ── profile and help ────────────────────────────────────────────────────


def test_profile_saves_what_the_member_decides_and_nothing_else(client, zhou):
    client.force_login(zhou)
    data = {"language": "en", "phone": "139 7251 0001", "email": "z@example.com", "name": "Boss", "is_active": ""}
    answer = client.post("/me/", data)
    zhou.refresh_from_db()
    assert (zhou.language, zhou.phone, zhou.email, zhou.single_keys) == ("en", "13972510001", "z@example.com", False)
    assert (zhou.name, zhou.is_active) == ("周婷", True)
    assert answer.cookies["django_language"].value == "en"


def test_profile_mends_a_phone_and_keeps_what_was_typed(client, zhou, in_english):
    client.force_login(zhou)
    answer = client.post("/me/", {"phone": "1397251", "email": "z@example.com"})
    assert answer.status_code == 422
    assert "A mobile number has 11 digits, this one has 7" in answer.text
    assert 'value="1397251"' in answer.text
    assert 'value="z@example.com"' in answer.text


def test_language_of_the_member_decides_without_a_cookie(client, zhou):
    Member.objects.filter(pk=zhou.pk).update(language="en")
    client.force_login(zhou)
    assert client.get("/me/", headers={"accept-language": "zh"}).headers["Content-Language"] == "en"


@pytest.mark.parametrize("role", list(Role))
def test_help_tells_every_role_what_it_does(client, town, role, in_english):
    client.force_login(member(unit=town.top, roles=[role]))
    page = client.get("/help/")
    assert [label for label, _template in page.context["own"]] == [role.label]
    assert len(page.context["others"]) == len(Role) - 1
    assert page.text.count('class="dh-bullets"') == len(Role)
    assert "工单" in page.text


def test_help_takes_sections_of_other_rooms_for_the_right_roles(client, town):
    help_pages.register("test", HelpPage(frozenset({Role.CLERK}), "staff/help/editor.html"))
    try:
        client.force_login(member(unit=town.crew, roles=[Role.CLERK]))
        assert client.get("/help/").context["more"] == ["staff/help/editor.html"]
        client.force_login(member(unit=town.crew, roles=[Role.AGENT]))
        assert client.get("/help/").context["more"] == []
    finally:
        help_pages._items.pop("test")

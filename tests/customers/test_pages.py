"""The pages: who gets them, what they never show, and that every form works with and without script."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from customers.choices import Secrecy
from customers.models import Customer, ViewLog
from staff.choices import Role
from staff.models import Member
from tests.customers.factories import CustomerFactory, add_phone, add_place
from tests.staff.factories import member

HX = {"HX-Request": "true"}
PHONE, DOOR, ACCOUNT = "13912342716", "3021", "4200361772"
INTAKE = "/intake/fault/"


def as_member(someone: Member, **headers: str) -> Client:
    client = Client(headers={"accept-language": "en", **headers})
    client.force_login(someone, backend="staff.backends.MemberBackend")
    return client


@pytest.fixture
def chen(here):
    made = CustomerFactory(
        name="陈淑兰",
        account_no=ACCOUNT,
        phone=PHONE,
        door=DOOR,
        meter_no="4201990003381",
        address="夜明珠街道桔城路18号2栋1单元",
        flags=["elderly_alone"],
        transformer=here,
    )
    add_place(made, "窑湾街道夷兴路 45 号（铺面）", transformer=here)
    return made


@pytest.fixture
def desk(clerk):
    return as_member(clerk)


def url(name: str, *args: str) -> str:
    return reverse(f"customers:{name}", args=args)


def shows(response, *texts: str) -> bool:
    page = response.content.decode()
    return all(text in page for text in texts)


def tells(response) -> bool:
    """Whether a full phone or door number is anywhere in the answer, in any grouping."""
    page = re.sub(r"[\s\-]|&nbsp;|\u2009", "", response.content.decode())
    return PHONE in page or re.search(rf"(?<!\d){DOOR}(?!\d)", response.content.decode()) is not None


# ── who ─────────────────────────────────────────────────────────────────

SEEING = {
    Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.DISPATCH_SUPERVISOR, Role.HANDLER, Role.UNIT_LEAD, Role.SUPERVISOR,
    Role.MANAGER, Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR,
}  # fmt: skip
WRITING = {Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR, Role.ARCHIVE_KEEPER, Role.ACCOUNT_MANAGER}
GRADING = {Role.ARCHIVE_KEEPER, Role.MANAGER}
IMPORTING = {Role.ARCHIVE_KEEPER, Role.ADMINISTRATOR}
AUDITING = {Role.AUDITOR, Role.MANAGER}
PAGES = [
    ("list", (), SEEING, 403),
    ("detail", (ACCOUNT,), SEEING, 404),
    ("panel", (ACCOUNT,), SEEING, 404),
    ("new", (), WRITING, 403),
    ("correct", (ACCOUNT,), WRITING, None),
    ("contact", (ACCOUNT,), WRITING, None),
    ("place", (ACCOUNT,), WRITING, None),
    ("grade", (ACCOUNT,), GRADING, None),
    ("import", (), IMPORTING, 403),
    ("views", (), AUDITING, 403),
]


@pytest.mark.parametrize(("name", "args", "may", "else_"), PAGES, ids=[page[0] for page in PAGES])
def test_each_page_opens_for_its_roles_only(town, chen, name, args, may, else_):
    for role in Role:
        client = as_member(member(unit=town.top, roles=[role]))
        wanted = 200 if role in may else else_ or (403 if role in SEEING else 404)
        assert client.get(url(name, *args)).status_code == wanted, role


def test_nobody_gets_in_without_logging_in(chen, client):
    names = [("list",), ("suggest",), ("detail", ACCOUNT), ("panel", ACCOUNT), ("new",), ("views",), ("import",)]
    for name, *args in names:
        assert client.get(url(name, *args)).status_code == 302
    assert client.post(url("show", ACCOUNT), {"fields_wanted": "phone", "purpose": "verify"}).status_code == 302
    assert not ViewLog.objects.exists()


def test_a_customer_of_another_unit_does_not_exist(handler, elsewhere):
    far = CustomerFactory(name="陈远", transformer=elsewhere)
    client = as_member(handler)
    for name in ("detail", "panel", "correct", "contact", "place", "grade"):
        assert client.get(url(name, far.account_no)).status_code == 404, name
    assert client.post(url("show", far.account_no), {"fields_wanted": "phone", "purpose": "verify"}).status_code == 404
    assert not shows(client.get(url("list"), {"q": "陈远"}), far.account_no)
    assert not ViewLog.objects.exists()


def test_a_secret_customer_is_in_no_list_and_no_suggestion(desk, here):
    secret = CustomerFactory(name="陈机要", transformer=here, secrecy_level=Secrecy.TOP_SECRET)
    for answer in (
        desk.get(url("list")),
        desk.get(url("list"), {"q": "陈机"}),
        desk.get(url("suggest"), {"q": "陈机"}),
    ):
        assert not shows(answer, secret.account_no)
    assert desk.get(url("detail", secret.account_no)).status_code == 404


# ── what is never shown ─────────────────────────────────────────────────


def test_no_page_tells_a_full_phone_or_door_number(desk, chen, keeper):
    pages = [
        desk.get(url("list")),
        desk.get(url("list"), {"q": "陈淑"}),
        desk.get(url("suggest"), {"q": "陈淑"}),
        desk.get(url("suggest"), {"q": "2716"}),
        desk.get(url("detail", ACCOUNT)),
        desk.get(url("panel", ACCOUNT)),
        desk.get(url("correct", ACCOUNT)),
        desk.get(url("suggest")),
        as_member(keeper).get(url("grade", ACCOUNT)),
    ]
    for page in pages:
        assert page.status_code == 200
        assert not tells(page)
    assert shows(pages[4], "139 **** 2716", "***", "桔城路 18 号 2 栋 1 单元")


def test_a_look_shows_the_number_in_its_place_for_a_minute_and_is_never_cached(desk, chen):
    answer = desk.post(url("show", ACCOUNT), {"fields_wanted": "phone", "purpose": "call_back"}, headers=HX)
    assert shows(answer, "139 1234 2716", "load delay:60s", 'id="dh-secrets"')
    assert DOOR not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert ViewLog.objects.get().purpose == "call_back"


def test_a_look_without_script_is_a_page_that_turns_away_by_itself(desk, chen):
    answer = desk.post(url("show", ACCOUNT), {"fields_wanted": "door", "purpose": "on_site"})
    assert shows(answer, DOOR, f'content="60;url={url("detail", ACCOUNT)}"')
    assert PHONE not in answer.content.decode().replace(" ", "")


@pytest.mark.parametrize("sent", [{}, {"fields_wanted": "phone"}, {"fields_wanted": "phone", "purpose": "x"}])
def test_a_look_without_a_purpose_shows_nothing(desk, chen, sent):
    answer = desk.post(url("show", ACCOUNT), sent, headers=HX)
    assert answer.status_code == 422
    assert not tells(answer)
    assert not ViewLog.objects.exists()


def test_a_look_is_never_a_get(desk, chen):
    assert desk.get(url("show", ACCOUNT)).status_code == 405


# ── searching ───────────────────────────────────────────────────────────


def test_suggestions_underline_what_fits_and_lead_to_the_customer(desk, chen):
    answer = desk.get(url("suggest"), {"q": "陈淑"}, headers=HX)
    assert shows(answer, "<mark>陈淑</mark>兰", "4200 361 772", "桔城路 18 号", url("detail", ACCOUNT))


def test_at_most_eight_are_suggested(desk, here):
    for _ in range(10):
        CustomerFactory(name="王建国", transformer=here)
    assert desk.get(url("suggest"), {"q": "建国"}).content.decode().count("<li>") == 8


def test_one_character_suggests_nothing_yet(desk, chen):
    assert desk.get(url("suggest"), {"q": "陈"}).content == b""


def test_the_empty_box_shows_the_last_five_customers_newest_first(desk, here):
    made = [CustomerFactory(name=f"客户{n}", transformer=here) for n in range(6)]
    for one in made:
        desk.get(url("detail", one.account_no))
    desk.get(url("detail", made[1].account_no))
    shown = re.findall(r"客户\d", desk.get(url("suggest")).content.decode())
    assert shown == ["客户1", "客户5", "客户4", "客户3", "客户2"]


def test_nobody_found_teaches_how_to_find_and_offers_the_way_without(desk, chen):
    for answer in (desk.get(url("suggest"), {"q": "陈叔"}), desk.get(url("list"), {"q": "陈叔"})):
        assert shows(answer, "陈叔", "last four digits of the phone", INTAKE[:8])


@pytest.mark.parametrize("text", [ACCOUNT, "4200 361 772", PHONE, "4201990003381"])
def test_a_whole_number_opens_the_customer_at_once(desk, chen, text):
    answer = desk.get(url("list"), {"q": text})
    assert (answer.status_code, answer.url) == (302, url("detail", ACCOUNT))


def test_a_shared_phone_lists_everybody_on_it(desk, chen, here):
    add_phone(CustomerFactory(name="陈记热干面", transformer=here), PHONE)
    assert shows(desk.get(url("list"), {"q": PHONE}), "陈淑兰", "陈记热干面")


def test_the_page_that_asks_gets_the_customer_back(desk, chen):
    found = desk.get(url("list"), {"q": ACCOUNT, "to": INTAKE})
    assert found.url == f"{INTAKE}?customer={ACCOUNT}&q={ACCOUNT}"
    assert shows(desk.get(url("suggest"), {"q": "陈淑", "to": INTAKE}), f"{INTAKE}?customer={ACCOUNT}")


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_only_our_own_pages_get_it_back(desk, chen, to):
    assert desk.get(url("list"), {"q": ACCOUNT, "to": to}).url == url("detail", ACCOUNT)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'", '"><img src=x>', "\x00", "%", "1单元 " * 900])
def test_whatever_is_typed_is_answered_and_escaped(desk, chen, text):
    for name in ("list", "suggest"):
        answer = desk.get(url(name), {"q": text})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x>" not in answer.content.decode()


# ── the list ────────────────────────────────────────────────────────────


def test_filters_narrow_the_list(desk, chen, here, elsewhere):
    CustomerFactory(name="重要厂", klass="industrial", importance="first", transformer=elsewhere)
    for query, name in (
        ({"klass": "industrial"}, "重要厂"),
        ({"importance": "any"}, "重要厂"),
        ({"flag": "elderly_alone"}, "陈淑兰"),
        ({"flag": "any"}, "陈淑兰"),
        ({"area": here.area.code}, "陈淑兰"),
        ({"area": elsewhere.area.code}, "重要厂"),
    ):
        page = desk.get(url("list"), query).content.decode()
        assert [n for n in ("陈淑兰", "重要厂") if n in page] == [name], query


def test_the_list_costs_the_same_with_more_customers(desk, here, django_assert_max_num_queries):
    for _ in range(60):
        CustomerFactory(transformer=here)
    with django_assert_max_num_queries(14):
        assert shows(desk.get(url("list")), "50")


# ── entering and correcting ─────────────────────────────────────────────


def form_of(**changes) -> dict:
    return {
        "name": "赵小兰", "phone": "13800138000", "address": "夜明珠街道桔城路18号2栋1单元501", "klass": "residential",
        "voltage": "low", "language": "zh-hans", "request_id": str(uuid4()), **changes,
    }  # fmt: skip


def test_a_new_customer_is_saved_and_the_intake_gets_it(desk, chen):
    answer = desk.post(f"{url('new')}?to={INTAKE}", form_of())
    made = Customer.objects.get(name="赵小兰")
    assert answer.url == f"{INTAKE}?customer={made.account_no}"
    assert made.supply_points.get().door == "501"


def test_beside_the_intake_the_answer_brings_the_intake_back_in_its_place(desk, chen):
    answer = desk.post(f"{url('new')}?to={INTAKE}", form_of(), headers=HX)
    assert answer.status_code == 200
    assert f"{INTAKE}?customer=" in answer.headers["HX-Location"]


def test_the_same_form_twice_makes_one_customer(desk, chen):
    twice = form_of()
    desk.post(url("new"), twice)
    desk.post(url("new"), twice)
    assert Customer.objects.filter(name="赵小兰").count() == 1


def test_a_refused_form_keeps_what_was_typed(desk, chen):
    for headers in ({}, HX):
        answer = desk.post(url("new"), form_of(phone="1380013"), headers=headers)
        assert answer.status_code == 422
        assert shows(answer, "赵小兰", "1380013", "11 digits, this one has 7")


def test_a_look_alike_is_shown_before_a_second_file_is_made(desk, chen):
    same = form_of(name="陈淑兰", phone=PHONE)
    hinted = desk.post(url("new"), same)
    assert hinted.status_code == 422
    assert shows(hinted, "4200 361 772", 'name="is_different"')
    assert desk.post(url("new"), same | {"is_different": "1"}).status_code == 302
    assert Customer.objects.filter(name="陈淑兰").count() == 2


def test_what_was_searched_in_vain_stands_in_the_new_form(desk):
    assert shows(desk.get(url("new"), {"q": "赵小兰"}), 'value="赵小兰"')
    assert shows(desk.get(url("new"), {"q": "138 0013 8000"}), 'value="138 0013 8000"')


def correct_form(client: Client, **changes) -> dict:
    form = client.get(url("correct", ACCOUNT)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_a_correction_left_masked_keeps_phone_and_door(desk, chen):
    sent = correct_form(desk, name="陈素兰")
    assert sent["phone"] == "139 **** 2716"
    assert desk.post(url("correct", ACCOUNT), sent).status_code == 302
    chen.refresh_from_db()
    assert chen.name == "陈素兰"
    assert chen.contacts.get().phone == PHONE
    assert chen.supply_points.get(is_main=True).door == DOOR


def test_another_masked_number_is_not_taken_for_the_one_on_file(desk, chen):
    answer = desk.post(url("correct", ACCOUNT), correct_form(desk, phone="139 **** 0000"))
    assert answer.status_code == 422


@pytest.mark.parametrize(("headers", "status"), [({}, 409), (HX, 422)])
def test_of_two_corrections_the_second_sees_both_versions_and_may_save_again(desk, chen, keeper, headers, status):
    mine = correct_form(desk, name="陈素兰")
    desk_of_keeper = as_member(keeper)
    desk_of_keeper.post(url("correct", ACCOUNT), correct_form(desk_of_keeper, name="程淑兰"))
    answer = desk.post(url("correct", ACCOUNT), mine, headers=headers)
    assert answer.status_code == status
    assert shows(answer, "程淑兰", "陈素兰", keeper.name, "Save mine over it")
    again = mine | {"version": str(mine["version"] + 1)}
    assert desk.post(url("correct", ACCOUNT), again).status_code == 302
    chen.refresh_from_db()
    assert chen.name == "陈素兰"


def test_contacts_places_and_grades_have_forms(desk, chen, keeper, here):
    sent = {"name": "儿子", "phone": "0717-6221234", "role": "family"}
    assert desk.post(url("contact", ACCOUNT), sent).status_code == 302
    place = {"address": "云集路 4 号", "transformer": here.code}
    assert desk.post(url("place", ACCOUNT), place).status_code == 302
    assert desk.post(url("place", ACCOUNT), {"address": "x", "transformer": "nowhere"}).status_code == 422
    version = str(Customer.objects.get(account_no=ACCOUNT).version)
    graded = {"importance": "first", "key_account": "none", "secrecy_level": "none", "version": version}
    assert as_member(keeper).post(url("grade", ACCOUNT), graded).status_code == 302
    assert (chen.contacts.count(), chen.supply_points.count()) == (2, 3)


def test_the_file_page_needs_few_queries_however_much_is_on_file(desk, chen, here, django_assert_max_num_queries):
    for n in range(20):
        add_place(chen, f"云集路 {n} 号", transformer=here)
    with django_assert_max_num_queries(20):
        desk.get(url("detail", ACCOUNT))


def test_the_log_of_looks_names_who_whose_and_why(desk, chen, clerk, town):
    desk.post(url("show", ACCOUNT), {"fields_wanted": "phone", "purpose": "verify"})
    auditor = as_member(member(unit=town.top, roles=[Role.AUDITOR]))
    assert shows(auditor.get(url("views")), clerk.name, "4200 361 772", "Check who is calling")
    assert shows(auditor.get(url("views"), {"who": "nobody"}), "No look fits")
    exported = auditor.post(f"{url('views')}?export=1", {"purpose": "yearly audit"})
    assert PHONE not in b"".join(exported.streaming_content).decode()

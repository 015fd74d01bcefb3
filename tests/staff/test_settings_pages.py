"""The administrator's pages: who gets in, what each does, what each refuses.

County administrator and supervisor hold their role in 点军 (town.county); 伍家 (town.beside) is another subtree.
"""

import pytest
from django.urls import reverse

from common.contributions import Leaving, LeavingCheck, Registry, leaving_checks
from staff.choices import AuditAct, Role, UnitKind
from staff.models import AuditEntry, Duty, Member, RoleGrant, Unit
from staff.services.duty import plan_duty
from staff.services.grants import grant_role
from staff.views import settings as settings_view
from tests.staff.factories import NOW, member

pytestmark = pytest.mark.django_db

UNIT = {"name": "三班", "code": "dj01c", "kind": UnitKind.CREW, "area_class": "urban", "capacity": 3}


@pytest.fixture
def people(town):
    """One of each kind that matters here, by name."""
    return {
        "admin": member("AD1", unit=town.county, roles=[Role.ADMINISTRATOR]),
        "top_admin": member("AD0", unit=town.top, roles=[Role.ADMINISTRATOR]),
        "supervisor": member("SU1", unit=town.county, roles=[Role.SUPERVISOR]),
        "auditor": member("AU1", unit=town.county, roles=[Role.AUDITOR]),
        "clerk": member("CL1", unit=town.county, roles=[Role.CLERK]),
        "worker": member("WO1", "王磊", unit=town.crew, roles=[Role.HANDLER]),
        "stranger": member("ST1", unit=town.beside, roles=[Role.HANDLER]),
    }


@pytest.fixture
def shift(town, people, freeze):
    """The worker's shift of the week of 16 November 2026, at a clock that stands at its Friday."""
    freeze("2026-11-20 14:32")
    spells = [(NOW, NOW.replace(hour=12))]
    return plan_duty(member=people["worker"], unit=town.crew, role=Role.HANDLER, spells=spells, now=NOW)[0]


@pytest.fixture
def by(client, people):
    """Log a person in: ``by("admin")``."""

    def log_in(name):
        if name:
            client.force_login(people[name])
        else:
            client.logout()
        return client

    return log_in


# What each POST does: address, form, who may, and the address of the same thing in another subtree.
POSTS = {
    "unit_new": ("/settings/units/new/?under=DJ01", UNIT, "/settings/units/new/?under=WJ"),
    "unit_edit": ("/settings/units/DJ01A/edit/", UNIT, "/settings/units/WJ/edit/"),
    "unit_switch": ("/settings/units/DJ01A/switch/", {}, "/settings/units/WJ/switch/"),
    "unit_grant": ("/settings/units/DJ01A/roles/", {"staff_no": "WO1", "role": "clerk"}, "/settings/units/WJ/roles/"),
    "member_edit": ("/settings/members/WO1/edit/", {"name": "王石"}, "/settings/members/ST1/edit/"),
    "member_password": ("/settings/members/WO1/password/", {}, "/settings/members/ST1/password/"),
    "member_unlock": ("/settings/members/WO1/unlock/", {}, "/settings/members/ST1/unlock/"),
    "member_second_factor": ("/settings/members/WO1/second-factor/", {}, "/settings/members/ST1/second-factor/"),
    "member_leave": ("/settings/members/WO1/leave/", {}, "/settings/members/ST1/leave/"),
    "member_return": ("/settings/members/WO1/return/", {}, "/settings/members/ST1/return/"),
    "member_grant": ("/settings/members/WO1/roles/", {"role": "clerk"}, "/settings/members/ST1/roles/"),
    "member_revoke": (
        "/settings/members/WO1/roles/revoke/",
        {"role": "handler", "unit": "DJ01A"},
        "/settings/members/ST1/roles/revoke/",
    ),
    "duty_remove": ("/settings/duty/DJ01A/remove/?role=handler", {}, "/settings/duty/WJ/remove/"),
    "duty_repeat": ("/settings/duty/DJ01A/repeat/?role=handler", {}, "/settings/duty/WJ/repeat/"),
    "duty_week": ("/settings/duty/DJ01A/?role=handler", {}, "/settings/duty/WJ/"),
}
POST_ONLY = [
    "unit_switch", "unit_grant", "member_password", "member_unlock", "member_second_factor", "member_return",
    "member_grant", "member_revoke", "duty_remove", "duty_repeat",
]  # fmt: skip


def statuses(answers):
    """What each answered, by name; one look shows all that differ."""
    return {name: answer.status_code for name, answer in answers.items()}


def test_posts_by_a_stranger_lead_to_login(by):
    answers = {name: by(None).post(url, form) for name, (url, form, _elsewhere) in POSTS.items()}
    assert {answer.headers["Location"].split("?")[0] for answer in answers.values()} == {"/login/"}


def test_posts_by_a_reader_are_forbidden_with_the_reason(by, shift, in_english):
    """The auditor of the county sees all this and may change none of it."""
    answers = {name: by("auditor").post(url, form) for name, (url, form, _elsewhere) in POSTS.items()}
    assert statuses(answers) == dict.fromkeys(POSTS, 403)
    assert all("administrator" in answer.text for answer in answers.values())


def test_posts_in_another_subtree_find_nothing(by):
    answers = {name: by("admin").post(elsewhere, form) for name, (_url, form, elsewhere) in POSTS.items()}
    assert statuses(answers) == dict.fromkeys(POSTS, 404)


def test_mere_acts_are_not_pages(by):
    answers = {name: by("admin").get(POSTS[name][0]) for name in POST_ONLY}
    assert statuses(answers) == dict.fromkeys(POST_ONLY, 405)


def test_only_those_who_take_work_may_take_it_over_their_own_unit_first(by, town):
    own = member("WO2", "李强", unit=town.crew, roles=[Role.HANDLER])
    other = member("CL2", "陈芳", unit=town.station, roles=[Role.CLERK])
    groups = by("admin").get("/settings/members/WO1/leave/").context["form"].fields["successor"].choices
    units = [(unit, [pk for pk, _label in members]) for unit, members in list(groups)[1:]]
    assert units[0] == (town.crew.label, [own.pk])
    assert (town.station.label, [other.pk]) in units
    offered = {pk for _unit, members in units for pk in members}
    assert not offered & set(Member.objects.filter(staff_no__in=["AD1", "AU1"]).values_list("pk", flat=True))


PAGES = {
    "/settings/units/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/units/DJ01/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/units/DJ01/edit/": {"admin", "top_admin"},
    "/settings/units/DJ01/move/": {"admin", "top_admin"},
    "/settings/units/new/?under=DJ01": {"admin", "top_admin"},
    "/settings/members/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/members/?export=1": {"admin", "top_admin", "auditor"},
    "/settings/members/new/": {"admin", "top_admin"},
    "/settings/members/import/": {"admin", "top_admin"},
    "/settings/members/import/sample/": {"admin", "top_admin"},
    "/settings/members/WO1/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/members/WO1/edit/": {"admin", "top_admin"},
    "/settings/members/WO1/leave/": {"admin", "top_admin"},
    "/settings/duty/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/duty/DJ01A/": {"admin", "top_admin", "supervisor", "auditor"},
    "/settings/audit/": {"admin", "top_admin", "auditor"},
}


@pytest.mark.parametrize("who", ["admin", "top_admin", "supervisor", "auditor", "clerk", "stranger"])
def test_pages_open_for_those_they_are_for(by, who):
    """To others they are forbidden, or do not exist where the thing itself is out of sight."""
    found = {url: by(who).get(url).status_code for url in PAGES}
    assert {url for url, status in found.items() if status == 200} == {url for url in PAGES if who in PAGES[url]}
    assert set(found.values()) <= {200, 403, 404}


@pytest.mark.parametrize(("who", "listed"), [("admin", 4), ("supervisor", 3), ("auditor", 4), ("clerk", 0)])
def test_settings_list_what_the_person_may_open(by, who, listed):
    ours = {reverse(f"staff:{name}") for name in ("units", "members", "duty", "audit")}
    pages = by(who).get("/settings/").context["pages"]
    assert len(ours & {page["url"] for page in pages}) == listed


def test_settings_without_any_page_are_closed_with_the_reason(by, monkeypatch, in_english):
    monkeypatch.setattr(settings_view, "settings_pages", Registry())
    answer = by("clerk").get("/settings/")
    assert answer.status_code == 403
    assert "Settings are for supervisors" in answer.text


# ── units ───────────────────────────────────────────────────────────────


def test_new_unit_stands_under_the_one_asked_for(by):
    answer = by("admin").post("/settings/units/new/?under=DJ01", UNIT)
    made = Unit.objects.get(code="DJ01C")
    assert answer.headers["Location"] == "/settings/units/DJ01C/"
    assert Unit.objects.get_parent(made).code == "DJ01"


@pytest.mark.parametrize(
    ("change", "field"), [({"code": "DJ01A"}, "code"), ({"code": "a b"}, "code"), ({"name": ""}, "name")]
)
def test_new_unit_with_a_fault_is_mended(by, change, field):
    answer = by("admin").post("/settings/units/new/?under=DJ01", {**UNIT, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_edited_unit_may_keep_its_code(by):
    answer = by("admin").post("/settings/units/DJ01A/edit/", {**UNIT, "code": "DJ01A", "name": "桥边抢修班"})
    assert answer.status_code == 302
    assert Unit.objects.get(code="DJ01A").name == "桥边抢修班"


def test_moved_unit_and_places_it_can_go_to(by, town):
    page = by("admin").get("/settings/units/DJ01A/move/")
    offered = set(page.context["form"].fields["parent"].queryset)
    assert offered == {town.county, town.station}
    answer = by("admin").post("/settings/units/DJ01A/move/", {"parent": town.county.pk})
    assert answer.status_code == 302
    assert Unit.objects.get_parent(Unit.objects.get(code="DJ01A")) == town.county
    assert by("admin").post("/settings/units/DJ01A/move/", {"parent": town.beside.pk}).status_code == 422


def test_unit_is_put_out_of_use_and_back(by, town):
    by("admin").post("/settings/members/WO1/leave/", {})
    assert by("admin").post("/settings/units/DJ01A/switch/").status_code == 302
    assert not Unit.objects.get(code="DJ01A").is_active
    by("admin").post("/settings/units/DJ01A/switch/")
    assert Unit.objects.get(code="DJ01A").is_active


def test_unit_with_people_says_why_it_stays_in_use(by, in_english):
    answer = by("admin").post("/settings/units/DJ01A/switch/")
    assert answer.status_code == 422
    assert "1 member still belongs to it" in answer.text


def test_role_is_given_on_the_page_of_the_unit(by, people, town):
    assert by("admin").post("/settings/units/DJ01A/roles/", {"staff_no": "wo1", "role": "clerk"}).status_code == 302
    assert RoleGrant.objects.filter(member=people["worker"], role=Role.CLERK, unit=town.crew).exists()
    nobody = by("admin").post("/settings/units/DJ01A/roles/", {"staff_no": "ST1", "role": "clerk"})
    assert nobody.status_code == 422


# ── members ─────────────────────────────────────────────────────────────


def test_new_member_gets_a_password_shown_once(by, town):
    data = {"staff_no": "xl0901", "name": "覃芳", "home_unit": town.crew.pk}
    answer = by("admin").post("/settings/members/new/", data)
    made = Member.objects.get(staff_no="XL0901")
    assert made.check_password(answer.context["password"])
    assert answer.context["password"] in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert by("admin").post("/settings/members/new/", data).status_code == 422  # reloading does not repeat it


@pytest.mark.parametrize(
    "change", [{"staff_no": "x"}, {"staff_no": "WO1"}, {"name": ""}, {"phone": "12"}, {"email": "@"}]
)
def test_new_member_with_a_fault_is_mended(by, town, change):
    data = {"staff_no": "XL0901", "name": "覃芳", "home_unit": town.crew.pk, **change}
    answer = by("admin").post("/settings/members/new/", data)
    assert answer.status_code == 422
    assert set(change) == set(answer.context["form"].errors)


def test_new_member_cannot_be_put_into_another_subtree(by, town):
    data = {"staff_no": "XL0901", "name": "覃芳", "home_unit": town.beside.pk}
    assert by("admin").post("/settings/members/new/", data).status_code == 422


def test_edited_member_keeps_the_staff_number(by, people, town):
    data = {"staff_no": "XX9", "name": "王石", "home_unit": town.station.pk, "phone": "13972510009"}
    assert by("admin").post("/settings/members/WO1/edit/", data).status_code == 302
    worker = Member.objects.get(pk=people["worker"].pk)
    assert (worker.staff_no, worker.name, worker.home_unit, worker.phone) == (
        "WO1",
        "王石",
        town.station,
        "13972510009",
    )


def test_administrator_below_cannot_take_over_one_above(by, people, town):
    grant_role(member=people["worker"], role=Role.ADMINISTRATOR, unit=town.top, now=NOW)
    assert by("admin").post("/settings/members/WO1/password/").status_code == 403
    assert by("admin").post("/settings/members/WO1/leave/").status_code == 403
    assert by("top_admin").post("/settings/members/WO1/password/").status_code == 200


def test_roles_are_given_and_taken_within_reach_only(by, people, town):
    worker = people["worker"]
    by("admin").post("/settings/members/WO1/roles/", {"role": "clerk", "unit": town.station.pk})
    assert RoleGrant.objects.filter(member=worker, role=Role.CLERK, unit=town.station).exists()
    beyond = by("admin").post("/settings/members/WO1/roles/", {"role": "clerk", "unit": town.beside.pk})
    assert beyond.status_code == 422
    by("admin").post("/settings/members/WO1/roles/revoke/", {"role": "clerk", "unit": "DJ01"})
    assert not RoleGrant.objects.filter(member=worker, role=Role.CLERK).exists()


def test_nobody_changes_their_own_roles_or_account(by, town):
    assert (
        by("admin").post("/settings/members/AD1/roles/", {"role": "manager", "unit": town.county.pk}).status_code == 403
    )
    revoke = {"role": "administrator", "unit": "DJ"}
    assert by("admin").post("/settings/members/AD1/roles/revoke/", revoke).status_code == 403
    assert by("admin").post("/settings/members/AD1/leave/").status_code == 403


def test_role_that_is_not_held_does_not_exist(by):
    form = {"role": "manager", "unit": "DJ"}
    assert by("admin").post("/settings/members/WO1/roles/revoke/", form).status_code == 404


def test_leaving_asks_who_takes_open_orders_and_names_the_gaps(by, people, shift, in_english):
    held = {people["worker"].pk: 3}
    room = Leaving(
        check=lambda who: LeavingCheck("Open orders", held.get(who.pk, 0), "/orders/?who=WO1"),
        hand_over=lambda *, member, to, actor, now: held.pop(member.pk),
    )
    leaving_checks.register("test", room)
    try:
        asked = by("admin").get("/settings/members/WO1/leave/")
        assert "Open orders 3" in asked.text
        assert by("admin").post("/settings/members/WO1/leave/", {}).status_code == 422
        heir = people["clerk"]
        done = by("admin").post("/settings/members/WO1/leave/", {"successor": heir.pk})
    finally:
        leaving_checks._items.pop("test")
    assert "3 things went to" in done.text
    assert [duty.starts_at for duty in done.context["leaving"].gaps] == [shift.starts_at]
    assert not Member.objects.get(pk=people["worker"].pk).is_active


def test_member_taken_back_gets_a_password(by, people):
    by("admin").post("/settings/members/WO1/leave/", {})
    answer = by("admin").post("/settings/members/WO1/return/")
    assert Member.objects.get(staff_no="WO1").check_password(answer.context["password"])
    assert by("admin").post("/settings/members/WO1/return/").status_code == 422


def test_password_of_a_deactivated_member_is_not_issued(by):
    by("admin").post("/settings/members/WO1/leave/", {})
    assert by("admin").post("/settings/members/WO1/password/").status_code == 422


# ── duty ────────────────────────────────────────────────────────────────

WEEK = "/settings/duty/DJ01A/?role=handler&week=2026-11-18"


def test_shift_is_planned_on_the_days_ticked_over_midnight(by, people, town, freeze):
    freeze("2026-11-16 00:00")
    form = {"member": people["worker"].pk, "days": [0, 4], "starts": "2030", "ends": "8：30"}
    answer = by("supervisor").post(WEEK, form)
    assert answer.headers["Location"] == "/settings/duty/DJ01A/?role=handler&week=2026-11-16"
    spells = Duty.objects.order_by("starts_at").values_list("starts_at", "ends_at")
    assert [(str(a)[:16], str(b)[:16]) for a, b in spells] == [
        ("2026-11-16 12:30", "2026-11-17 00:30"),
        ("2026-11-20 12:30", "2026-11-21 00:30"),
    ]


@pytest.mark.parametrize("change", [{"starts": "25:00"}, {"days": []}, {"member": ""}, {"member": "who"}])
def test_shift_with_a_fault_is_mended_and_none_is_planned(by, people, freeze, change):
    freeze("2026-11-16 00:00")
    form = {"member": people["worker"].pk, "days": [0], "starts": "08:00", "ends": "16:00", **change}
    assert by("supervisor").post(WEEK, form).status_code == 422
    assert not Duty.objects.exists()


def test_crossing_shift_is_refused_with_all_its_days(by, people, shift):
    form = {"member": people["worker"].pk, "days": [4, 5], "starts": "15:00", "ends": "23:00"}
    assert by("supervisor").post(WEEK, form).status_code == 422
    assert Duty.objects.count() == 1


def test_only_holders_of_the_role_are_offered(by, people, town):
    page = by("supervisor").get(WEEK)
    assert list(page.context["form"].fields["member"].queryset) == [people["worker"]]


def test_shift_of_another_unit_is_not_removed_here(by, shift):
    assert by("supervisor").post("/settings/duty/DJ01/remove/", {"shift": shift.pk}).status_code == 404
    assert by("supervisor").post("/settings/duty/DJ01A/remove/", {"shift": "x"}).status_code == 404


def test_running_shift_ends_now_when_removed(by, shift, freeze):
    freeze("2026-11-20 15:00")
    by("supervisor").post("/settings/duty/DJ01A/remove/?role=handler", {"shift": shift.pk})
    shift.refresh_from_db()
    assert str(shift.ends_at)[:16] == "2026-11-20 07:00"


def test_week_is_repeated_once(by, shift):
    for _time in range(2):
        by("supervisor").post("/settings/duty/DJ01A/repeat/?role=handler&week=2026-11-23")
    assert Duty.objects.count() == 2
    assert str(Duty.objects.latest("starts_at").starts_at)[:16] == "2026-11-27 06:32"


def test_now_on_duty_shows_what_the_person_sees(by, shift, people, town):
    freezer = by("supervisor").get("/settings/duty/")
    assert [duty.pk for duty in freezer.context["shifts"]] == [shift.pk]


def test_role_that_does_not_exist_is_no_page(by):
    assert by("supervisor").get("/settings/duty/DJ01A/?role=king").status_code == 404


# ── audit, list, export ─────────────────────────────────────────────────


def test_audit_shows_the_subtree_only_and_names_who(by, people, town):
    by("admin").post("/settings/units/DJ01A/edit/", {**UNIT, "code": "DJ01A"})
    rows = by("auditor").get("/settings/audit/").context["list"].rows
    assert rows[0].act == AuditAct.UNIT_EDITED
    assert rows[0].actor == people["admin"]
    assert rows[0].request_id
    assert all(row.unit != town.beside and row.unit != town.top for row in rows)


def test_audit_is_filtered_by_who_and_what(by, people):
    by("admin").post("/settings/units/DJ01A/edit/", {**UNIT, "code": "DJ01A"})
    found = (
        by("auditor").get("/settings/audit/", {"who": "ad1", "act": "unit_edited", "on": "dj01a"}).context["list"].rows
    )
    assert len(found) == 1
    assert by("auditor").get("/settings/audit/", {"who": "nobody"}).context["list"].rows == []


@pytest.mark.parametrize("typed", ["王磊", "wanglei", "wl", "WO1", "王"])
def test_member_is_found_by_name_sound_and_number(by, typed):
    found = by("admin").get(reverse("staff:members"), {"q": typed}).context["list"].rows
    assert [row.staff_no for row in found] == ["WO1"]


def test_members_are_filtered_by_unit_role_and_state(by, people):
    get = by("admin").get
    assert {m.staff_no for m in get("/settings/members/", {"unit": "DJ01"}).context["list"].rows} == {"WO1"}
    assert {m.staff_no for m in get("/settings/members/", {"role": "clerk"}).context["list"].rows} == {"CL1"}
    by("admin").post("/settings/members/WO1/leave/", {})
    assert {m.staff_no for m in get("/settings/members/", {"state": "gone"}).context["list"].rows} == {"WO1"}
    assert "WO1" not in {m.staff_no for m in get("/settings/members/").context["list"].rows}


def test_export_asks_what_for_then_gives_the_filtered_rows_and_is_kept(by, people):
    url = "/settings/members/?export=1&role=handler"
    assert by("auditor").post(url, {"purpose": ""}).status_code == 422
    answer = by("auditor").post(url, {"purpose": "yearly roll"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["WO1"]
    kept = AuditEntry.objects.get(act=AuditAct.EXPORTED)
    assert kept.actor == people["auditor"]
    assert kept.after == {
        "list": "staff.members", "purpose": "yearly roll", "rows": 1, "filters": {"role": ["handler"]},
    }  # fmt: skip

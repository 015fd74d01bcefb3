"""Members from a file: checked first, all or none, in plain words."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from common.errors import Refusal
from staff.choices import AuditAct, Role
from staff.models import AuditEntry, Member, MemberImport, RoleGrant
from staff.services import imports
from staff.services.grants import grant_role
from staff.services.imports import apply_import, check_import, read_members, role_named
from staff.services.members import deactivate_member
from tests.staff.factories import NOW, member

pytestmark = pytest.mark.django_db
HEADS = ["工号", "姓名", "单位代码", "角色", "岗位", "电话", "邮箱"]
GOOD = ["xl0901", "覃芳", "dj01a", "处理人 handler", "早班", "139 7251 0001", "q@example.com"]


def csv_file(*rows, heads=HEADS, encoding="utf-8-sig", name="members.csv"):
    text = "\r\n".join(",".join(row) for row in [heads, *rows])
    return SimpleUploadedFile(name, text.encode(encoding))


def xlsx_file(*rows):
    book = Workbook()
    for row in [HEADS, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("members.xlsx", buffer.getvalue())


@pytest.fixture
def boss(town):
    return member("AD1", "胡敏", unit=town.county, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def check(boss):
    """Read a file and give its checked rows."""

    def read(*rows, **how):
        return check_import(read_members(upload=csv_file(*rows, **how), actor=boss, now=NOW))

    return read


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_file_is_read_as_spreadsheets_write_it(check, encoding):
    (row,) = check(GOOD[:3] + ["客服", "", "", ""], encoding=encoding)
    assert (row.line, row.staff_no, row.values["name"]) == (2, "XL0901", "覃芳")


def test_workbook_reads_like_csv_and_figures_stay_figures(boss):
    upload = xlsx_file(["XL0901", "覃芳", "DJ01A", "handler", "", 13972510001.0, None], [None] * 7)
    (row,) = check_import(read_members(upload=upload, actor=boss, now=NOW))
    assert row.verdict == "new"
    assert row.values["phone"] == "13972510001"


def test_headings_may_be_english_and_in_any_order(check):
    heads = ["E-mail", "phone", "Post", "ROLES", "unit code", "name", "Staff Number"]
    (row,) = check(["", "", "", "handler", "DJ01A", "覃芳", "XL0901"], heads=heads)
    assert (row.verdict, row.roles) == ("new", [Role.HANDLER])


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("members.txt", b"x"), "CSV or XLSX"),
        (SimpleUploadedFile("members.xlsx", b"not a zip"), "cannot be read"),
        (SimpleUploadedFile("members.csv", b"\xff\xfe\x00\xff\xff"), "cannot be read"),
        (csv_file(heads=["工号", "姓名"]), "单位代码"),
        (csv_file(), "no member"),
    ],
)
def test_file_that_cannot_be_used_says_why(boss, upload, words, english):
    with pytest.raises(Refusal) as refusal:
        read_members(upload=upload, actor=boss, now=NOW)
    assert words in str(refusal.value.message)
    assert refusal.value.field == "file"


def test_file_with_too_many_rows_is_refused(boss, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ROWS", 2)
    with pytest.raises(Refusal):
        read_members(upload=csv_file(GOOD, GOOD, GOOD), actor=boss, now=NOW)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "", "The staff number is missing"),
        (0, "x", "3 to 20"),
        (1, "", "The name is missing"),
        (1, "长" * 41, "longer than 40"),
        (2, "WJ", "No unit of yours"),
        (3, "国王", "There is no role “国王”"),
        (5, "1397251", "11 digits, this one has 7"),
        (6, "who", "not an e-mail address"),
    ],
)
def test_each_fault_of_a_row_is_said_in_words(check, english, place, value, words):
    row = ["XL0901", "覃芳", "DJ01A", "handler", "", "", ""]
    row[place] = value
    (checked,) = check(row)
    assert checked.verdict == "wrong"
    assert any(words in error for error in checked.errors)


def test_number_that_stands_twice_is_wrong_both_times(check):
    rows = check(["XL0901", "a", "DJ01A", "", "", "", ""], ["xl0901", "b", "DJ01A", "", "", "", ""])
    assert [row.verdict for row in rows] == ["wrong", "wrong"]


@pytest.mark.parametrize("word", ["handler", "Handler", "HANDLER"])
def test_role_is_known_by_code_and_name(word):
    assert role_named(word) == Role.HANDLER


def test_known_member_is_changed_only_where_a_cell_says_so(check, town):
    known = member("XL0317", "周婷", unit=town.crew, roles=[Role.HANDLER])
    Member.objects.filter(pk=known.pk).update(phone="13972510001")
    same, changed = check(["XL0317", "周婷", "DJ01A", "handler", "", "", ""], ["AD1", "胡敏", "DJ", "", "晚班", "", ""])
    assert same.verdict == "same"
    assert (changed.verdict, changed.changes) == ("changed", {"post": "晚班"})


def test_member_of_another_subtree_is_out_of_reach(check, town):
    member("ST1", "外人", unit=town.beside)
    (row,) = check(["ST1", "外人", "DJ01A", "", "", "", ""])
    assert row.verdict == "wrong"


def test_administrator_above_is_out_of_reach_and_nobody_promotes_themselves(check, town):
    above = member("AD0", "总管", unit=town.county)
    grant_role(member=above, role=Role.ADMINISTRATOR, unit=town.top, now=NOW)
    rows = check(["AD0", "新名", "DJ", "", "", "", ""], ["AD1", "胡敏", "DJ", "manager", "", "", ""])
    assert [row.verdict for row in rows] == ["wrong", "wrong"]


def test_deactivated_member_must_come_back_first(check, town):
    gone = member("XL0317", "周婷", unit=town.crew)
    deactivate_member(member=gone, now=NOW)
    (row,) = check(["XL0317", "周婷", "DJ01A", "", "", "", ""])
    assert row.verdict == "wrong"


def test_check_costs_the_same_for_one_row_and_for_a_hundred(boss, django_assert_num_queries):
    few = read_members(upload=csv_file(GOOD), actor=boss, now=NOW)
    rows = [[f"XL{n:04}", "覃芳", "DJ01A", "handler", "", "", ""] for n in range(100)]
    many = read_members(upload=csv_file(*rows), actor=boss, now=NOW)
    assert boss.grants_held  # the reach of the one who uploads is read once per request
    for run in (few, many):
        with django_assert_num_queries(3):
            check_import(run)


def test_applying_creates_changes_grants_and_is_kept(boss, town):
    member("XL0317", "周婷", unit=town.crew)
    upload = csv_file(
        ["XL0901", "覃芳", "DJ01A", "handler、clerk", "", "", ""], ["XL0317", "周婷", "DJ01", "clerk", "", "", ""]
    )
    run = read_members(upload=upload, actor=boss, now=NOW)
    ((made, password),) = apply_import(run=run, now=NOW)
    made.refresh_from_db()
    assert made.check_password(password)
    assert made.must_change_password
    assert set(made.grants.values_list("role", flat=True)) == {Role.HANDLER, Role.CLERK}
    assert Member.objects.get(staff_no="XL0317").home_unit == town.station
    assert AuditEntry.objects.get(act=AuditAct.IMPORTED).after == {"file": "members.csv", "members": 2, "new": 1}


def test_applying_twice_is_refused(boss):
    run = read_members(upload=csv_file(["XL0901", "覃芳", "DJ01A", "", "", "", ""]), actor=boss, now=NOW)
    apply_import(run=run, now=NOW)
    with pytest.raises(Refusal):
        apply_import(run=run, now=NOW)
    assert Member.objects.filter(staff_no="XL0901").count() == 1


def test_one_wrong_row_leaves_all_undone(boss):
    rows = [["XL0901", "覃芳", "DJ01A", "", "", "", ""], ["XL0902", "", "DJ01A", "", "", "", ""]]
    run = read_members(upload=csv_file(*rows), actor=boss, now=NOW)
    with pytest.raises(Refusal):
        apply_import(run=run, now=NOW)
    assert not Member.objects.filter(staff_no__startswith="XL09").exists()


def test_row_that_became_wrong_since_the_check_stops_the_import(boss, town):
    run = read_members(upload=csv_file(["XL0901", "覃芳", "DJ01A", "", "", "", ""]), actor=boss, now=NOW)
    member("XL0901", "别人", unit=town.beside)
    with pytest.raises(Refusal):
        apply_import(run=run, now=NOW)


# ── the pages ───────────────────────────────────────────────────────────


def test_pages_lead_from_the_file_over_the_check_to_the_passwords(client, boss):
    client.force_login(boss)
    answer = client.post("/settings/members/import/", {"file": csv_file(GOOD[:3] + ["handler", "", "", ""])})
    check_url = answer.headers["Location"]
    assert not Member.objects.filter(staff_no="XL0901").exists()
    assert client.get(check_url).context["counts"] == {"new": 1}
    done = client.post(check_url)
    ((made, password),) = done.context["issued"]
    assert password in done.text
    assert "no-store" in done.headers["Cache-Control"]
    again = client.post(check_url)
    assert again.status_code == 422
    assert password not in again.text
    assert RoleGrant.objects.filter(member=made, role=Role.HANDLER).exists()


def test_upload_without_a_file_is_mended(client, boss):
    client.force_login(boss)
    assert client.post("/settings/members/import/", {}).status_code == 422


def test_file_of_somebody_else_does_not_exist(client, boss, admin):
    run = read_members(upload=csv_file(GOOD), actor=admin, now=NOW)
    client.force_login(boss)
    assert client.get(f"/settings/members/import/{run.pk}/").status_code == 404
    assert client.post(f"/settings/members/import/{run.pk}/").status_code == 404
    assert MemberImport.objects.get().applied_at is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sample_is_a_file_that_can_be_read_back(client, boss, language):
    client.force_login(boss)
    client.cookies["django_language"] = language
    sample = client.get("/settings/members/import/sample/")
    upload = SimpleUploadedFile("members.csv", sample.content)
    rows = check_import(read_members(upload=upload, actor=boss, now=NOW))
    assert [row.staff_no for row in rows] == ["XL0901", "XL0902"]
    assert all(row.roles for row in rows)

"""Customers, supply points and the network from files: checked first, written in chunks, resumable at any point."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from common.access import Denied
from customers.choices import ImportState
from customers.models import Area, Contact, Customer, ImportRow, ImportRun, SearchEntry, SupplyPoint, Transformer
from customers.selectors import search, visible_to
from customers.services.imports import (
    apply_import,
    applying,
    drop_import,
    purge_rows,
    read_import,
    start_applying,
    start_import,
)
from customers.services.imports.columns import COLUMNS, sample_rows
from notifications.models import Message
from staff.choices import Role
from tests.customers.factories import NOW, CustomerFactory
from tests.staff.factories import member

HEADS = ["户号", "户名", "用电类别", "电话", "地址", "门牌", "电表号", "台区编号"]
CHEN = ["4200361772", "陈淑兰", "居民", "139 1234 2716", "夜明珠街道桔城路18号2栋1单元", "302", "4201990003381", "JC03"]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """The tests are the worker."""
    monkeypatch.setattr("customers.services.nudging.send", lambda task, argument: None)


@pytest.fixture
def jc03(here):
    here.code = "JC03"
    here.save()
    return here


def row(**changes) -> list[str]:
    return [changes.get(head, cell) for head, cell in zip(HEADS, CHEN, strict=True)]


def many(count: int) -> list[list[str]]:
    return [row(户号=f"42{n:08}", 电话=f"139{n:08}", 电表号=f"M{n:08}", 门牌=str(n)) for n in range(count)]


def as_csv(*rows: list[str], encoding: str = "utf-8", name: str = "客户.csv", heads: list[str] = HEADS):
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def as_xlsx(*rows: list, heads: list[str] = HEADS):
    book = Workbook()
    for one in (heads, *rows):
        book.active.append(one)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("客户.xlsx", file.getvalue())


def checked(upload, actor=None, kind: str = "customers") -> ImportRun:
    return read_import(code=start_import(kind=kind, upload=upload, actor=actor, now=NOW).code, now=NOW)


def written(upload, actor, kind: str = "customers") -> ImportRun:
    run = checked(upload, actor, kind)
    start_applying(code=run.code, actor=actor, now=NOW)
    return apply_import(code=run.code, clock=lambda: NOW)


def problems(run: ImportRun) -> dict[int, str]:
    return {found.line_no: " ".join(found.problems) for found in run.staged.filter(state="wrong")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_files_are_read_in_each_encoding_that_is_written_here(keeper, jc03, encoding):
    assert written(as_csv(CHEN, encoding=encoding), keeper).written == 1
    chen = Customer.objects.get()
    assert (chen.name, chen.klass, chen.contacts.get().phone) == ("陈淑兰", "residential", "13912342716")
    assert (chen.supply_points.get().door, chen.supply_points.get().transformer) == ("302", jc03)
    assert search("csl", actor=keeper).hits[0].customer == chen


def test_workbooks_with_numbers_and_days_are_read(keeper, jc03):
    from datetime import datetime

    upload = as_xlsx([4200361772, "陈淑兰", datetime(2026, 9, 30)], heads=["户号", "户名", "核定日期"])  # noqa: DTZ001
    assert written(upload, keeper).written == 1
    assert Customer.objects.get().verified_on.isoformat() == "2026-09-30"


def test_english_headings_and_words_are_understood_too(keeper, jc03):
    heads = ["Account number", "name", "Usage category", "take care"]
    assert (
        written(as_csv(["4200361772", "Mary", "Business", "Life support; medical"], heads=heads), keeper).written == 1
    )
    assert Customer.objects.get().flags == ["life_support", "medical"]


def test_a_dry_run_changes_nothing(keeper, jc03):
    run = checked(as_csv(CHEN, row(户号="12")), keeper)
    assert (run.state, run.rows, run.wrong) == (ImportState.CHECKED, 2, 1)
    assert not Customer.objects.exists()
    assert not SearchEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"户号": "12345"}, "10 digits, this one has 5"),
        ({"户号": ""}, "Empty: Account number"),
        ({"户名": ""}, "Empty: Name"),
        ({"户名": "长" * 61}, "at most 60 characters"),
        ({"用电类别": "养殖"}, "“养殖” is none of: Residential"),
        ({"电话": "1391234"}, "11 digits, this one has 7"),
        ({"地址": ""}, "Empty: Address"),
        ({"台区编号": ""}, "Empty: Transformer code"),
        ({"台区编号": "XX99"}, "No transformer on file has the code XX99"),
        ({"电表号": "表!"}, "digits and letters only"),
    ],
)
def test_what_is_wrong_is_said_per_row_in_plain_words(keeper, jc03, changes, says):
    run = checked(as_csv(CHEN, row(**({"户号": "4200000002", "电表号": "M2"} | changes))), keeper)
    assert list(problems(run)) == [3]
    assert says in problems(run)[3]


def test_doubles_in_the_file_name_the_earlier_row(keeper, jc03):
    run = checked(as_csv(CHEN, row(电表号="M2"), row(户号="4200000003")), keeper)
    assert "already, in row 2" in problems(run)[3]
    assert "already, in row 2" in problems(run)[4]


def test_a_meter_of_another_customer_names_the_account(keeper, jc03):
    CustomerFactory(account_no="4299999999", meter_no="4201990003381", transformer=jc03)
    assert "4299999999" in problems(checked(as_csv(CHEN), keeper))[2]


def test_a_row_with_many_faults_names_them_all(keeper, jc03):
    said = problems(checked(as_csv(["12", "", "养殖", "1391234", "", "", "", ""]), keeper))[2]
    assert all(word in said for word in ("has 2", "Empty: Name", "养殖", "has 7"))


def test_right_rows_are_written_and_wrong_ones_wait(keeper, jc03):
    run = written(as_csv(CHEN, row(户号="1")), keeper)
    assert (run.state, run.written, run.wrong) == (ImportState.DONE, 1, 1)
    assert ImportRow.objects.filter(run=run).count() == 1


def test_the_same_file_again_changes_nothing(keeper, jc03):
    written(as_csv(*many(5)), keeper)
    before = list(Customer.objects.values()), list(Contact.objects.values()), list(SupplyPoint.objects.values())
    written(as_csv(*many(5)), keeper)
    after = list(Customer.objects.values()), list(Contact.objects.values()), list(SupplyPoint.objects.values())
    assert before == after


def test_an_empty_cell_leaves_what_is_on_file(keeper, jc03):
    written(as_csv(CHEN), keeper)
    written(as_csv(["4200361772", "陈素兰", "", "", "", "", "", ""]), keeper)
    chen = Customer.objects.get()
    assert (chen.name, chen.klass, chen.contacts.get().phone) == ("陈素兰", "residential", "13912342716")


class Killed(BaseException):
    """The worker dies here."""


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_killed_in_any_chunk_it_goes_on_and_nothing_is_lost_or_doubled(keeper, jc03, monkeypatch, dies_at):
    monkeypatch.setitem(applying.CHUNK, "customers", 4)
    write, calls = applying.WRITERS["customers"], []

    def dying(rows, *, now):
        write(rows, now=now)
        calls.append(len(rows))
        if len(calls) == dies_at:
            raise Killed

    run = checked(as_csv(*many(10)), keeper)
    start_applying(code=run.code, actor=keeper, now=NOW)
    monkeypatch.setitem(applying.WRITERS, "customers", dying)
    with pytest.raises(Killed):
        apply_import(code=run.code, clock=lambda: NOW)
    whole = Customer.objects.count()
    assert whole == 4 * (dies_at - 1)
    assert Contact.objects.count() == SupplyPoint.objects.count() == SearchEntry.objects.count() == whole
    start_applying(code=run.code, actor=keeper, now=NOW)
    run = apply_import(code=run.code, clock=lambda: NOW)
    assert (run.state, run.written, Customer.objects.count()) == (ImportState.DONE, 10, 10)
    assert not ImportRow.objects.filter(run=run).exists()


def test_killed_while_reading_it_begins_anew(keeper, jc03, monkeypatch):
    run = start_import(kind="customers", upload=as_csv(*many(3)), actor=keeper, now=NOW)

    def dies(_run):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("customers.services.imports.reading.check_rows", dies)
        with pytest.raises(Killed):
            read_import(code=run.code, now=NOW)
    assert not ImportRow.objects.exists()
    assert read_import(code=run.code, now=NOW).rows == 3


def test_reading_or_applying_twice_does_nothing_more(keeper, jc03):
    run = written(as_csv(*many(3)), keeper)
    assert read_import(code=run.code, now=NOW).state == ImportState.DONE
    assert apply_import(code=run.code).written == 3


def test_what_changed_since_the_dry_run_is_looked_at_again(keeper, jc03):
    run = checked(as_csv(CHEN), keeper)
    CustomerFactory(account_no="4299999999", meter_no="4201990003381", transformer=jc03)
    start_applying(code=run.code, actor=keeper, now=NOW)
    run = apply_import(code=run.code, clock=lambda: NOW)
    assert (run.written, run.wrong) == (0, 1)
    assert not Customer.objects.filter(account_no="4200361772").exists()


def test_a_stopped_import_keeps_what_is_written_and_leaves_the_rest(keeper, jc03):
    run = checked(as_csv(CHEN), keeper)
    drop_import(code=run.code, actor=keeper, now=NOW)
    assert apply_import(code=run.code).state == ImportState.DROPPED
    assert not ImportRow.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("x.csv", b""),
        SimpleUploadedFile("x.csv", "户号,户名\n".encode()),
        SimpleUploadedFile("x.csv", "电话\n139\n".encode()),
        SimpleUploadedFile("x.xlsx", b"no workbook"),
        SimpleUploadedFile("x.csv", b"\xff\xfe\x00\x81\x20\x00" * 50),
        SimpleUploadedFile("../../x.csv", "户名\n陈\n".encode()),
    ],
    ids=["empty", "no row", "no account column", "no workbook", "bytes", "odd name"],
)
def test_a_file_that_cannot_be_read_says_so_and_leaves_nothing(keeper, jc03, upload, settings):
    run = checked(upload, keeper)
    assert run.state == ImportState.FAILED
    assert run.problem
    assert not ImportRow.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).parent.rglob("x.csv"))


def test_the_upload_does_not_stay_on_disk(keeper, jc03, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        checked(as_csv(CHEN), keeper)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_supply_points_need_a_known_account(keeper, jc03):
    CustomerFactory(account_no="4200361772", transformer=jc03)
    heads = ["户号", "地址", "电表号", "台区编号"]
    rows = [["4200361772", "云集路 88 号", "M88", "JC03"], ["4200000009", "云集路 9 号", "M9", "JC03"]]
    run = written(as_csv(*rows, heads=heads), keeper, "supply_points")
    assert (run.written, run.wrong) == (1, 1)
    assert search("云集路88号", actor=keeper).hits[0].customer.account_no == "4200361772"


NETWORK = [
    "台区编号",
    "台区名称",
    "线路编号",
    "线路名称",
    "片区编号",
    "片区名称",
    "地区类别",
    "供电所代码",
    "班组代码",
    "区县编号",
]


def test_the_network_is_made_and_changed(keeper, town):
    line = [
        "JC03",
        "桔城路03台区",
        "F1",
        "夜明珠一线",
        "A1",
        "夜明珠",
        "农村",
        town.station.code,
        town.crew.code,
        "420502",
    ]
    assert written(as_csv(line, heads=NETWORK), keeper, "network").written == 1
    made = Transformer.objects.get()
    assert (made.name, made.feeder.name, made.area.area_class) == ("桔城路 03 台区", "夜明珠一线", "rural")
    assert (made.area.station, made.area.crew, made.area.parent.code) == (town.station, town.crew, "420502")
    written(as_csv(["JC03", "新名", "", "", "", "", "", "", "", ""], heads=NETWORK), keeper, "network")
    made.refresh_from_db()
    assert (made.name, made.feeder.code) == ("新名", "F1")


def test_customers_follow_their_area_to_another_station(keeper, town, jc03):
    CustomerFactory(name="陈搬迁", transformer=jc03)
    lead = member(unit=town.beside, roles=[Role.UNIT_LEAD])
    assert not search("陈搬迁", actor=lead).hits
    line = ["JC03", "", "", "", jc03.area.code, "", "", town.beside.code, town.beside.code, ""]
    written(as_csv(line, heads=NETWORK), keeper, "network")
    assert search("陈搬迁", actor=lead).hits
    assert visible_to(lead).count() == 1


def test_units_and_parents_of_the_network_must_exist(keeper, jc03):
    line = ["JC04", "", "", "", "A9", "九片", "", "NOWHERE", "", ""]
    said = problems(checked(as_csv(line, heads=NETWORK), keeper, "network"))[2]
    assert "NOWHERE" in said
    assert "needs its feeder" in said
    assert not Area.objects.filter(code="A9").exists()


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_every_sample_is_a_file_that_can_be_written(keeper, town, jc03, kind):
    CustomerFactory(account_no="4200361772", transformer=jc03)
    heads, *rows = sample_rows(kind)
    run = checked(as_csv(*rows, heads=heads), keeper, kind)
    assert problems(run) == {}
    assert run.rows == len(rows)


def test_the_one_who_gave_the_file_hears_when_it_is_done(keeper, jc03):
    written(as_csv(CHEN), keeper)
    assert Message.objects.filter(member=keeper, kind="import_done").count() == 1


def test_rows_that_nobody_mended_leave_after_a_month(keeper, jc03):
    run = written(as_csv(row(户号="1")), keeper)
    assert purge_rows(now=run.finished_at + timedelta(days=30)) == 0
    assert purge_rows(now=run.finished_at + timedelta(days=31)) == 1


def test_only_keepers_and_administrators_import(clerk):
    with pytest.raises(Denied):
        start_import(kind="customers", upload=as_csv(CHEN), actor=clerk, now=NOW)


# ── pages and command ───────────────────────────────────────────────────


@pytest.fixture
def desk(keeper):
    client = Client(headers={"accept-language": "en"})
    client.force_login(keeper, backend="staff.backends.MemberBackend")
    return client


def test_the_pages_lead_from_the_file_over_the_check_to_the_end(desk, keeper, jc03):
    given = desk.post(reverse("customers:import"), {"kind": "customers", "file": as_csv(CHEN, row(户号="1"))})
    run = ImportRun.objects.get()
    assert given.url == reverse("customers:import_run", args=[run.code])
    assert "every 2s" in desk.get(given.url).content.decode()
    read_import(code=run.code, now=NOW)
    page = desk.get(given.url).content.decode()
    assert "Write 1 row" in page
    assert "10 digits, this one has 1" in page
    assert desk.post(reverse("customers:import_apply", args=[run.code])).url == given.url
    apply_import(code=run.code)
    page = desk.get(given.url, headers={"HX-Request": "true"}).content.decode()
    assert "1 of 1 rows written" in page
    assert "every 2s" not in page


def test_rows_to_mend_come_back_as_a_file_that_no_spreadsheet_executes(desk, keeper, jc03):
    run = checked(as_csv(row(户号="1", 户名="=HYPERLINK(1)")), keeper)
    text = b"".join(desk.get(reverse("customers:import_wrong", args=[run.code])).streaming_content).decode("utf-8-sig")
    heads, line = csv.reader(io.StringIO(text))
    assert dict(zip(heads, line, strict=True))["Name"] == "'=HYPERLINK(1)"
    assert "this one has 1" in line[-1]


def test_a_run_that_stands_still_can_be_continued_from_its_page(desk, keeper, jc03):
    run = checked(as_csv(CHEN), keeper)
    start_applying(code=run.code, actor=keeper, now=NOW)
    page = desk.get(reverse("customers:import_run", args=[run.code])).content.decode()
    assert "Continue" in page


@pytest.mark.parametrize("sent", [{}, {"kind": "customers"}, {"kind": "x", "file": "y"}])
def test_a_form_without_a_file_is_mended(desk, sent):
    assert desk.post(reverse("customers:import"), sent).status_code == 422


def test_a_wrong_kind_of_file_is_refused_at_the_form(desk):
    pdf = SimpleUploadedFile("x.pdf", b"%PDF")
    assert desk.post(reverse("customers:import"), {"kind": "customers", "file": pdf}).status_code == 422
    assert not ImportRun.objects.exists()


def test_acts_are_posts_and_a_finished_run_is_not_written_again(desk, keeper, jc03):
    run = written(as_csv(CHEN), keeper)
    for name in ("import_apply", "import_drop"):
        assert desk.get(reverse(f"customers:{name}", args=[run.code])).status_code == 405
    assert desk.post(reverse("customers:import_apply", args=[run.code])).status_code == 422
    assert desk.get(reverse("customers:import_run", args=["nothing"])).status_code == 404


def test_the_command_checks_writes_and_resumes(jc03, tmp_path, capsys):
    file = tmp_path / "客户.csv"
    file.write_bytes(as_csv(CHEN, row(户号="1")).read())
    call_command("import_customers", file, dry_run=True)
    assert not Customer.objects.exists()
    said = capsys.readouterr()
    assert "2 rows, 1 to mend" in said.out
    assert said.err.startswith("3: ")
    call_command("import_customers", resume=ImportRun.objects.get().code)
    assert Customer.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("import_customers", tmp_path / "nothing.csv")


def test_the_tasks_do_what_the_command_does(keeper, jc03):
    from customers import tasks

    run = start_import(kind="customers", upload=as_csv(CHEN), actor=keeper, now=NOW)
    tasks.read_import_file(run.code)
    start_applying(code=run.code, actor=keeper, now=NOW)
    tasks.apply_import_rows(run.code)
    assert Customer.objects.count() == 1

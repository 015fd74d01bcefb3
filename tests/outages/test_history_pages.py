"""Pages of imported history: give a file, name its columns, read the report, write it."""

import csv
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outages.models import HistoryRun, HistorySource, PastStep
from outages.services.history import apply_run, read_run
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.outages.past import ROW, as_csv, brought, checked, given, old_system, row
from tests.outages.test_pages import desk_of
from tests.outages.town import MIN, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
MAPPED = {
    "name": "调度系统", "forms_used": ["iso"], "zone": "Asia/Shanghai", "number": "id", "began_at": "from",
    "restored_at": "to", "customers": "who", "cause": "why", "planned_words": "Works, 检修",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON + 5 * MIN)
    monkeypatch.setattr("outages.services.history.nudging.send", lambda task, code: None)


@pytest.fixture
def town(db):
    town = grid()
    Member.objects.update(language="en")
    return town


@pytest.fixture
def source(db):
    return old_system()


@pytest.fixture
def desk(town):
    return desk_of(Member.objects.get(pk=town.supervisor.pk))


def url(page: str, run: HistoryRun | None = None) -> str:
    return reverse(f"outages:{page}", args=[run.code] if run else [])


def form_of(town, upload, source=None, **more):
    return {"file": upload, "source": source.pk if source else "", "unit": town.company.pk,
            "request_id": str(uuid4())} | more  # fmt: skip


class TestGiving:
    def test_a_file_of_a_known_source_leads_to_its_report(self, town, source, desk):
        answer = desk.post(url("history"), form_of(town, as_csv(ROW), source), follow=True)
        run = HistoryRun.objects.get()
        assert answer.redirect_chain[-1][0] == url("history_run", run)
        assert "The file is being read and checked." in answer.text
        assert f'hx-get="{url("history_run", run)}"' in answer.text

    def test_a_file_of_another_system_leads_to_its_columns(self, town, desk):
        answer = desk.post(url("history"), form_of(town, as_csv(ROW)), follow=True)
        assert answer.redirect_chain[-1][0] == url("history_mapping", HistoryRun.objects.get())
        assert "2025-03-01 08:00" in answer.text

    def test_the_same_press_twice_is_one_file(self, town, source, desk):
        press = str(uuid4())
        for _twice in range(2):
            answer = desk.post(url("history"), form_of(town, as_csv(ROW), source, request_id=press))
            assert answer.url == url("history_run", HistoryRun.objects.get())

    @pytest.mark.parametrize(
        ("upload", "says"),
        [
            ("", "Choose a file."),
            (SimpleUploadedFile("a.csv", b""), "This file is empty."),
            (SimpleUploadedFile("a.pdf", b"%PDF"), "Give a CSV, XLSX or JSON file"),
        ],
    )
    def test_a_bad_form_says_so_at_the_field(self, town, desk, upload, says):
        answer = desk.post(url("history"), form_of(town, upload))
        assert answer.status_code == 422
        assert says in answer.text
        assert not HistoryRun.objects.exists()

    def test_a_unit_one_does_not_lead_is_not_offered(self, town, source):
        RoleGrant.objects.create(member=town.writer, role=Role.SUPERVISOR, unit=town.station)
        answer = desk_of(town.writer).post(url("history"), form_of(town, as_csv(ROW), source))
        assert answer.status_code == 422
        assert not HistoryRun.objects.exists()

    def test_files_of_units_one_does_not_lead_do_not_exist(self, town, source):
        run = checked(town, as_csv(ROW), source)
        RoleGrant.objects.create(member=town.writer, role=Role.SUPERVISOR, unit=town.station)
        elsewhere = desk_of(town.writer)
        for page in ("history_run", "history_mapping", "history_report"):
            assert elsewhere.get(url(page, run)).status_code == 404
        for page in ("history_apply", "history_drop", "history_causes", "history_mapping"):
            assert elsewhere.post(url(page, run)).status_code == 404

    def test_strangers_log_in_and_others_are_told_who_may(self, town, source):
        run = checked(town, as_csv(ROW), source)
        asked = [url("history")] + [url(f"history_{page}", run) for page in ("mapping", "causes", "apply", "drop")]
        for address in asked:
            assert Client().post(address).status_code == 302
            answer = desk_of(Member.objects.get(pk=town.dispatcher.pk)).post(address)
            assert answer.status_code == 403
            assert "Supervisors and managers bring in the history" in answer.text
        assert HistoryRun.objects.get().state == "checked"


class TestNamingColumns:
    def test_named_columns_are_kept_and_the_file_is_read(self, town, desk):
        run = given(town, as_csv(ROW), None)
        press = {**MAPPED, "skip_column": "why", "skip_words": "Drill，演习", "skip_why": "no outage"}
        assert desk.post(url("history_mapping", run), press).url == url("history_run", run)
        source = HistorySource.objects.get(name="调度系统")
        assert source.columns == {
            key: MAPPED[key] for key in ("number", "began_at", "restored_at", "customers", "cause")
        }
        assert source.skips == [{"column": "why", "words": ["Drill", "演习"], "why": "no outage"}]
        assert (source.planned_words, source.changed_by) == (["Works", "检修"], town.supervisor)
        assert desk.post(url("history_mapping", run), press).url == url("history_run", run)  # the same press twice
        assert HistorySource.objects.filter(name="调度系统").count() == 1

    def test_headings_that_say_what_they_are_are_chosen_already(self, town, desk):
        run = given(town, as_csv(["1", "", "", ""], heads=["停电编号", "停电时间", "送电时间", "户数"]), None)
        form = desk.get(url("history_mapping", run)).context["form"]
        assert [form[fact].value() for fact in ("number", "began_at", "restored_at", "customers", "cause")] == [
            "停电编号", "停电时间", "送电时间", "户数", "",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"number": ""}, "Choose the column that says it."),
            ({"name": ""}, "This field is required."),
            ({"forms_used": []}, "Tick at least one."),
            ({"zone": "Mars/Olympus"}, "No time zone has this name"),
            ({"zone": "../etc"}, "No time zone has this name"),
            ({"skip_column": "why"}, "Say which words."),
            ({"name": "旧系统"}, "There is a source of this name."),
        ],
    )
    def test_a_bad_form_keeps_what_was_said(self, town, source, desk, changes, says):
        run = given(town, as_csv(ROW), None)
        answer = desk.post(url("history_mapping", run), MAPPED | changes)
        assert answer.status_code == 422
        assert says in answer.text
        assert "Works, 检修" in answer.text
        assert HistoryRun.objects.get().state == "unmapped"

    def test_a_file_that_cannot_be_looked_into_says_so(self, town, desk):
        run = given(town, SimpleUploadedFile("a.json", b"{}"), None)
        answer = desk.get(url("history_mapping", run))
        assert answer.status_code == 422
        assert "list of objects" in answer.text
        assert desk.post(url("history_drop", run)).url == url("history_run", run)

    def test_rules_that_the_page_does_not_show_stay(self, town, desk):
        skips = [{"column": "why", "words": [word], "why": word} for word in ("a", "b")]
        run = checked(town, as_csv(ROW), old_system(skips=skips))
        page = desk.get(url("history_mapping", run))
        press = {name: value for name, value in page.context["form"].initial.items() if value}
        assert desk.post(url("history_mapping", run), press | {"skip_words": "c"}).status_code == 302
        assert [skip["words"] for skip in HistorySource.objects.get(code="old").skips] == [["c"], ["b"]]


class TestReport:
    def test_rows_stand_by_what_becomes_of_them(self, town, source, desk):
        brought(town, as_csv(ROW, row(id="E2")), source)
        rows = [ROW, row(id="E2", who="90"), row(id="E3", to=""), row(id="E4", who="-1", why="<b>x</b>")]
        run = checked(town, as_csv(*rows), source)
        answer = desk.get(url("history_run", run))
        assert "-1 is not between 0 and" in answer.text
        assert "<b>x</b>" not in answer.text
        assert "Write 2 rows" in answer.text
        assert "Changes: customers" in desk.get(url("history_run", run), {"show": "changed"}).text
        assert "still off" in desk.get(url("history_run", run), {"show": "new"}).text
        assert desk.get(url("history_run", run), {"show": "nonsense"}).status_code == 200

    def test_the_whole_report_is_a_file_that_harms_no_spreadsheet(self, town, source, desk):
        run = checked(town, as_csv(ROW, row(id="=1+1", who="x")), source)
        lines = list(csv.reader(desk.get(url("history_report", run)).getvalue().decode("utf-8-sig").splitlines()))
        assert [line[:2] for line in lines] == [["Row", "What becomes of it"], ["2", "New"], ["3", "To mend"]]
        first, second = (dict(zip(lines[0], line, strict=True)) for line in lines[1:])
        assert (first["Off since"], first["Cause"], first["Cause as given"]) == (
            "2025-03-01 08:00:00",
            "Weather",
            "Wind",
        )
        assert (second["Number of the outage"], second["Customers"]) == ("'=1+1", "x")

    def test_words_for_causes_are_said_once(self, town, source, desk):
        run = checked(town, as_csv(row(why="Dragons"), row(id="E2", why="Dragons"), row(id="E3", why="Frost")), source)
        page = desk.get(url("history_run", run))
        assert [bound.label for bound in page.context["form"]] == ["Dragons", "Frost"]
        empty = desk.post(url("history_causes", run), {})
        assert empty.status_code == 422
        assert "Choose what at least one of them is." in empty.text
        assert desk.post(url("history_causes", run), {"word_0": "dragons"}).status_code == 422
        for _twice in range(2):
            assert desk.post(url("history_causes", run), {"word_0": "tree"}).url == url("history_run", run)
        source.refresh_from_db()
        assert source.causes["Dragons"] == "tree"
        assert read_run(code=run.code, now=NOON).counts == {"new": 2, "wrong": 1}


class TestWriting:
    def test_confirmed_it_is_written_and_the_page_says_how_much(self, town, source, desk):
        run = checked(town, as_csv(ROW, row(id="E2")), source)
        for _twice in range(2):
            assert desk.post(url("history_apply", run)).url == url("history_run", run)
        assert "being written" in desk.get(url("history_run", run)).text
        apply_run(code=run.code, now=NOON)
        page = desk.get(url("history_run", run))
        assert "Written." in page.text
        assert f"{url('figures')}?year=2025" in page.text
        assert PastStep.objects.count() == 2
        assert desk.post(url("history_apply", run)).status_code == 302

    def test_nothing_to_write_is_refused_in_words(self, town, source, desk):
        run = checked(town, as_csv(row(who="-1")), source)
        answer = desk.post(url("history_apply", run))
        assert answer.status_code == 422
        assert "There is nothing to write in this file." in answer.text

    def test_left_it_is_gone_from_the_house(self, town, source, desk):
        run = checked(town, as_csv(ROW), source)
        for _twice in range(2):
            assert desk.post(url("history_drop", run)).url == url("history_run", run)
        assert "Nothing of it was written." in desk.get(url("history_run", run)).text
        assert not PastStep.objects.exists()

    def test_what_stands_still_says_so_and_can_be_woken(self, town, source, desk, monkeypatch):
        run = checked(town, as_csv(ROW), source)
        desk.post(url("history_apply", run))
        monkeypatch.setattr(timezone, "now", lambda: NOON + 20 * MIN)
        answer = desk.get(url("history_run", run), headers={"HX-Request": "true"})
        assert "No worker has been at it" in answer.text
        assert "Continue" in answer.text
        assert "<html" not in answer.text

    def test_a_file_that_no_worker_took_up_is_woken_again(self, town, source, desk, monkeypatch):
        asked = []
        run = given(town, as_csv(ROW), source)
        monkeypatch.setattr(timezone, "now", lambda: NOON + 20 * MIN)
        monkeypatch.setattr("outages.services.history.applying.nudge_reading", asked.append)
        assert "Continue" in desk.get(url("history_run", run)).text
        assert desk.post(url("history_apply", run)).url == url("history_run", run)
        assert asked == [run.code]
        assert "Continue" not in desk.get(url("history_run", run)).text

    def test_acts_are_forms(self, town, source, desk):
        run = checked(town, as_csv(ROW), source)
        for page in ("history_apply", "history_drop", "history_causes"):
            assert desk.get(url(page, run)).status_code == 405

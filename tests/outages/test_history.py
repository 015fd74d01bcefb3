"""Past outages from files: checked first, said row by row, written whole, never counted twice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from common.access import Denied
from common.errors import Refusal
from outages.models import Affected, HistoryRow, HistoryRun, HistorySource, Outage, PastStep
from outages.services.history import (
    apply_run,
    drop_run,
    load_shipped_sources,
    map_columns,
    name_causes,
    purge_history,
    read_run,
    reading,
    start_applying,
)
from outages.services.history.sources import Mapped
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.outages.past import ROW, as_csv, as_json, brought, checked, given, old_system, on_file, remarks, row
from tests.outages.town import DAY, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """The tests are the worker."""
    monkeypatch.setattr("outages.services.history.nudging.send", lambda task, code: None)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def town(db):
    town = grid()
    Member.objects.update(language="en")
    return town


@pytest.fixture
def source(db):
    return old_system()


class TestReading:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
    def test_a_table_is_read_in_each_encoding_that_is_written_here(self, town, encoding):
        source = old_system(causes={"大风": "weather"})
        brought(town, as_csv(row(why="大风"), encoding=encoding), source)
        step = PastStep.objects.get()
        assert (step.number, step.customers, step.cause, step.cause_given) == ("E1", 120, "weather", "大风")
        assert (step.feeder, step.feeder_name, step.unit) == (town.east, "F-E", town.company)
        assert (step.restored_at - step.began_at).total_seconds() == 5400

    def test_a_json_list_says_the_same(self, town, source):
        brought(town, as_csv(ROW, row(id="E2", why="Works", to="")), source)
        before = on_file()
        PastStep.objects.all().delete()
        assert brought(town, as_json(ROW, row(id="E2", why="Works", to="")), source).counts == {"new": 2}
        assert on_file() == before

    def test_a_time_without_a_zone_is_the_sources_and_with_one_its_own(self, town, source):
        brought(town, as_csv(ROW, row(id="E2", **{"from": "2025-03-01T08:00:00Z", "to": ""})), source)
        first, second = PastStep.objects.order_by("number")
        assert first.began_at == datetime(2025, 3, 1, tzinfo=UTC)
        assert second.began_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
        assert second.restored_at is None

    def test_planned_is_what_the_mapping_says(self, town, source):
        brought(town, as_csv(ROW, row(id="E2", why="Works")), source)
        assert list(PastStep.objects.order_by("number").values_list("is_planned", flat=True)) == [False, True]

    def test_a_feeder_nobody_knows_keeps_its_name(self, town, source):
        brought(town, as_csv(row(line="十里河线"), row(id="E2", line="夷兴线")), source)
        assert list(PastStep.objects.order_by("number").values_list("feeder__code", "feeder_name")) == [
            (None, "十里河线"),
            ("F-E", "夷兴线"),
        ]

    def test_a_row_of_its_own_unit_counts_there(self, town, source):
        brought(town, as_csv(row(unit=town.station.code.lower())), source)
        assert PastStep.objects.get().unit == town.station

    def test_stages_of_one_outage_are_rows_of_one_number(self, town):
        source = old_system(columns=old_system_columns() | {"stage": "line"})
        run = brought(town, as_csv(row(line="1"), row(line="2", who="30")), source)
        assert run.counts == {"new": 2}
        steps = PastStep.objects.order_by("stage")
        assert list(steps.values_list("number", "stage", "customers")) == [("E1", 1, 120), ("E1", 2, 30)]

    def test_sightings_at_the_very_last_are_still_off(self, town):
        source = old_system(ends_are_sightings=True)
        run = brought(
            town, as_csv(ROW, row(id="E2", to="2025-03-02 00:00"), row(id="E3", to="2025-03-02 00:00")), source
        )
        assert run.counts == {"new": 3}
        off = PastStep.objects.filter(restored_at=None).order_by("number")
        assert [step.number for step in off] == ["E2", "E3"]

    def test_rows_the_mapping_leaves_out_say_why(self, town):
        skips = [{"column": "why", "words": ["Test", "演习"], "why": "a drill"}]
        run = checked(
            town, as_csv(ROW, row(id="E2", why="test"), row(id="E3", who="?", why="演习")), old_system(skips=skips)
        )
        assert run.counts == {"new": 1, "skipped": 2}
        assert remarks(run, "skipped") == {3: "a drill", 4: "a drill"}


def old_system_columns() -> dict[str, str]:
    return {"number": "id", "began_at": "from", "restored_at": "to", "customers": "who"}


class TestDryRun:
    def test_it_writes_nothing(self, town, source):
        run = checked(town, as_csv(ROW), source)
        assert (run.state, run.counts) == ("checked", {"new": 1})
        assert not PastStep.objects.exists()

    def test_it_says_what_is_new_changed_and_as_on_file(self, town, source):
        brought(town, as_csv(ROW, row(id="E2")), source)
        run = checked(town, as_csv(ROW, row(id="E2", who="90", to="2025-03-01 10:00"), row(id="E3")), source)
        assert run.counts == {"same": 1, "changed": 1, "new": 1}
        assert remarks(run, "changed") == {3: "customers back since"}

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"id": ""}, "Empty: Number of the outage."),
            ({"id": "9" * 61}, "at most 60 characters"),
            ({"from": "yesterday"}, "“yesterday” is no time; write it as 2024-10-01T00:32:06Z, 2024/10/01 00:32"),
            ({"from": "2025-02-30 08:00"}, "is no time"),
            ({"from": "2027-03-01 08:00", "to": ""}, "begins in the future"),
            ({"to": "2025-03-01 07:59"}, "ends before it begins"),
            ({"from": "0001-01-01T00:00:00", "to": ""}, "too far away"),
            ({"who": "-4"}, "-4 is not between 0 and"),
            ({"who": "9" * 30}, "is not between"),
            ({"who": "4.5"}, "“4.5” is no whole number"),
            ({"who": "many"}, "“many” is no whole number"),
            ({"why": "Dragons"}, "nobody has said yet what “Dragons” is with us"),
            ({"unit": "NOWHERE"}, "you lead no unit with the code NOWHERE"),
        ],
    )
    def test_what_is_wrong_is_said_per_row_with_how_to_mend_it(self, town, source, changes, says):
        run = checked(town, as_csv(ROW, row(**({"id": "E2"} | changes))), source)
        assert (list(remarks(run)), run.counts) == ([3], {"new": 1, "wrong": 1})
        assert says in remarks(run)[3]

    @pytest.mark.parametrize(
        ("text", "says"),
        [("2025-03-09 02:30", "leapt over 2025-03-09 02:30"), ("2025-11-02 01:30", "showed 2025-11-02 01:30 twice")],
    )
    def test_an_hour_that_was_not_or_was_twice_asks_for_its_offset(self, town, text, says):
        source = old_system(zone="America/New_York")
        run = checked(town, as_csv(row(**{"from": text, "to": ""})), source)
        assert says in remarks(run)[2]
        mended = {"from": f"{text}-05:00", "to": ""}
        assert checked(town, as_csv(row(**mended)), source).counts == {"new": 1}

    def test_minutes_over_a_change_of_the_clocks_are_real_ones(self, town):
        source = old_system(zone="America/New_York")
        brought(town, as_csv(row(**{"from": "2025-03-09 01:30", "to": "2025-03-09 03:30"})), source)
        step = PastStep.objects.get()
        assert (step.restored_at - step.began_at).total_seconds() == 3600

    def test_a_row_with_many_faults_names_them_all(self, town, source):
        said = remarks(checked(town, as_csv(["", "x", "y", "-1", "?", "", "z"]), source))[2]
        assert all(word in said for word in ("Empty", "“x”", "“y”", "-1", "“?”", "z"))

    def test_the_same_outage_twice_names_the_earlier_row(self, town, source):
        run = checked(town, as_csv(ROW, row(id="E2"), ROW), source)
        assert remarks(run) == {4: "This outage stands in the file already, in row 2"}

    def test_an_outage_of_a_unit_one_does_not_lead_is_left_alone(self, town, source):
        brought(town, as_csv(row(unit=town.other_station.code)), source)
        lead = town.writer
        RoleGrant.objects.create(member=lead, role=Role.SUPERVISOR, unit=town.station)
        run = checked(town, as_csv(row(who="1")), source, actor=lead, unit=town.station)
        assert "a unit that you do not lead" in remarks(run)[2]


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("a.csv", b"", "no row"),
            ("a.csv", b"id,from,to,who,why,line,unit\n", "no row"),
            ("a.csv", b"\xff\xfe\x00\x81\x20\x00" * 50, "cannot be read"),
            ("a.xlsx", b"no workbook", "cannot be read"),
            ("a.json", b"", "list of objects"),
            ("a.json", b"[]", "no row"),
            ("a.json", b'{"id": 1}', "list of objects"),
            ("a.json", b"[1, 2]", "list of objects"),
            ("a.json", b'[{"id": "E1"}, {"id": ', "breaks off"),
            ("a.json", b'[{"id": "E1"}] and more', "breaks off"),
            ("a.json", b'[{"id": "E1"} {"id": "E2"}]', "breaks off"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_so_and_leaves_nothing(
        self, town, name, content, says, settings, django_capture_on_commit_callbacks
    ):
        columns = dict.fromkeys(("number", "began_at", "restored_at", "customers"), "id")
        source = old_system(columns=columns)
        with django_capture_on_commit_callbacks(execute=True):
            run = checked(town, SimpleUploadedFile(name, content or b" "), source)
        assert run.state == "failed"
        assert says in run.problem
        assert not HistoryRow.objects.exists()
        assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    def test_a_file_without_the_columns_asks_for_them(self, town, source):
        run = checked(town, as_csv(["E1", "x"], heads=["id", "start"]), source)
        assert (run.state, run.finished_at) == ("unmapped", None)
        assert run.problem == "The file lacks the columns: from, to, who, why, line, unit"

    def test_another_kind_of_file_is_refused(self, town, source):
        with pytest.raises(Refusal, match="CSV, XLSX or JSON"):
            given(town, SimpleUploadedFile("a.pdf", b"%PDF"), source)

    def test_more_rows_than_are_taken_at_once_are_refused(self, town, source, monkeypatch):
        monkeypatch.setattr(reading, "MOST_ROWS", 2)
        assert "At most 2 rows" in checked(town, as_csv(ROW, ROW, ROW), source).problem


class TestWriting:
    def test_the_same_file_again_changes_nothing(self, town, source):
        first = brought(town, as_csv(ROW, row(id="E2")), source)
        before = on_file()
        run = checked(town, as_csv(ROW, row(id="E2")), source)
        assert (first.counts, run.counts) == ({"new": 2}, {"same": 2})
        with pytest.raises(Refusal, match="nothing to write"):
            start_applying(code=run.code, actor=town.supervisor, now=NOON)
        assert on_file() == before

    def test_a_change_is_written_over_what_was(self, town, source):
        brought(town, as_csv(row(to="")), source)
        run = brought(town, as_csv(row(who="90")), source)
        assert run.counts == {"changed": 1}
        step = PastStep.objects.get()
        assert (step.customers, step.restored_at.hour, step.run) == (90, 1, run)

    def test_right_rows_are_written_and_wrong_ones_are_not(self, town, source):
        run = brought(town, as_csv(ROW, row(id="E2", who="-1")), source)
        assert (run.state, run.counts) == ("done", {"new": 1, "wrong": 1})
        assert PastStep.objects.get().number == "E1"

    def test_two_files_that_waited_count_an_outage_once(self, town, source):
        runs = [checked(town, as_csv(ROW), source) for _twice in range(2)]
        for run in runs:
            start_applying(code=run.code, actor=town.supervisor, now=NOON)
        assert [apply_run(code=run.code, now=NOON).counts for run in runs] == [{"new": 1}, {"same": 1}]
        assert PastStep.objects.count() == 1

    def test_writing_twice_or_after_leaving_does_nothing_more(self, town, source):
        run = brought(town, as_csv(ROW), source)
        assert apply_run(code=run.code, now=NOON + DAY).finished_at == NOON
        assert start_applying(code=run.code, actor=town.supervisor, now=NOON).state == "done"
        assert drop_run(code=run.code, actor=town.supervisor, now=NOON).state == "done"
        left = checked(town, as_csv(row(id="E2")), source)
        assert drop_run(code=left.code, actor=town.supervisor, now=NOON).state == "dropped"
        assert read_run(code=left.code, now=NOON).state == "dropped"
        assert not left.staged.exists()

    def test_nobody_of_ours_is_put_on_a_list(self, town, source):
        brought(town, as_csv(ROW), source)
        assert not Outage.objects.exists()
        assert not Affected.objects.exists()

    def test_the_same_press_twice_is_one_file(self, town, source):
        press = uuid4()
        codes = {given(town, as_csv(ROW), source, request_id=press).code for _twice in range(2)}
        assert len(codes) == HistoryRun.objects.count() == 1

    def test_who_does_not_lead_brings_in_nothing(self, town, source):
        for actor in (town.dispatcher, town.lead, town.agent):
            with pytest.raises(Denied):
                given(town, as_csv(ROW), source, actor=actor)
        run = checked(town, as_csv(ROW), source)
        for act in (start_applying, drop_run):
            with pytest.raises(Denied):
                act(code=run.code, actor=town.dispatcher, now=NOON)

    def test_old_reports_and_forgotten_files_go(self, town, source):
        done, waits = brought(town, as_csv(ROW), source), checked(town, as_csv(row(id="E2")), source)
        assert purge_history(now=NOON + 29 * DAY) == 0
        assert purge_history(now=NOON + 31 * DAY) == 2
        assert not HistoryRow.objects.exists()
        assert list(HistoryRun.objects.order_by("pk").values_list("state", flat=True)) == ["done", "dropped"]
        assert (done.counts, waits.counts) == ({"new": 1}, {"new": 1})
        assert PastStep.objects.count() == 1


class TestMapping:
    MAPPED = Mapped(
        name="调度系统", columns=old_system_columns() | {"cause": "why"}, forms=["iso"], zone="Asia/Shanghai"
    )

    def test_columns_are_named_once_for_all_files_of_a_source(self, town):
        run = given(town, as_csv(ROW), None)
        assert run.state == "unmapped"
        map_columns(code=run.code, mapped=self.MAPPED, actor=town.supervisor, now=NOON)
        assert read_run(code=run.code, now=NOON).counts == {"wrong": 1}
        name_causes(code=run.code, causes={"Wind": "weather"}, actor=town.supervisor, now=NOON)
        assert read_run(code=run.code, now=NOON).counts == {"new": 1}
        source = HistorySource.objects.get(name="调度系统")
        assert brought(town, as_csv(row(id="E9")), source).counts == {"new": 1}

    def test_a_name_that_is_taken_and_a_fact_that_is_missing_are_refused(self, town, source):
        run = given(town, as_csv(ROW), None)
        twin, bare = replace(self.MAPPED, name=source.name), replace(self.MAPPED, columns={"number": "id"})
        with pytest.raises(Refusal, match="a source of this name") as taken:
            map_columns(code=run.code, mapped=twin, actor=town.supervisor, now=NOON)
        assert taken.value.field == "name"
        with pytest.raises(Refusal, match="Customers"):
            map_columns(code=run.code, mapped=bare, actor=town.supervisor, now=NOON)

    def test_a_cause_that_is_none_of_ours_is_refused(self, town, source):
        run = checked(town, as_csv(row(why="?")), source)
        with pytest.raises(Refusal, match="from the list"):
            name_causes(code=run.code, causes={"?": "dragons"}, actor=town.supervisor, now=NOON)

    def test_shipped_mappings_are_there_once_and_edited_ones_are_left_alone(self, town):
        load_shipped_sources()
        HistorySource.objects.filter(code="lgeku").update(name="改过")
        assert load_shipped_sources() == 0
        assert HistorySource.objects.get(code="lgeku").name == "改过"

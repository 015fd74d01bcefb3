"""Edits of the work calendar: loading a year, saving a day, refusals that name the row."""

import threading
from datetime import date, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from openpyxl import Workbook

from common.calendars import company_calendar
from common.errors import Refusal
from common.models import CalendarStamp, WorkDay, WorkYear
from common.services.calendar import load_workdays, preview_workdays, save_day
from common.signals import calendar_changed, calendar_preview
from common.workdays import parse_spells, read_year, shipped_years, write_spells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = [["08:00", "12:00"], ["14:00", "18:00"]]
PUBLISHED_2027 = "day,kind,spells,note\n2027-01-01,holiday,,元旦\n2027-01-02,holiday,,元旦\n2027-01-10,makeup,,元旦\n"


def rows(text, name="2027.csv"):
    return read_year(SimpleUploadedFile(name, text.encode()))


def load(text, year=2027, status="published", source="国办发明电", **fields):
    return load_workdays(year=year, rows=rows(text), status=status, source=source, actor="Zhou", now=NOW, **fields)


@pytest.fixture
def heard():
    """Every change that was announced, with the days as the tables hold them at that moment."""
    changes = []

    def listen(change, actor, now, **_kwargs):
        assert transaction.get_connection().in_atomic_block
        changes.append((change, actor, now, company_calendar().years[change.year].status))
        return "14 promises move"

    calendar_changed.connect(listen)
    yield changes
    calendar_changed.disconnect(listen)


# ── a year ──────────────────────────────────────────────────────────────


def test_published_file_replaces_the_provisional_year(heard):
    change = load(PUBLISHED_2027)
    year = WorkYear.objects.get(year=2027)
    assert (year.status, year.source, year.loaded_by, year.loaded_at) == ("published", "国办发明电", "Zhou", NOW)
    assert company_calendar().published_until == date(2027, 12, 31)
    assert WorkDay.objects.get(day=date(2027, 1, 10)).spells == OFFICE
    assert WorkDay.objects.get(day=date(2027, 2, 8)).kind == "workday"  # the file does not name the Spring Festival
    assert not company_calendar().is_provisional(NOW, datetime(2027, 2, 8, 10, tzinfo=NOW.tzinfo))
    assert (change.old_status, change.status) == ("provisional", "published")
    assert "14 promises move" in change.effects  # beside what the rooms above answer
    assert [(c.year, actor, now, status) for c, actor, now, status in heard] == [(2027, "Zhou", NOW, "published")]
    assert date(2027, 1, 10) in change.hours_days
    assert date(2027, 1, 1) not in change.days  # the same before and after


def test_same_file_again_changes_nothing(heard):
    load(PUBLISHED_2027)
    stamp = CalendarStamp.objects.values().get()
    assert not load(PUBLISHED_2027)
    assert CalendarStamp.objects.values().get() == stamp
    assert len(heard) == 1


def test_next_year_extends_the_calendar():
    load("day,kind,spells,note\n2028-01-01,holiday,,元旦\n", year=2028, status="provisional")
    calendar = company_calendar()
    assert calendar.last_day == date(2028, 12, 31)
    assert calendar.years[2028].status == "provisional"
    assert WorkDay.objects.filter(year_id=2028).count() == 366


def test_preview_says_what_would_change_and_changes_nothing():
    def say(planned, days, now, **_kwargs):
        assert planned.work.is_workday(date(2027, 1, 10))
        assert planned.published_until == date(2027, 12, 31)
        return f"{len(days)} days looked at"

    calendar_preview.connect(say)
    try:
        stamp = CalendarStamp.objects.values().get()
        seen = preview_workdays(year=2027, rows=rows(PUBLISHED_2027), status="published", now=NOW)
    finally:
        calendar_preview.disconnect(say)
    assert f"{len(seen.days)} days looked at" in seen.effects
    assert CalendarStamp.objects.values().get() == stamp
    assert WorkYear.objects.get(year=2027).status == "provisional"
    assert seen.days == load(PUBLISHED_2027).days


def test_own_ordinary_hours_apply_to_every_day_not_named():
    load(
        "day,kind,spells,note\n*,workday,08:30-17:00,\n2027-01-01,holiday,,\n2027-01-09,makeup,,\n2027-01-10,makeup,09:00-12:00,\n"
    )
    spells = dict(WorkDay.objects.filter(year_id=2027).values_list("day", "spells"))
    assert spells[date(2027, 1, 4)] == spells[date(2027, 1, 9)] == [["08:30", "17:00"]]
    assert spells[date(2027, 1, 10)] == [["09:00", "12:00"]]
    assert spells[date(2027, 1, 1)] == spells[date(2027, 1, 2)] == []


def test_file_may_speak_chinese_and_gbk():
    text = "日期,类型,时段,说明\n2027/2/5,放假,,春节\n2027年2月6日,调休上班,08:00-12:00、14:00–17:30,春节\n"
    found = read_year(SimpleUploadedFile("2027年.csv", text.encode("gb18030")))
    load_workdays(year=2027, rows=found, status="published", source="通知", actor=None, now=NOW)
    assert WorkDay.objects.get(day=date(2027, 2, 5)).kind == "holiday"
    assert WorkDay.objects.get(day=date(2027, 2, 6)).spells == [["08:00", "12:00"], ["14:00", "17:30"]]


def test_file_may_be_a_workbook_with_date_cells():
    book = Workbook()
    for cells in [("day", "kind", "spells", "note"), (datetime(2027, 2, 5), "holiday", None, "春节")]:  # noqa: DTZ001
        book.active.append(cells)
    file = BytesIO()
    book.save(file)
    found = read_year(SimpleUploadedFile("2027.xlsx", file.getvalue()))
    load_workdays(year=2027, rows=found, status="published", source="通知", actor=None, now=NOW)
    row = WorkDay.objects.get(day=date(2027, 2, 5))
    assert (row.kind, row.note) == ("holiday", "春节")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-13-01,holiday,,", "“2027-13-01” is no date"),
        ("2026-10-01,holiday,,", "2026-10-01 is not in 2027"),
        ("2027-10-01,party,,", "“party” is no kind of day"),
        ("2027-10-01,holiday,08:00-12:00,", "no working hours"),
        ("2027-10-01,special,8-12,", "“8-12” is no span of time"),
        ("2027-10-01,special,08:00-08:00,", "has no length"),
        ("2027-10-01,special,08:00-13:00 12:00-18:00,", "must follow one another: 12:00"),
        ("2027-10-01,special,22:00-06:00 08:00-12:00,", "must follow one another: 08:00"),
        ("2027-10-01,special,05:00-08:00 22:00-06:00,", "past midnight into the first"),
        ("2027-10-01,makeup,,", "no Saturday or Sunday"),
        ("2027-01-01,holiday,,", "is there twice"),
        ("*,workday,nine to five,", "“nine” is no span of time"),
        (f"2027-10-01,holiday,,{'x' * 61}", "60 characters"),
    ],
)
def test_bad_row_is_refused_by_its_number_and_nothing_is_kept(line, words, heard):
    text = f"day,kind,spells,note\n2027-01-01,holiday,,\n\n{line}\n"
    with pytest.raises(Refusal) as refused:
        load(text)
    assert str(refused.value.message).startswith("Row 4: ")
    assert words in str(refused.value.message)
    assert refused.value.field == "file"
    assert WorkYear.objects.get(year=2027).status == "provisional"
    assert not heard


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"year": 2026, "status": "provisional"}, "status", "cannot replace"),
        ({"year": 2030}, "year", "Load 2028 first"),
        ({"year": 2015}, "year", "Load 2019 first"),
        ({"status": "certain"}, "status", "published or provisional"),
        ({"source": "  "}, "source", "where the days come from"),
    ],
)
def test_year_that_does_not_fit_is_refused(fields, field, words):
    with pytest.raises(Refusal) as refused:
        load("day,kind,spells,note\n", **fields)
    assert refused.value.field == field
    assert words in str(refused.value.message)


@pytest.mark.parametrize("text", ["", "date,what\n2027-01-01,holiday\n"])
def test_file_without_the_columns_is_refused(text):
    with pytest.raises(Refusal) as refused:
        rows(text)
    assert refused.value.field == "file"


# ── a day ───────────────────────────────────────────────────────────────


def test_saved_day_counts_at_once_and_says_by_whom(heard):
    day = date(2026, 11, 28)
    change = save_day(day=day, kind="special", spells=[["09:00", "12:00"]], note=" 抢修 ", actor="Zhou", now=NOW)
    row = WorkDay.objects.get(day=day)
    assert (row.kind, row.spells, row.note) == ("special", [["09:00", "12:00"]], "抢修")
    assert (row.edited_by, row.edited_at) == ("Zhou", NOW)
    assert company_calendar().work.is_workday(day)
    assert change.days == [day] == change.hours_days
    assert [c.days for c, *_ in heard] == [[day]]


def test_same_day_again_changes_nothing(heard):
    day = WorkDay.objects.get(day=date(2026, 11, 20))
    assert not save_day(day=day.day, kind=day.kind, spells=day.spells, note=day.note, actor="Zhou", now=NOW)
    assert WorkDay.objects.get(day=day.day).edited_at is None
    assert not heard


def test_loading_the_year_takes_an_edit_back():
    day = date(2027, 3, 3)
    save_day(day=day, kind="holiday", spells=[], note="", actor="Zhou", now=NOW)
    assert day in load(PUBLISHED_2027).days
    row = WorkDay.objects.get(day=day)
    assert (row.kind, row.edited_by, row.edited_at) == ("workday", "", None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "holiday"}, "spells"),
        ({"kind": "workday", "spells": []}, "spells"),
        ({"kind": "feast"}, "kind"),
        ({"spells": [["12:00", "08:00"], ["14:00", "18:00"]]}, "spells"),
        ({"day": date(2031, 1, 6)}, "day"),
        ({"note": "x" * 61}, "note"),
    ],
)
def test_day_that_cannot_be_is_refused_at_its_field(fields, field):
    wanted = {"day": date(2026, 11, 20), "kind": "workday", "spells": OFFICE, "note": ""} | fields
    with pytest.raises(Refusal) as refused:
        save_day(**wanted, actor=None, now=NOW)
    assert refused.value.field == field


def test_spells_are_read_as_they_are_written():
    for text in ("08:00-12:00 14:00-18:00", "22:00-06:00", "08:00-24:00", ""):
        assert write_spells(parse_spells(text)) == text


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_each_make_an_edition():
    version = CalendarStamp.objects.get().version
    gate = threading.Barrier(2)

    def edit(day):
        try:
            gate.wait(5)
            save_day(day=day, kind="holiday", spells=[], note="", actor=None, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(date(2026, 11, day),)) for day in (23, 24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert CalendarStamp.objects.get().version == version + 2
    work = company_calendar().work
    assert not work.is_workday(date(2026, 11, 23))
    assert not work.is_workday(date(2026, 11, 24))


# ── the command ─────────────────────────────────────────────────────────


def run(*args):
    out = StringIO()
    call_command("load_workdays", *args, stdout=out)
    return out.getvalue()


def test_command_loads_a_year_and_says_what_changed(tmp_path):
    file = tmp_path / "notice.csv"
    file.write_text(PUBLISHED_2027, encoding="utf-8")
    said = run("2027", str(file), "--dry-run")
    assert "2027-01-10 makeup 08:00-12:00 14:00-18:00 元旦" in said
    assert "days would change" in said
    assert WorkYear.objects.get(year=2027).status == "provisional"
    assert "days changed" in run("2027", str(file))
    assert WorkYear.objects.get(year=2027).source == "notice.csv"
    assert "0 days changed" in run("2027", str(file))


def test_command_loads_a_provisional_year(tmp_path):
    file = tmp_path / "2028.csv"
    file.write_text("day,kind,spells,note\n2028-01-01,holiday,,元旦\n", encoding="utf-8")
    run("2028", str(file), "--provisional", "--source", "by rule")
    assert WorkYear.objects.filter(year=2028, status="provisional", source="by rule").exists()


def test_command_refuses_in_words(tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_text("day,kind,spells,note\n2027-02-30,holiday,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Row 2: “2027-02-30” is no date"):
        run("2027", str(file))
    with pytest.raises(CommandError, match="No such file"):
        run("2027", str(tmp_path / "none.csv"))


def test_shipped_files_load_again_without_a_change():
    for shipped in shipped_years():
        assert not load_workdays(
            year=shipped.year, rows=shipped.rows(), status=shipped.status, source=shipped.source, actor=None, now=NOW
        )

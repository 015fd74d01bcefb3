"""Lists as files: defused, marked as UTF-8, told to whoever listens, bounded."""

import csv
import io
from datetime import UTC, datetime

import pytest

from common import exports
from common.errors import Refusal
from common.exports import Column, ExportNote, defuse, export, exported, write_csv
from staff.models import Unit
from tests.staff.factories import NOW, member, unit


class Row:
    name = "周婷"
    at = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
    owed = -5
    nothing = None

    def get_word(self):
        return "受理"


def lines(file):
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1+1", "+86 139", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "周婷", "1=1", "a-b", "'=1"])
def test_harmless_cell_stays_as_it_is(text):
    assert defuse(text) == text


def test_values_are_written_as_people_read_them():
    columns = [
        Column("=head", "name"),
        Column("at", "at"),
        Column("state", "get_word"),
        Column("owed", "owed"),
        Column("nothing", "nothing"),
        Column("both", lambda row: f"={row.name}"),
    ]
    file, count = write_csv([Row()], columns)
    assert count == 1
    assert lines(file) == [
        ["'=head", "at", "state", "owed", "nothing", "both"],
        ["周婷", "2026-11-20 14:32", "受理", "-5", "", "'=周婷"],
    ]


def test_file_says_that_it_is_utf8():
    file, count = write_csv([], [Column("名", "name")])
    assert (file.read(3), count) == (b"\xef\xbb\xbf", 0)


@pytest.mark.django_db
def test_export_tells_how_many_rows_left_the_house_before_it_gives_them():
    clerk = member(unit=unit("A"))
    unit("B")
    heard = []

    def listen(sender, note, row_count, **_more):
        heard.append((note, row_count))

    exported.connect(listen)
    try:
        note = ExportNote("staff.units", clerk, "yearly check", {"q": ["x"]}, NOW)
        response = export(Unit.objects.order_by("id"), [Column("Code", "code")], note)
    finally:
        exported.disconnect(listen)
    assert heard == [(note, 2)]
    assert 'filename="staff-units-20261120-1432.csv"' in response.headers["Content-Disposition"]
    assert b"".join(response.streaming_content).decode("utf-8-sig").split() == ["Code", "A", "B"]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    with pytest.raises(Refusal):
        write_csv([Row()] * 3, [Column("n", "name")])
    assert write_csv([Row()] * 2, [Column("n", "name")])[1] == 2

"""Rows of an uploaded file under its own headings."""

import json
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refusal
from common.records import PIECE, read_records


def of(name: str, text: str, encoding: str = "utf-8"):
    return read_records(SimpleUploadedFile(name, text.encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_under_its_headings(encoding):
    found = of("a.csv", "编号,户数,\nE1, 12 ,x\n,,\nE2\n", encoding)
    assert found.headings == ["编号", "户数", ""]
    assert list(found.rows) == [
        (2, {"编号": "E1", "户数": "12", "": "x"}),
        (4, {"编号": "E2", "户数": "", "": ""}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_of_objects_is_read_by_the_names_of_the_first(encoding):
    text = ' [ {"编号": "E1", "户数": 12, "计划": false} ,\n{"编号": "E2", "户数": null, "多": [1]}, {} ]\n'
    found = of("a.JSON", text, encoding)
    assert found.headings == ["编号", "户数", "计划"]
    assert list(found.rows) == [
        (1, {"编号": "E1", "户数": "12", "计划": "false"}),
        (2, {"编号": "E2", "户数": "", "多": "[1]"}),
    ]
    assert found.lacking(["户数", "线路"]) == ["线路"]


def test_objects_across_the_borders_of_pieces_are_whole():
    objects = [{"编号": f"E{number}", "话": "长" * (number % 997)} for number in range(1000)]
    text = json.dumps(objects, ensure_ascii=False)
    assert len(text) > 5 * PIECE
    assert [cells["编号"] for _number, cells in of("a.json", text).rows] == [f"E{n}" for n in range(1000)]


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', "[1]", '[{"a": 1}, 2]', '[{"a": 1},]', '[{"a": 1} {"a": 2}]', '[{"a": 1}', '[{"a": 1}] x', "", "[]"],
)
def test_what_is_no_list_of_objects_is_refused(text):
    with pytest.raises(Refusal):
        list(of("a.json", text).rows)


def test_one_object_without_an_end_does_not_fill_the_memory():
    text = '[{"a": "' + "x" * (20 << 20)
    upload = SimpleUploadedFile("a.json", text.encode())
    tracemalloc.start()
    with pytest.raises(Refusal):
        list(read_records(upload).rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20

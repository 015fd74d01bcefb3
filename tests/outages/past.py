"""Files of past outages for tests, and the way they take into the house."""

import csv
import io
import json
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from outages.models import HistoryRun, HistorySource, PastStep
from outages.services.history import apply_run, read_run, start_applying, start_run
from tests.outages.town import Grid
from tests.workorders.world import NOON

HEADS = ["id", "from", "to", "who", "why", "line", "unit"]
COLUMNS = [field.attname for field in PastStep._meta.fields if field.name not in ("id", "run")]
ROW = ["E1", "2025-03-01 08:00", "2025-03-01 09:30", "120", "Wind", "F-E", ""]


def row(**changes: str) -> list[str]:
    """A right row with some cells changed: ``row(id="E2", to="")``."""
    return [changes.get(head, cell) for head, cell in zip(HEADS, ROW, strict=True)]


def as_csv(*rows: list[str], heads: list[str] | None = None, encoding: str = "utf-8") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows([heads or HEADS, *rows])
    return SimpleUploadedFile("停电.csv", text.getvalue().encode(encoding))


def as_json(*rows: list[str]) -> SimpleUploadedFile:
    objects = [dict(zip(HEADS, cells, strict=True)) for cells in rows]
    return SimpleUploadedFile("停电.json", json.dumps(objects, ensure_ascii=False).encode())


def old_system(**changes: Any) -> HistorySource:
    """A source whose files have the columns of `HEADS`; its clocks are Chinese."""
    columns = {"number": "id", "began_at": "from", "restored_at": "to", "customers": "who", "cause": "why",
               "planned": "why", "feeder": "line", "unit": "unit"}  # fmt: skip
    own = {
        "code": "old", "name": "旧系统", "columns": columns, "forms": ["iso", "%Y/%m/%d %H:%M"],
        "zone": "Asia/Shanghai", "causes": {"Wind": "weather", "Works": "work"}, "planned_words": ["works"],
    }  # fmt: skip
    return HistorySource.objects.create(**own | changes)


def given(town: Grid, upload: SimpleUploadedFile, source: HistorySource | None, **own: Any) -> HistoryRun:
    """A supervisor gives a file."""
    own = {"actor": town.supervisor, "unit": town.company, "now": NOON, "request_id": uuid4()} | own
    return start_run(upload=upload, source=source, **own)


def checked(town: Grid, upload: SimpleUploadedFile, source: HistorySource, **own: Any) -> HistoryRun:
    """The dry run of a file."""
    return read_run(code=given(town, upload, source, **own).code, now=NOON)


def brought(town: Grid, upload: SimpleUploadedFile, source: HistorySource, **own: Any) -> HistoryRun:
    """A file that was checked and written."""
    run = checked(town, upload, source, **own)
    start_applying(code=run.code, actor=own.get("actor", town.supervisor), now=NOON)
    return apply_run(code=run.code, now=NOON)


def remarks(run: HistoryRun, state: str = "wrong") -> dict[int, str]:
    """What is said of the rows of one sort, by row."""
    return {one.line_no: " ".join(one.remarks) for one in run.staged.filter(state=state)}


def on_file() -> list[dict[str, Any]]:
    """Every imported step, but for the file that wrote it last."""
    return list(PastStep.objects.order_by("number", "stage").values(*COLUMNS))

"""The dry run: a file is kept, read row by row into the staging table, and checked. Nothing else is written."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.access import require
from common.copying import copy_rows
from common.errors import Refusal
from common.sheets import read_rows
from customers.choices import ImportKind, ImportState, RowState
from customers.models import ImportRow, ImportRun
from customers.policies import can_import
from customers.services.imports.cells import clean_row, filled
from customers.services.imports.checks import check_rows
from customers.services.imports.columns import COLUMNS, NEEDED
from customers.services.nudging import nudge_reading
from staff.models import Member

MOST_ROWS = 500_000
FOLDER = "imports"
KEPT = timedelta(days=30)  # rows to mend, after the rest of their file was written
STAGED = ("run_id", "line_no", "data", "state", "problems")


def start_import(*, kind: str, upload: UploadedFile, actor: Member | None, now: datetime) -> ImportRun:
    """Keep the file and let a worker read it; ``actor`` None is the command line. Raises: Denied; Refusal."""
    if actor is not None:
        require(can_import(actor))
    if kind not in ImportKind.values:
        raise Refusal(_("Say what the file brings."), field="kind")
    ending = upload.name.rsplit(".", 1)[-1].lower()
    if ending not in ("csv", "xlsx"):
        raise Refusal(_("Give a CSV or XLSX file"), field="file")
    code = f"{localtime(now):%y%m%d-%H%M%S}-{token_hex(2)}"
    stored_as = default_storage.save(f"{FOLDER}/{code}.{ending}", upload)
    run = ImportRun.objects.create(
        code=code, kind=kind, file_name=upload.name[-200:], stored_as=stored_as, actor=actor, created_at=now
    )
    nudge_reading(code)
    return run


def read_import(*, code: str, now: datetime) -> ImportRun:
    """Stage and check the file of a run. Whole or not at all; killed in the middle, it begins anew.

    Locks: the run, so two workers never read one file. Idempotent: a run that is read is left alone.
    """
    problem = ""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("actor").get(code=code)
        if run.state != ImportState.READING:
            return run
        try:
            with transaction.atomic(), override((run.actor and run.actor.language) or settings.LANGUAGE_CODE):
                _stage(run, now)
        except Refusal as refusal:
            problem = str(refusal.message)
            run.state, run.problem, run.finished_at = ImportState.FAILED, problem, now
        run.save()
        transaction.on_commit(lambda: default_storage.delete(run.stored_as))
    return run


def drop_import(*, code: str, actor: Member, now: datetime) -> ImportRun:
    """Leave what is not written yet; staged rows go, also those that needed mending. Locks: the run."""
    require(can_import(actor))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        if run.state in (ImportState.CHECKED, ImportState.APPLYING):
            run.staged.all().delete()
            run.state, run.finished_at = ImportState.DROPPED, now
            run.save(update_fields=["state", "finished_at"])
    return run


def purge_rows(*, now: datetime) -> int:
    """Let go of rows that nobody came back to mend: they hold people's data. Return how many."""
    done = ImportRun.objects.filter(finished_at__lt=now - KEPT)
    return ImportRow.objects.filter(run__in=done).delete()[0]


def _stage(run: ImportRun, now: datetime) -> None:
    """COPY the rows in, let the database check them, count."""
    with default_storage.open(run.stored_as, "rb") as stored:
        upload = File(stored.file, name=run.stored_as)
        columns = COLUMNS[run.kind]
        rows = read_rows(upload, columns, optional=columns.keys() - NEEDED[run.kind])
        run.rows = copy_rows("customers_importrow", STAGED, _staged(run, islice(rows, MOST_ROWS + 1)))
    if not run.rows:
        raise Refusal(_("There is no row in this file"))
    if run.rows > MOST_ROWS:
        raise Refusal(_("At most %(count)s rows at once; split the file") % {"count": f"{MOST_ROWS:,}"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_importrow")  # the checks join it while nobody has counted it yet
    check_rows(run)
    run.wrong = ImportRow.objects.filter(run=run, state=RowState.WRONG).count()
    run.state, run.beat_at = ImportState.CHECKED, now


def _staged(run: ImportRun, rows: Iterator[dict]) -> Iterator[tuple[Any, ...]]:
    """The rows as they stand in the staging table."""
    columns = list(COLUMNS[run.kind])
    for row in rows:
        data, problems = clean_row(run.kind, filled(columns, row))
        if problems:  # what the person wrote comes back, so that it can be mended
            data = {column: row[column] for column in columns}
        state = RowState.WRONG if problems else RowState.READY
        data = {key: value for key, value in data.items() if value is not None}
        yield run.pk, row["line"], json.dumps(data, ensure_ascii=False), state, problems

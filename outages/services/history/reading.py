"""The dry run: a file is kept, read row by row into the staging table, and checked. Nothing else is written."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.access import require
from common.copying import copy_rows
from common.errors import Refusal
from common.records import Records, read_records
from customers.models import Feeder
from outages.models import HistoryRow, HistoryRun, HistorySource
from outages.models.history import RunState
from outages.policies import can_import_history
from outages.selectors.history import history_units
from outages.services.history.cells import Reader
from outages.services.history.checks import check_rows
from outages.services.history.facts import Fact
from outages.services.history.nudging import nudge_reading
from staff.models import Member, Unit

MOST_ROWS = 500_000
ENDINGS = ("csv", "xlsx", "json")
FOLDER = "history"
KEPT = timedelta(days=30)  # the report of a file, after it was written or left
STAGED = ("run_id", "line_no", "data", "state", "remarks")
ENDED = (RunState.DONE, RunState.FAILED, RunState.DROPPED)


def start_run(
    *, upload: UploadedFile, source: HistorySource | None, unit: Unit, actor: Member, now: datetime, request_id: UUID
) -> HistoryRun:
    """Keep the file; with a source a worker reads it, without one somebody has to name its columns first.

    Raises: Denied; Refusal. Idempotent: by ``request_id``.
    """
    require(can_import_history(actor, unit))
    if known := HistoryRun.objects.filter(request_id=request_id).first():
        return known
    name = upload.name or ""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending not in ENDINGS:
        raise Refusal(_("Give a CSV, XLSX or JSON file"), field="file")
    code = f"{localtime(now):%y%m%d-%H%M%S}-{token_hex(2)}"
    facts = {"source": source, "unit": unit, "actor": actor, "at": now, "beat_at": now, "request_id": request_id}
    state = RunState.READING if source else RunState.UNMAPPED
    stored_as = default_storage.save(f"{FOLDER}/{code}.{ending}", upload)
    try:
        with transaction.atomic():
            run = HistoryRun.objects.create(code=code, state=state, stored_as=stored_as, file_name=name[-200:], **facts)
    except IntegrityError:  # the same press twice at one moment
        default_storage.delete(stored_as)
        return HistoryRun.objects.get(request_id=request_id)
    if source:
        nudge_reading(code)
    return run


def read_run(*, code: str, now: datetime) -> HistoryRun:
    """Stage and check the file. Whole or not at all; killed in the middle, it begins anew.

    Locks: the run, so two workers never read one file. Idempotent: a run that is read is left alone.
    """
    with transaction.atomic():
        run = locked(code)
        if run.state != RunState.READING:
            return run
        try:
            with transaction.atomic(), override(run.actor.language):
                _stage(run, now)
        except Refusal as refusal:
            run.problem, run.counts = str(refusal.message), {}
            run.state, run.finished_at = (
                (RunState.UNMAPPED, None) if refusal.field == "columns" else (RunState.FAILED, now)
            )
        run.beat_at = now
        run.save(update_fields=["state", "problem", "counts", "beat_at", "finished_at"])
        if run.state == RunState.FAILED:
            forget_file(run)
    return run


def drop_run(*, code: str, actor: Member, now: datetime) -> HistoryRun:
    """Leave a file that is not written. Locks: the run. Idempotent: what is written or left stays so."""
    with transaction.atomic():
        run = locked(code)
        require(can_import_history(actor, run.unit))
        if run.state not in (*ENDED, RunState.APPLYING):
            run.staged.all().delete()
            run.state, run.counts, run.finished_at = RunState.DROPPED, {}, now
            run.save(update_fields=["state", "counts", "finished_at"])
            forget_file(run)
    return run


def purge_history(*, now: datetime) -> int:
    """Let go of reports that are old, and of files nobody came back to. Return how many rows went."""
    gone = HistoryRow.objects.filter(run__finished_at__lt=now - KEPT).delete()[0]
    for run in HistoryRun.objects.filter(beat_at__lt=now - KEPT).exclude(state__in=(*ENDED, RunState.APPLYING)):
        gone += run.staged.count()
        drop_run(code=run.code, actor=run.actor, now=now)
    return gone


def locked(code: str) -> HistoryRun:
    """The run, nobody else's until the transaction ends."""
    rows = HistoryRun.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("source", "unit", "actor").get(code=code)


def forget_file(run: HistoryRun) -> None:
    """Take the upload off the disk once this is true."""
    transaction.on_commit(lambda: default_storage.delete(run.stored_as))


def count_rows(run: HistoryRun) -> dict[str, int]:
    """How many rows there are of each state."""
    return dict(run.staged.order_by().values_list("state").annotate(Count("pk")))


@contextmanager
def opened(run: HistoryRun) -> Iterator[Records]:
    """The run's file. Raises: Refusal when it cannot be read."""
    with default_storage.open(run.stored_as, "rb") as stored:
        yield read_records(File(stored.file, name=run.stored_as))


def _stage(run: HistoryRun, now: datetime) -> None:
    """COPY the rows in, let the database compare them, count."""
    run.staged.all().delete()
    source = run.source
    if source is None:
        raise Refusal(_("Say which column says what; then the file is checked."), field="columns")
    reader = Reader(source, run.unit_id, history_units(run.actor), _feeders(), now)
    with opened(run) as records:
        if lacking := records.lacking(source.columns[fact] for fact in Fact if fact in source.columns):
            words = _("The file lacks the columns: %(names)s") % {"names": ", ".join(dict.fromkeys(lacking))}
            raise Refusal(words, field="columns")
        rows = copy_rows(HistoryRow._meta.db_table, STAGED, _staged(run, reader, records))
    if not rows:
        raise Refusal(_("There is no row in this file"))
    if rows > MOST_ROWS:
        raise Refusal(_("At most %(count)s rows at once; split the file") % {"count": f"{MOST_ROWS:,}"})
    check_rows(run, source, reader.units.values())
    run.state, run.problem, run.counts = RunState.CHECKED, "", count_rows(run)


def _staged(run: HistoryRun, reader: Reader, records: Records) -> Iterator[tuple[Any, ...]]:
    """The rows as they stand in the staging table."""
    for line_no, cells in islice(records.rows, MOST_ROWS + 1):
        data, state, remarks = reader.read(cells)
        yield run.pk, line_no, json.dumps(data, ensure_ascii=False), state, remarks


def _feeders() -> dict[str, int]:
    """Feeders by code, and by a name that only one of them has."""
    lines = list(Feeder.objects.values_list("pk", "code", "name"))
    times = Counter(name for _pk, _code, name in lines)
    return {name: pk for pk, _code, name in lines if times[name] == 1} | {code: pk for pk, code, _name in lines}

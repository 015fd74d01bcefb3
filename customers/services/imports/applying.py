"""Writing what is staged, chunk by chunk. Killed at any point, it goes on where it was."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.choices import ImportKind, ImportState, RowState
from customers.models import ImportRow, ImportRun
from customers.policies import can_import
from customers.services.bulk import write_customers, write_places
from customers.services.imports.checks import check_rows
from customers.services.network import write_network
from customers.services.nudging import nudge_applying
from notifications.services.outbox import Note, enqueue
from staff.models import Member

CHUNK = {ImportKind.CUSTOMERS: 2000, ImportKind.SUPPLY_POINTS: 2000, ImportKind.NETWORK: 500}
WRITERS = {
    ImportKind.CUSTOMERS: write_customers,
    ImportKind.SUPPLY_POINTS: write_places,
    ImportKind.NETWORK: write_network,
}
STANDS_STILL = timedelta(minutes=1)


def start_applying(*, code: str, actor: Member, now: datetime) -> ImportRun:
    """Write the rows that are right, in the background; also continues a run that stands still.

    Raises: Denied; Refusal when there is nothing to write. Locks: the run.
    """
    require(can_import(actor))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(code=code)
        if run.state not in (ImportState.CHECKED, ImportState.APPLYING):
            raise Refusal(_("This file is not ready to be written."))
        if run.state == ImportState.CHECKED:
            begin(run, now)
        nudge_applying(code)
    return run


def begin(run: ImportRun, now: datetime) -> None:
    """From the dry run to writing; what changed on file since the dry run is looked at once more."""
    check_rows(run)
    run.wrong = ImportRow.objects.filter(run=run, state=RowState.WRONG).count()
    run.state, run.started_at, run.beat_at = ImportState.APPLYING, now, now
    run.save(update_fields=["wrong", "state", "started_at", "beat_at"])


def apply_import(*, code: str, clock: Callable[[], datetime] = timezone.now) -> ImportRun:
    """Write every staged row that is right; return the run as it stands then.

    One transaction per chunk: rows are written and leave the staging table together, so a kill between two chunks, or
    inside one, loses and doubles nothing. ``clock`` gives the instant of each chunk, as this may take minutes.

    Locks: the run for each chunk; a second worker waits for its turn and finds less to do.
    """
    while True:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("actor").get(code=code)
            if run.state != ImportState.APPLYING or not _write_chunk(run, clock()):
                return run


def _write_chunk(run: ImportRun, now: datetime) -> bool:
    """Write the next rows; False when there were none and the run is done."""
    kind = ImportKind(run.kind)
    rows = list(ImportRow.objects.filter(run=run, state=RowState.READY).order_by("line_no")[: CHUNK[kind]])
    run.beat_at = now
    if rows:
        WRITERS[kind]([row.data for row in rows], now=now)
        ImportRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
        run.written += len(rows)
    else:
        run.state, run.finished_at = ImportState.DONE, now
        _tell(run, now)
    run.save(update_fields=["beat_at", "written", "state", "finished_at"])
    return bool(rows)


def _tell(run: ImportRun, now: datetime) -> None:
    """“好了会发消息”."""
    if run.actor is None:
        return
    data = {"file": run.file_name, "written": f"{run.written:,}", "wrong": f"{run.wrong:,}"}
    note = Note(kind="import_done", data=data, about=run.code, dedupe_key=f"import_done:{run.code}", member=run.actor)
    enqueue([note], now=now)

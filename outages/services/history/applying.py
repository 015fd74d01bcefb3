"""Writing what the dry run found new or changed: one statement, so all of a file is there or nothing of it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.models import HistoryRun
from outages.models.history import TO_WRITE, RunState
from outages.policies import can_import_history
from outages.selectors.history import history_units
from outages.services.history.checks import DIFFERENT, MEANT, compare
from outages.services.history.nudging import nudge_applying, nudge_reading
from outages.services.history.reading import count_rows, forget_file, locked
from staff.models import Member

COLUMNS = ("source_id", "number", "stage", "run_id", *DIFFERENT)
WRITE = f"""
INSERT INTO outages_paststep ({", ".join(COLUMNS)})
SELECT {", ".join(f"m.{column}" for column in COLUMNS)} FROM ({MEANT}) AS m
ON CONFLICT (source_id, number, stage) DO UPDATE
SET {", ".join(f"{column} = excluded.{column}" for column in ("run_id", *DIFFERENT))}"""  # noqa: S608 - own names


def start_applying(*, code: str, actor: Member, now: datetime) -> HistoryRun:
    """Let a worker write what the dry run found; also wakes one for a file that stands still, read or unread.

    Raises: Denied; Refusal when there is nothing to write. Locks: the run. Idempotent: what is written stays as it is.
    """
    with transaction.atomic():
        run = locked(code)
        require(can_import_history(actor, run.unit))
        if run.state == RunState.DONE:
            return run
        if run.state == RunState.READING:
            run.beat_at = now
            run.save(update_fields=["beat_at"])
            nudge_reading(code)
            return run
        if run.state not in (RunState.CHECKED, RunState.APPLYING) or not to_write(run):
            raise Refusal(_("There is nothing to write in this file."))
        run.state, run.beat_at = RunState.APPLYING, now
        run.save(update_fields=["state", "beat_at"])
        nudge_applying(code)
    return run


def apply_run(*, code: str, now: datetime) -> HistoryRun:
    """Write the rows that are new or a change, as they stand beside what is on file at this moment.

    Locks: the run. Idempotent: a run that is written is left alone, and so is what is on file already.
    """
    with transaction.atomic():
        run = locked(code)
        if run.state != RunState.APPLYING:
            return run
        compare(run, history_units(run.actor).values())
        run.counts = count_rows(run)
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"run": run.pk, "states": list(TO_WRITE)})
        run.state, run.finished_at, run.beat_at = RunState.DONE, now, now
        run.save(update_fields=["counts", "state", "finished_at", "beat_at"])
        forget_file(run)
    return run


def to_write(run: HistoryRun) -> int:
    """How many rows of the file are new or a change."""
    return sum(run.counts.get(state, 0) for state in TO_WRITE)

"""What only the database knows about staged rows: set-based, so that 500,000 of them are a few statements."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from outages.models import HistoryRun, HistorySource
from outages.models.history import RowState

# The same outage twice in one file: the later row names the earlier.
TWICE = """
UPDATE outages_historyrow r SET state = 'wrong', remarks = ARRAY[%(words)s || ' ' || seen.first_line]
FROM (
    SELECT id, line_no, first_value(line_no) OVER (
        PARTITION BY data->>'number', data->>'stage' ORDER BY line_no) AS first_line
    FROM outages_historyrow WHERE run_id = %(run)s AND state = 'ready'
) AS seen WHERE r.id = seen.id AND seen.line_no > seen.first_line"""

# Ends that are sightings: what was seen to the very last had not ended.
STILL_OFF = """
UPDATE outages_historyrow SET data = jsonb_set(data, '{restored_at}', 'null')
WHERE run_id = %(run)s AND state = 'ready' AND (data->>'restored_at')::timestamptz = (
    SELECT max((data->>'restored_at')::timestamptz) FROM outages_historyrow
    WHERE run_id = %(run)s AND state = 'ready')"""

# What a staged row would be on file.
MEANT = """
SELECT r.id AS row_id, h.source_id, r.data->>'number' AS number, (r.data->>'stage')::smallint AS stage,
    (r.data->>'unit_id')::bigint AS unit_id, f.id AS feeder_id, r.data->>'feeder_name' AS feeder_name,
    (r.data->>'customers')::bigint AS customers, (r.data->>'began_at')::timestamptz AS began_at,
    (r.data->>'restored_at')::timestamptz AS restored_at, (r.data->>'is_planned')::boolean AS is_planned,
    r.data->>'cause' AS cause, r.data->>'cause_given' AS cause_given, r.run_id
FROM outages_historyrow r JOIN outages_historyrun h ON h.id = r.run_id
LEFT JOIN customers_feeder f ON f.id = (r.data->>'feeder_id')::bigint
WHERE r.run_id = %(run)s AND r.state = ANY(%(states)s)"""

DIFFERENT = ("unit_id", "feeder_id", "feeder_name", "customers", "began_at", "restored_at", "is_planned", "cause",
             "cause_given")  # fmt: skip
CHANGES = " || ".join(
    f"CASE WHEN p.{column} IS DISTINCT FROM m.{column} THEN ARRAY[%({column})s] ELSE ARRAY[]::text[] END"
    for column in DIFFERENT
)
COMPARED = f"""
UPDATE outages_historyrow r SET
    state = CASE WHEN found.past IS NULL THEN 'new' WHEN NOT found.is_ours THEN 'wrong'
                 WHEN cardinality(found.changes) > 0 THEN 'changed' ELSE 'same' END,
    remarks = CASE WHEN found.past IS NULL THEN ARRAY[]::text[] WHEN NOT found.is_ours THEN ARRAY[%(not_ours)s]
                   ELSE found.changes END
FROM (
    SELECT m.row_id, p.id AS past, p.unit_id = ANY(%(units)s) AS is_ours, {CHANGES} AS changes
    FROM ({MEANT}) AS m
    LEFT JOIN outages_paststep p ON p.source_id = m.source_id AND p.number = m.number AND p.stage = m.stage
) AS found WHERE r.id = found.row_id"""  # noqa: S608 - own names


def check_rows(run: HistoryRun, source: HistorySource, units: Iterable[int]) -> None:
    """Say of every row that can be read whether it is new, a change, or as on file; ``units`` are those one may write.

    What is new or a change already is compared anew, for the file may have waited while others were written.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outages_historyrow")  # the checks join it while nobody has counted it yet
        if source.ends_are_sightings:
            cursor.execute(STILL_OFF, {"run": run.pk})
        cursor.execute(TWICE, {"run": run.pk, "words": _("This outage stands in the file already, in row")})
    compare(run, units)


def compare(run: HistoryRun, units: Iterable[int]) -> None:
    """Put the rows that can be written beside what is on file."""
    states: list[str] = [RowState.READY, RowState.NEW, RowState.CHANGED, RowState.SAME]
    given: dict[str, Any] = {"run": run.pk, "states": states, "units": list(units)} | _words()
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, given)


def _words() -> dict[str, str]:
    """How each difference is called."""
    return {
        "not_ours": _("This outage is on file for a unit that you do not lead."),
        "unit_id": _("unit"),
        "feeder_id": _("feeder on file"),
        "feeder_name": _("feeder"),
        "customers": _("customers"),
        "began_at": _("off since"),
        "restored_at": _("back since"),
        "is_planned": _("planned or not"),
        "cause": _("cause"),
        "cause_given": _("cause as given"),
    }

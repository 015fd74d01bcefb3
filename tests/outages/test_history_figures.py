"""Figures of imported history are those of an independent computation over the file itself.

The other way: the file's cells as they stand, COPYed into a table of texts, and plain SQL over them. Both must say:
days are of Asia/Shanghai though the file is in UTC; an interruption is longer than 3 minutes; the most customers seen
count; an end is the last time an outage was seen, so what was seen in the very last snapshot is still off: it counts as
often as it happened and has no minutes; “Scheduled maintenance” is planned.
"""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override

from outages.asked import asked_of
from outages.models import HistorySource, PastStep
from outages.reliability import Step, daily_saidi, indices
from outages.selectors.figures import figures
from outages.selectors.history import Origin
from outages.services.history import load_shipped_sources
from outages.services.restoring import restore
from outages.services.shipping import load_shipped_leads
from tests.outages.past import brought, checked
from tests.outages.test_pages import desk_of
from tests.outages.town import HOUR, dark, done, grid
from tests.workorders.world import NOON, at

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "outages_lgeku_2024-10.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.exists(), reason="NOT RUN: the shared outage file is not beside the project"),
]
START, END = at("2024-01-01 00:00:00"), at("2025-01-01 00:00:00")
SERVED = 6  # the five of the grid and the one of the world

RAW = """
CREATE TEMPORARY TABLE raw (id text, start text, first_seen text, last_seen text, customers_first text,
    customers_max text, customers_last text, customers_steps text, etr_first text, etr_last text, etr_changes text,
    cause_first text, cause_last text, crew_last text, lat text, lon text) ON COMMIT DROP"""
READ = """
CREATE TEMPORARY VIEW told AS SELECT customers_max::int AS who, cause_last AS why,
    cause_last = 'Scheduled maintenance' AS planned, last_seen = max(last_seen) OVER () AS off,
    extract(epoch FROM last_seen::timestamptz - start::timestamptz) AS seconds,
    start::timestamptz AT TIME ZONE 'Asia/Shanghai' AS began FROM raw"""
TOTALS = """
SELECT count(*), coalesce(sum(who) FILTER (WHERE off OR seconds > %(least)s), 0),
    coalesce(sum(who * seconds) FILTER (WHERE NOT off AND seconds > %(least)s), 0) / 60,
    coalesce(sum(who) FILTER (WHERE NOT off AND seconds > %(least)s), 0), count(*) FILTER (WHERE off)
FROM told WHERE extract(year FROM began) = 2024 AND planned = %(planned)s"""
BY_MONTH = """
SELECT extract(month FROM began)::int, sum(who), coalesce(sum(who * seconds) FILTER (WHERE NOT off), 0) / 60
FROM told WHERE NOT planned GROUP BY 1 ORDER BY 1"""
BY_DAY = """
SELECT began::date, sum(who * seconds) / 60 FROM told WHERE NOT planned AND NOT off GROUP BY 1 ORDER BY 1"""
BY_CAUSE = """
SELECT CASE WHEN why = 'Weather-related' THEN 'Weather' WHEN why = 'Damaged equipment' THEN 'Equipment failed'
        WHEN why IN ('Trees or limbs in lines', 'Wildlife in equipment') THEN 'Tree or animal'
        WHEN why = 'Scheduled maintenance' THEN 'Maintenance or rebuilding'
        WHEN why = 'Motor vehicle accident' THEN 'Damage by others' ELSE 'Still being looked for' END,
    sum(who), coalesce(sum(who * seconds) FILTER (WHERE NOT off), 0) / 60
FROM told GROUP BY 1"""


@pytest.fixture
def town(db, monkeypatch):
    monkeypatch.setattr("outages.services.history.nudging.send", lambda task, code: None)
    load_shipped_leads()
    load_shipped_sources()
    return grid()


@pytest.fixture
def run(town):
    """The file through the real service with the shipped mapping, and its raw cells beside it."""
    upload = SimpleUploadedFile(SHARED.name, SHARED.read_bytes())
    run = brought(town, upload, HistorySource.objects.get(code="lgeku"))
    with connection.cursor() as cursor, SHARED.open(encoding="utf-8") as file:
        cursor.execute(RAW)
        cursor.copy_expert("COPY raw FROM STDIN WITH (FORMAT csv, HEADER)", file)
        cursor.execute(READ)
    return run


def year(town, number="2024", **query):
    words = QueryDict(mutable=True)
    words.update({"year": number} | query)
    return figures(asked_of(words, town.supervisor, NOON + 2 * HOUR))


def imported_steps():
    rows = PastStep.objects.filter(began_at__gte=START, began_at__lt=END)
    return [Step(row.number, row.customers, row.began_at, row.restored_at, row.is_planned) for row in rows]


def by_sql(question, **given):
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall()


def test_every_row_of_the_file_is_taken(run):
    assert (run.state, run.counts) == ("done", {"new": 1690})
    assert PastStep.objects.filter(restored_at=None).count() == 7
    assert PastStep.objects.filter(is_planned=True).count() == 91


@pytest.mark.parametrize("planned", [False, True])
def test_the_years_indices_are_those_of_plain_sql(town, run, planned):
    ((outages, times, minutes, ended, off),) = by_sql(TOTALS, least=180, planned=planned)
    whole = year(town, history="imported").whole
    found = whole.planned if planned else whole.unplanned
    assert outages > 50
    assert (found.tally.interrupted, found.tally.ongoing) == (times, off)
    assert found.saifi == pytest.approx(times / SERVED)
    assert found.tally.minutes == pytest.approx(float(minutes))
    assert found.saidi_min == pytest.approx(float(minutes) / SERVED)
    assert found.caidi_min == pytest.approx(float(minutes) / ended)


@pytest.mark.parametrize("least", [timedelta(minutes=3), timedelta(minutes=5), timedelta(hours=2)])
def test_another_threshold_leaves_out_the_same_rows(run, least):
    ((_outages, times, minutes, _ended, _off),) = by_sql(TOTALS, least=least.total_seconds(), planned=False)
    found = indices(imported_steps(), customers_served=SERVED, start=START, end=END, sustained=least)
    assert (found.customer_interruptions, found.customer_minutes) == (times, pytest.approx(float(minutes)))


def test_months_are_those_of_the_city_not_of_the_file(town, run):
    expected = {month: (times, float(minutes)) for month, times, minutes in by_sql(BY_MONTH)}
    found = {
        int(line.key[-2:]): (line.pair.unplanned.tally.interrupted, line.pair.unplanned.tally.minutes)
        for line in year(town, history="imported").lines
        if line.pair.unplanned.tally.interrupted
    }
    assert set(found) == {5, 9, 10}
    assert found == {month: (times, pytest.approx(minutes)) for month, (times, minutes) in expected.items()}


def test_days_are_those_of_plain_sql(run):
    expected = {day: float(minutes) / SERVED for day, minutes in by_sql(BY_DAY)}
    steps = imported_steps()
    found = daily_saidi(steps, customers_served=SERVED, zone=ZoneInfo("Asia/Shanghai"))
    assert len(expected) > 10
    assert found == {day: pytest.approx(saidi) for day, saidi in expected.items()}


def test_causes_are_those_of_plain_sql(town, run):
    expected = {why: (times, pytest.approx(float(minutes))) for why, times, minutes in by_sql(BY_CAUSE)}
    with override("en"):
        causes = year(town, history="imported").causes
        found = {line.label: [line.pair.unplanned.tally, line.pair.planned.tally] for line in causes}
    sums = {
        why: (one.interrupted + other.interrupted, one.minutes + other.minutes) for why, (one, other) in found.items()
    }
    assert sums == expected
    assert len(expected) == 6


def test_the_file_again_changes_nothing(town, run):
    before = year(town, history="both")
    upload = SimpleUploadedFile(SHARED.name, SHARED.read_bytes())
    source = HistorySource.objects.get(code="lgeku")
    assert checked(town, upload, source, request_id=uuid4()).counts == {"same": 1690}
    assert year(town, history="both") == before


class TestWhoseOutages:
    @pytest.fixture
    def both(self, town):
        """A fault of our own and one that was imported, in one year."""
        done(restore, dark(town), town.lead, now=NOON + HOUR)
        PastStep.objects.create(
            source=HistorySource.objects.get(code="lgeku"), number="1", unit=town.station, customers=10,
            began_at=NOON, restored_at=NOON + HOUR, is_planned=False, cause="weather",
            run=brought(town, SimpleUploadedFile(SHARED.name, SHARED.read_bytes()), HistorySource.objects.get()),
        )  # fmt: skip
        return town

    def test_own_and_imported_add_up(self, both):
        minutes = {origin: year(both, "2026", history=origin).whole.unplanned.tally.minutes for origin in Origin}
        assert minutes == {Origin.OWN: 4 * 60, Origin.IMPORTED: 10 * 60, Origin.BOTH: 14 * 60}

    def test_a_unit_counts_what_was_imported_for_it(self, both):
        found = year(both, "2026", history="both", unit=both.other_station.code)
        assert (found.past, found.whole.unplanned.tally.minutes) == ([], 0)
        (past,) = year(both, "2026", unit=both.station.code).past
        assert past.outages == 1

    def test_the_page_says_whose_outages_it_counts(self, both, settings):
        desk = desk_of(both.supervisor)
        said = {
            origin: " ".join(desk.get(reverse("outages:figures"), {"history": origin, "year": "2024"}).text.split())
            for origin in ("", "both", "imported", "nonsense")
        }
        assert "count our own outages and imported ones: 1,690 outages of LG&amp;E and KU" in said["both"]
        assert "count our own outages only. Imported, and left out: 1,690 outages of" in said[""]
        assert "count imported outages only: 1,690 outages of" in said["imported"]
        assert "count our own outages only" in said["nonsense"]

    def test_without_history_nothing_is_asked(self, town):
        page = desk_of(town.supervisor).get(reverse("outages:figures")).text
        assert 'name="history"' not in page
        assert reverse("outages:history") in page
        assert reverse("outages:history") not in desk_of(town.dispatcher).get(reverse("outages:figures")).text

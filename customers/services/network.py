"""Writing areas, feeders and transformers, many at once, and filing those they supply anew."""

import json
from datetime import datetime

from django.db import connection
from django.db.models import Q

from customers.models import Area
from customers.services.bulk import batches
from customers.services.indexing import CHUNK, refresh_search
from staff.models import Unit

ROWS = """
    WITH r AS (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(
            transformer text, transformer_name text, feeder text, feeder_name text, area text, area_name text,
            area_class text, station text, crew text, district text, district_name text)
    ), areas AS (
        SELECT area AS code, max(area_name) AS name, max(area_class) AS area_class, max(station) AS station,
               max(crew) AS crew, max(district) AS district
        FROM r WHERE area IS NOT NULL GROUP BY area
    ), feeders AS (
        SELECT feeder AS code, max(feeder_name) AS name FROM r WHERE feeder IS NOT NULL GROUP BY feeder
    )"""
DISTRICTS = """
INSERT INTO customers_area (code, name, area_class)
SELECT district, coalesce(max(district_name), district), 'urban' FROM r WHERE district IS NOT NULL GROUP BY district
ON CONFLICT (code) DO NOTHING"""
CHANGE_AREAS = """
UPDATE customers_area a
SET name = coalesce(n.name, a.name), area_class = coalesce(n.area_class, a.area_class),
    station_id = coalesce(s.id, a.station_id), crew_id = coalesce(c.id, a.crew_id),
    parent_id = coalesce(d.id, a.parent_id)
FROM areas n LEFT JOIN staff_unit s ON s.code = n.station LEFT JOIN staff_unit c ON c.code = n.crew
     LEFT JOIN customers_area d ON d.code = n.district
WHERE a.code = n.code AND (a.name, a.area_class, a.station_id, a.crew_id, a.parent_id) IS DISTINCT FROM
      (coalesce(n.name, a.name), coalesce(n.area_class, a.area_class), coalesce(s.id, a.station_id),
       coalesce(c.id, a.crew_id), coalesce(d.id, a.parent_id))
RETURNING a.id"""
NEW_AREAS = """
INSERT INTO customers_area (code, name, area_class, station_id, crew_id, parent_id)
SELECT n.code, coalesce(n.name, n.code), coalesce(n.area_class, s.area_class, 'urban'), s.id, c.id, d.id
FROM areas n LEFT JOIN staff_unit s ON s.code = n.station LEFT JOIN staff_unit c ON c.code = n.crew
     LEFT JOIN customers_area d ON d.code = n.district
ON CONFLICT (code) DO NOTHING"""
CHANGE_FEEDERS = """
UPDATE customers_feeder f SET name = n.name FROM feeders n
WHERE f.code = n.code AND n.name IS NOT NULL AND f.name <> n.name"""
NEW_FEEDERS = """
INSERT INTO customers_feeder (code, name)
SELECT code, coalesce(name, code) FROM feeders ON CONFLICT (code) DO NOTHING"""
CHANGE_TRANSFORMERS = """
UPDATE customers_transformer t
SET name = coalesce(r.transformer_name, t.name), feeder_id = coalesce(f.id, t.feeder_id),
    area_id = coalesce(a.id, t.area_id)
FROM r LEFT JOIN customers_feeder f ON f.code = r.feeder LEFT JOIN customers_area a ON a.code = r.area
WHERE t.code = r.transformer AND (t.name, t.feeder_id, t.area_id) IS DISTINCT FROM
      (coalesce(r.transformer_name, t.name), coalesce(f.id, t.feeder_id), coalesce(a.id, t.area_id))
RETURNING t.id"""
NEW_TRANSFORMERS = """
INSERT INTO customers_transformer (code, name, feeder_id, area_id)
SELECT r.transformer, coalesce(r.transformer_name, r.transformer), f.id, a.id
FROM r JOIN customers_feeder f ON f.code = r.feeder JOIN customers_area a ON a.code = r.area
ON CONFLICT (code) DO NOTHING"""
SUPPLIED = """
SELECT DISTINCT s.customer_id FROM customers_supplypoint s JOIN customers_transformer t ON t.id = s.transformer_id
WHERE t.area_id = ANY(%(areas)s) OR t.id = ANY(%(transformers)s)"""


def write_network(rows: list[dict], *, now: datetime) -> None:
    """One chunk of transformers with their feeders and areas, in the caller's transaction.

    An empty value keeps what is on file. Customers of an area or transformer that moved to another station or crew are
    filed anew, so that their new unit finds them. Locks: the rows that change.
    """
    data = {"rows": json.dumps(rows), "now": now}
    with connection.cursor() as cursor:
        run = lambda statement: cursor.execute(ROWS + statement, data)  # noqa: E731 - five times the same two words
        run(DISTRICTS)
        run(CHANGE_AREAS)
        areas = [row[0] for row in cursor.fetchall()]
        for statement in (NEW_AREAS, CHANGE_FEEDERS, NEW_FEEDERS, CHANGE_TRANSFORMERS):
            run(statement)
        transformers = [row[0] for row in cursor.fetchall()]
        run(NEW_TRANSFORMERS)
    refresh_supplied(areas=areas, transformers=transformers)


def refresh_supplied(*, areas: list[int], transformers: list[int]) -> int:
    """File the customers below these areas and transformers anew; return how many. A transaction per 2,000."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPLIED, {"areas": areas, "transformers": transformers})
        ids = [row[0] for row in cursor.fetchall()]
    return sum(refresh_search(chunk) for chunk in batches(ids, CHUNK))


def refresh_below_unit(*, unit_id: int) -> int:
    """The unit stands below others now: file the customers of its stations and crews anew. Idempotent."""
    path = Unit.objects.values_list("path", flat=True).get(pk=unit_id)
    served = Q(station__path__startswith=path) | Q(crew__path__startswith=path)
    return refresh_supplied(areas=list(Area.objects.filter(served).values_list("pk", flat=True)), transformers=[])

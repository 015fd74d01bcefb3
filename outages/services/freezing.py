"""Whom an outage takes in: computed in the database from what was picked, and frozen with what people are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.models import Outage, OutageVersion
from staff.models import Member

# Everything that hangs below what was picked; a district brings its parts.
REACHED = """
WITH picked AS (
    SELECT feeder_id, transformer_id, area_id, supply_point_id FROM outages_scopepick WHERE outage_id = %(outage)s
), boxes AS (
    SELECT t.id FROM customers_transformer t
    WHERE t.id IN (SELECT transformer_id FROM picked) OR t.feeder_id IN (SELECT feeder_id FROM picked)
        OR t.area_id IN (SELECT a.id FROM customers_area a JOIN picked ON picked.area_id IN (a.id, a.parent_id))
), reached AS (
    SELECT id, customer_id, transformer_id FROM customers_supplypoint WHERE transformer_id IN (SELECT id FROM boxes)
    UNION ALL
    SELECT id, customer_id, transformer_id FROM customers_supplypoint
    WHERE id IN (SELECT supply_point_id FROM picked) AND transformer_id NOT IN (SELECT id FROM boxes)
)
"""
SUMS = "count(DISTINCT customer_id), count(*), count(DISTINCT transformer_id)"
COUNT = f"{REACHED} SELECT {SUMS} FROM reached"  # noqa: S608
FREEZE = f"""
INSERT INTO outages_affected (version_id, supply_point_id, customer_id, transformer_id)
{REACHED} SELECT %(version)s, id, customer_id, transformer_id FROM reached
"""  # noqa: S608
COUNT_FROZEN = """
SELECT count(DISTINCT customer_id), count(*), coalesce(array_agg(DISTINCT transformer_id), '{}')
FROM outages_affected WHERE version_id = %(version)s
"""
TOLD = ("kind", "place", "reason", "starts_at", "ends_at", "began_at", "expected_at", "next_news_at", "cause")


@dataclass(frozen=True)
class Reach:
    """How much an outage takes in."""

    customers: int
    supply_points: int
    transformers: int


def reach_of(outage: Outage) -> Reach:
    """What the present picks take in, counted and not kept; one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"outage": outage.pk})
        return Reach(*cursor.fetchone())


def freeze(outage: Outage, *, actor: Member | None, now: datetime, reason: str = "") -> OutageVersion:
    """Keep the exact list and the words of this moment as the outage's next version; three statements at any size.

    Raises: Refusal when nobody would be taken in. Works inside the caller's transaction, which holds the outage.
    """
    outage.version += 1
    version = OutageVersion.objects.create(
        outage=outage, number=outage.version, at=now, actor=actor, told=told_of(outage), reason=reason,
        customers=0, supply_points=0, transformers=0,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, {"outage": outage.pk, "version": version.pk})
        cursor.execute(COUNT_FROZEN, {"version": version.pk})
        version.customers, version.supply_points, version.boxes = cursor.fetchone()
    version.transformers = len(version.boxes)
    if not version.supply_points:
        raise Refusal(_("Nobody hangs below what was picked."), field="scope")
    version.save(update_fields=["customers", "supply_points", "transformers", "boxes"])
    outage.customers = version.customers
    return version


def told_of(outage: Outage) -> dict[str, Any]:
    """What people are told, as JSON keeps it."""
    values = {name: getattr(outage, name) for name in TOLD}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}

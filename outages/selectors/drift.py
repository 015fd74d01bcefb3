"""How far the network has moved away from a list that was frozen. The list stays; the difference is shown."""

from dataclasses import dataclass

from django.db import connection

from customers.models import Transformer
from outages.models import Outage, OutageVersion
from outages.selectors.places import KNOWN
from outages.services.freezing import REACHED

MOST_COMPARED = 200_000  # places; above that the comparison would hold up the page
DRIFT = f"""
{REACHED}, frozen AS (
    SELECT supply_point_id AS id, customer_id, transformer_id FROM outages_affected WHERE version_id = %(version)s
)
SELECT count(*) FILTER (WHERE f.id IS NULL), count(*) FILTER (WHERE r.id IS NULL),
    count(*) FILTER (WHERE f.transformer_id <> r.transformer_id),
    count(*) FILTER (WHERE f.customer_id <> r.customer_id),
    array_agg(DISTINCT r.transformer_id) FILTER (WHERE f.id IS NULL),
    array_agg(DISTINCT f.transformer_id) FILTER (WHERE r.id IS NULL)
FROM reached r FULL JOIN frozen f USING (id)
WHERE f.id IS NULL OR r.id IS NULL OR f.transformer_id <> r.transformer_id OR f.customer_id <> r.customer_id
"""  # noqa: S608 - own names


@dataclass(frozen=True)
class Drift:
    """Supply points that would be on the list today and are not, and the other way round."""

    more: int
    fewer: int
    rehung: int  # on the list and below what was picked, by another transformer
    moved: int  # with another customer
    more_below: str
    fewer_below: str


def drift_of(outage: Outage, version: OutageVersion) -> Drift | None:
    """How the frozen list of an outage that is to come or under way differs from the network of now.

    None when it does not, or when the list is too long to compare on a page. One query, a second where it differs.
    """
    if outage.state not in KNOWN or version.supply_points > MOST_COMPARED:
        return None
    with connection.cursor() as cursor:
        cursor.execute(DRIFT, {"outage": outage.pk, "version": version.pk})
        *counts, more, fewer = cursor.fetchone()
    if not any(counts):
        return None
    names = dict(Transformer.objects.filter(pk__in=[*(more or []), *(fewer or [])]).values_list("pk", "name"))
    below = (", ".join(sorted(names[box] for box in boxes or [] if box in names)) for boxes in (more, fewer))
    return Drift(*counts, *below)

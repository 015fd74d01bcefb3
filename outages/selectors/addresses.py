"""Which buildings an outage takes in, for paper on walls: as far as the building, never a door, never a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from customers.addresses import short
from customers.masking import address_public
from customers.models import Area
from outages.models import Outage
from outages.services.freezing import REACHED

WHERE = """
SELECT DISTINCT a.id, a.code, a.name, s.address FROM {source} f
JOIN customers_supplypoint s ON s.id = f.{point} JOIN customers_transformer t ON t.id = f.transformer_id
JOIN customers_area a ON a.id = t.area_id
"""
FROZEN = WHERE.format(source="outages_affected", point="supply_point_id") + "WHERE f.version_id = %(version)s"
PICKED = REACHED + WHERE.format(source="reached", point="id")
FIGURES = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Community:
    """An area and its buildings that are taken in, as people count them: 9 before 10."""

    pk: int
    code: str
    name: str
    buildings: tuple[str, ...]


def communities(outage: Outage) -> list[Community]:
    """The buildings of the frozen list, by area; before it is frozen, of what was picked. At most two queries."""
    version = outage.versions.filter(number=outage.version).first() if outage.version else None
    with connection.cursor() as cursor:
        if version:
            cursor.execute(FROZEN, {"version": version.pk})
        else:
            cursor.execute(PICKED, {"outage": outage.pk})
        return _by_area(cursor.fetchall())


def _by_area(rows: Iterable[tuple[int, str, str, str]]) -> list[Community]:
    found: dict[tuple[str, int, str], set[str]] = {}
    for pk, code, name, address in rows:
        found.setdefault((code, pk, name), set()).add(short(address_public(address)))
    return [
        Community(pk, code, name, tuple(sorted(buildings, key=_counted)))
        for (code, pk, name), buildings in sorted(found.items())
    ]


def _counted(address: str) -> list[tuple[bool, int, str]]:
    """Figures in an address as numbers, so that building 10 comes after building 9."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in FIGURES.split(address)]


def areas_told(outage: Outage) -> list[Area]:
    """The areas of the list that people were told of; none before it is frozen."""
    version = outage.versions.filter(number=outage.version).first()
    if version is None:
        return []
    return list(Area.objects.filter(transformers__in=version.boxes).distinct().order_by("code"))

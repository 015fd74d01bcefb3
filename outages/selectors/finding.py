"""Outages by what somebody without a login types: a place, a street, an account number.

The answer names outages, which name areas; it never says whether an account or a door exists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from customers.models import Area
from customers.models.customer import ACCOUNT_DIGITS
from customers.search import plain
from customers.selectors.places import Places, places_at, points_of_account
from outages.choices import OF_ONE, State
from outages.models import Affected, Outage, OutageStep
from outages.selectors.public import HERE, LATELY, PRESENT, public

MOST = 20

# The public outages of some areas that lists show now; of what is off, the parts that are still off.
IN_AREAS = f"""
SELECT DISTINCT o.id {HERE} WHERE t.area_id = ANY(%(areas)s) AND o.published_at IS NOT NULL
    AND NOT o.kind = ANY(%(of_one)s)
    AND (o.state = 'under_way' OR o.restored_at >= %(lately)s
        OR o.state IN ('published', 'postponed') AND (o.ends_at > %(now)s OR o.starts_at IS NULL))
"""  # noqa: S608


@dataclass
class Answer:
    """What touches the place, by what people ask first. ``is_sample``: so much fits that this is not all."""

    now: list[Outage] = field(default_factory=list)
    planned: list[Outage] = field(default_factory=list)
    back: list[Outage] = field(default_factory=list)  # also those of which only the part here is back
    is_sample: bool = False

    def __bool__(self) -> bool:
        return bool(self.now or self.planned or self.back)


def account_in(text: str) -> str:
    """The account number that was typed, or nothing."""
    digits = re.sub(r"[\s\-]", "", text)
    return digits if digits.isascii() and digits.isdigit() and len(digits) == ACCOUNT_DIGITS else ""


def find(text: str, now: datetime) -> Answer:
    """The outages that touch what was typed. A dozen small queries at most, whatever the number of customers."""
    if account := account_in(text):
        return at_account(account, now)
    areas = areas_called(text)
    places = Places() if areas else places_at(text, localdate(now))
    known = showing(now).filter(place__icontains=" ".join(text.split()))
    ids = [*in_areas(areas, now), *known.order_by("-changed_at").values_list("pk", flat=True)[:MOST]]
    answer = _sorted(at_points(places.points, now), ids)
    answer.is_sample |= places.is_sample
    return answer


def at_account(account_no: str, now: datetime) -> Answer:
    """The outages that touch the places of an account; nothing for one that does not exist."""
    return _sorted(at_points(points_of_account(account_no, localdate(now)).values_list("pk", flat=True), now), [])


def at_area(area: Area, now: datetime) -> Answer:
    """The outages that take in something of an area, or of its parts."""
    parts = Area.objects.filter(parent=area).values_list("pk", flat=True)
    return _sorted({}, in_areas([area.pk, *parts], now))


def showing(now: datetime) -> QuerySet[Outage]:
    """Everything the public lists show: off, to come, back within a day."""
    ahead = Q(state__in=[State.PUBLISHED, State.POSTPONED]) & (Q(ends_at__gt=now) | Q(starts_at__isnull=True))
    return public().filter(Q(state=State.UNDER_WAY) | Q(restored_at__gte=now - LATELY) | ahead)


def areas_called(text: str) -> list[int]:
    """The areas of this name, with or without “街道”, and the parts of a district; one query."""
    wanted = plain(text)
    areas = list(Area.objects.values_list("pk", "name", "parent")) if len(wanted) > 1 else []
    named = {pk for pk, name, _parent in areas if wanted in plain(name)}
    return [pk for pk, _name, parent in areas if pk in named or parent in named]


def in_areas(areas: Iterable[int], now: datetime) -> list[int]:
    """Ids of the outages that lists show and that take in something of these areas."""
    wanted = list(areas)
    if not wanted:
        return []
    values: dict[str, Any] = {"areas": wanted, "of_one": sorted(OF_ONE), "now": now, "lately": now - LATELY}
    with connection.cursor() as cursor:
        cursor.execute(IN_AREAS, values)
        return [pk for (pk,) in cursor.fetchall()]


def at_points(points: Iterable[int], now: datetime) -> dict[int, bool]:
    """Ids of the outages that these supply points are in; True where all that is here has power again."""
    ids = list(points)
    if not ids:
        return {}
    rows = Affected.objects.filter(supply_point__in=ids, version__number=PRESENT, version__outage__in=showing(now))
    boxes: dict[int, set[int]] = {}
    for outage, box in rows.values_list("version__outage", "transformer_id").distinct():
        boxes.setdefault(outage, set()).add(box)
    back: dict[int, set[int]] = {}
    for step in OutageStep.objects.filter(outage__in=boxes, restored_at__isnull=False):
        back.setdefault(step.outage_id, set()).update(step.transformers)
    return {outage: here <= back.get(outage, set()) for outage, here in boxes.items()}


def _sorted(at: dict[int, bool], ids: Iterable[int]) -> Answer:
    """Outages into what is off, what is to come, and what is back, at the place if not everywhere."""
    wanted = dict.fromkeys([*at, *ids])
    answer = Answer(is_sample=len(wanted) > MOST)
    for outage in Outage.objects.filter(pk__in=wanted).select_related("feeder").order_by("-changed_at")[:MOST]:
        if outage.restored_at or (outage.is_off and at.get(outage.pk)):
            answer.back.append(outage)
        else:
            (answer.now if outage.is_off else answer.planned).append(outage)
    answer.planned.sort(key=lambda outage: (outage.starts_at is None, outage.starts_at or outage.changed_at))
    return answer

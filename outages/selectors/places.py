"""The outage that a place is in."""

from collections.abc import Iterable
from datetime import datetime

from customers.models import SupplyPoint
from outages.choices import State
from outages.models import Affected, Outage, OutageStep
from outages.selectors.public import LATELY, PRESENT

KNOWN = (State.UNDER_WAY, State.PUBLISHED)


def touching(points: Iterable[SupplyPoint], now: datetime) -> dict[int, Outage]:
    """The outage that each of these supply points is, or will be, in; what is off before what is to come. Two queries.

    A part that has power again is out of it.
    """
    ids = [point.pk for point in points]
    rows = list(
        Affected.objects.filter(
            supply_point__in=ids, version__outage__state__in=KNOWN, version__number=PRESENT
        ).select_related("version__outage__feeder")
    )
    if not rows:
        return {}
    back = _back([row.version.outage for row in rows])
    found: dict[int, Outage] = {}
    for row in rows:
        outage, other = row.version.outage, found.get(row.supply_point_id)
        if row.transformer_id in back.get(outage.pk, ()) or (
            outage.ends_at and outage.ends_at < now and not outage.is_off
        ):
            continue
        if other is None or (outage.is_off and not other.is_off):
            found[row.supply_point_id] = outage
    return found


def was_touching(point: SupplyPoint, now: datetime) -> Outage | None:
    """The outage this place came out of within a day, as a whole or with its part; the latest."""
    rows = Affected.objects.filter(supply_point=point, version__number=PRESENT).select_related("version__outage")
    lately = (
        rows.filter(version__outage__restored_at__gte=now - LATELY).order_by("-version__outage__restored_at").first()
    )
    if lately:
        return lately.version.outage
    off = rows.filter(version__outage__state=State.UNDER_WAY).first()
    back = off and off.transformer_id in _back([off.version.outage]).get(off.version.outage.pk, ())
    return off.version.outage if off and back else None


def _back(outages: Iterable[Outage]) -> dict[int, set[int]]:
    """The transformers of outages under way that have power again."""
    off = {outage.pk for outage in outages if outage.is_off}
    back: dict[int, set[int]] = {}
    for outage_id, boxes in OutageStep.objects.filter(outage__in=off, restored_at__isnull=False).values_list(
        "outage_id", "transformers"
    ):
        back.setdefault(outage_id, set()).update(boxes)
    return back

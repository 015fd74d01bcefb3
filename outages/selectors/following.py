"""Subscriptions by their addresses; who has the address may read it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from customers.models import Area
from customers.selectors.places import points_of_account
from outages.models import Affected, Outage, Subscription
from outages.selectors.finding import Answer, at_account, at_area
from outages.selectors.public import PRESENT, ahead_with_called_off, areas_of, in_area


def get_asked(handle: UUID) -> Subscription:
    """The subscription whose code is asked for. Raises: Http404."""
    return _found(Subscription.objects.filter(handle=handle).first())


def get_following(token: str) -> Subscription:
    """A subscription that was confirmed, ended or not. Raises: Http404."""
    rows = Subscription.objects.filter(token=token, confirmed_at__isnull=False)
    return _found(rows.select_related("area").first())


def _found(row: Subscription | None) -> Subscription:
    if row is None:
        raise Http404
    return row


def touching(row: Subscription, now: datetime) -> Answer:
    """What touches the area or account of a subscription."""
    return at_area(row.area, now) if row.area else at_account(row.account_no, now)


def area_of(outage: Outage | None) -> int | None:
    """The one area an outage takes in; None when there are several, or none."""
    areas = areas_of([outage]).get(outage.pk, set()) if outage else set()
    return min(areas) if len(areas) == 1 else None


def areas_to_follow() -> list[tuple[str, list[tuple[int, str]]]]:
    """The areas by their district, as a list of choices; one query."""
    rows = list(Area.objects.order_by("code").values_list("pk", "name", "parent"))
    parts: dict[int | None, list[tuple[int, str]]] = {}
    for pk, name, parent in rows:
        parts.setdefault(parent, []).append((pk, name))
    return [(name, [(pk, name), *parts.get(pk, [])]) for pk, name, parent in rows if parent is None]


def own_calendar(row: Subscription, now: datetime) -> QuerySet[Outage]:
    """What a calendar of this subscription shows: announced, or called off after it was told."""
    ahead = ahead_with_called_off(now)
    if row.area:
        return in_area(ahead, row.area)
    points = points_of_account(row.account_no, localdate(now))
    here = Affected.objects.filter(supply_point__in=points, version__number=PRESENT)
    return ahead.filter(pk__in=here.values("version__outage"))

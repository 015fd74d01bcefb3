"""Posters: which areas one is made for, and where those that were put up hang."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from customers.models import Area
from outages.choices import OF_ONE
from outages.models import Outage, Posting
from outages.selectors.addresses import Community, areas_told, communities


def poster_areas(outage: Outage, code: str = "") -> list[Community]:
    """What a poster lists: every area of the outage, or one.

    Raises: Http404 for one customer's own matter, and for an area that is not taken in.
    """
    if outage.kind in OF_ONE:
        raise Http404(outage.code)
    found = [area for area in communities(outage) if code in ("", area.code)]
    if not found:
        raise Http404(code)
    return found


@dataclass(frozen=True)
class Postings:
    """Where posters of an outage hang, out of which areas."""

    rows: list[Posting]
    areas: list[Area]

    @property
    def covered(self) -> int:
        """How many of the areas have one."""
        return len({row.area_id for row in self.rows} & {area.pk for area in self.areas})


def postings_of(outage: Outage) -> Postings:
    """The latest first; three queries."""
    return Postings(list(Posting.objects.filter(outage=outage).select_related("area", "actor")), areas_told(outage))


def get_photo_for(outage: Outage, public_id: UUID) -> Posting:
    """A posting with a photo. Raises: Http404 when this outage has no such photo."""
    found = Posting.objects.filter(outage=outage, public_id=public_id).exclude(photo="").first()
    if found is None:
        raise Http404(public_id)
    return found

"""The public facts of outages that every feed is made of. Nothing here names a person, an account or a house."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from customers.models import Area
from outages.models import Outage, OutageEvent
from outages.selectors.public import areas_of, told_events


@dataclass(frozen=True)
class Facts:
    """One outage, the areas it takes in, and what was told of it, the first word first."""

    outage: Outage
    areas: tuple[Area, ...]
    told: tuple[OutageEvent, ...]

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("outages:public_one", args=[self.outage.code])

    @property
    def identifier(self) -> str:
        """Of the latest word: its code and the number of the word."""
        return self.identifier_of(len(self.told))

    def identifier_of(self, number: int) -> str:
        return f"{self.outage.code}.{number}"


def facts_of(outages: Iterable[Outage]) -> list[Facts]:
    """The facts of these outages; a constant number of queries."""
    outages = list(outages)
    ids, events = areas_of(outages), told_events(outages)
    areas = Area.objects.in_bulk({area for found in ids.values() for area in found})
    return [
        Facts(
            outage,
            tuple(sorted((areas[pk] for pk in ids.get(outage.pk, ())), key=lambda area: area.code)),
            tuple(events.get(outage.pk, ())),
        )
        for outage in outages
    ]


def host() -> str:
    """The name that makes identifiers unique in the world."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def sender() -> str:
    """Who speaks, as CAP names senders."""
    return f"outages@{host()}"


def local(at: datetime) -> datetime:
    """To the second, as people here read it."""
    return localtime(at).replace(microsecond=0)

"""What stands on a poster and beside it in the preview: the words of the web page, made to hang for days.

A wall has no “tomorrow”: instants are said with their date. Chinese leads, English follows, from the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common.house import utility_name
from outages import wording
from outages.models import Outage
from outages.selectors.addresses import Community

ZH, EN = "zh-hans", "en"
NOT_NEAR = timedelta(days=2)  # seen from here, no instant of the poster is “today” or “tomorrow”


@dataclass(frozen=True)
class Words:
    """One outage in one language."""

    language: str
    utility: str
    title: str
    place: str
    window: str
    back: str
    reason: str
    news: str
    scan: str
    call: str
    where: str
    goes_on: str
    draft: str


@dataclass(frozen=True)
class Poster:
    """Everything on the paper; ``is_draft`` while nobody has been told."""

    code: str
    url: str
    chinese: Words
    english: Words
    communities: Sequence[Community]
    made_at: datetime
    is_draft: bool

    @property
    def buildings(self) -> int:
        return sum(len(area.buildings) for area in self.communities)


def poster_of(outage: Outage, areas: Sequence[Community], *, now: datetime) -> Poster:
    """The poster of an outage for these areas, as it stands now."""
    return Poster(
        code=outage.code,
        url=settings.SITE_URL + reverse("outages:public_one", args=[outage.code]),
        chinese=words_of(outage, ZH, now=now),
        english=words_of(outage, EN, now=now),
        communities=areas,
        made_at=now,
        is_draft=outage.published_at is None,
    )


def words_of(outage: Outage, language: str, *, now: datetime) -> Words:
    """The words of an outage in a language."""
    seen_from = _far_from(outage, now)
    with translation.override(language):
        return Words(
            language=language,
            utility=utility_name(),
            title=_("%(kind)s: notice") % {"kind": outage.get_kind_display()},
            place=outage.place,
            window=wording.since_words(outage, seen_from),
            back=wording.back_words(outage, seen_from),
            reason=outage.reason,
            news=wording.news_words(outage, seen_from),
            scan=_("Scan for the newest word"),
            call=_("Questions? Call %(hotline)s") % {"hotline": settings.HOTLINE},
            where=_("Buildings without power"),
            goes_on=_("continued"),
            draft=_("Draft: not announced yet"),
        )


def _far_from(outage: Outage, now: datetime) -> datetime:
    """An instant from which every time of the outage is said with its date; now, when we are late and must say so."""
    if outage.is_off and outage.back_at and outage.back_at < now:
        return now
    known = [outage.starts_at, outage.began_at, outage.back_at, outage.next_news_at, outage.restored_at]
    return min([now, *filter(None, known)]) - NOT_NEAR

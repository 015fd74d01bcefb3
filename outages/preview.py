"""What people would be told, side by side: paper, page, SMS and CAP from the one text. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import fromstring, indent, tostring

from customers.models import Area
from notifications import kinds
from notifications.segments import Length, measure
from notifications.wording import MissingValue
from outages.choices import State, Verb
from outages.feeds.cap import alert
from outages.feeds.facts import Facts, facts_of
from outages.models import NoticeKind, Outage, OutageEvent
from outages.poster import EN, ZH, Poster, poster_of
from outages.reaching import words_of_sms
from outages.selectors.addresses import Community
from outages.selectors.calls import latest_notice
from outages.services.telling import said_of

NOT_TOLD = (State.DRAFT, State.CHECKED, State.APPROVED, State.POSTPONED)


@dataclass(frozen=True)
class SmsPreview:
    """One SMS: its words and length, or what it still lacks."""

    language: str
    body: str = ""
    length: Length | None = None
    lacks: str = ""


@dataclass(frozen=True)
class Preview:
    """Everything that goes out of one outage."""

    poster: Poster
    sms: Sequence[SmsPreview]
    cap: str
    is_next: bool  # of the act that comes next; else as it went out


def preview_of(outage: Outage, areas: Sequence[Community], *, now: datetime) -> Preview:
    """As it went out; before that, as announcing it (or the beginning of a fault) would send it now."""
    is_next = outage.state in NOT_TOLD
    data = _data(outage, is_next)
    return Preview(
        poster=poster_of(outage, areas, now=now),
        sms=[_sms(data, language, now) for language in (ZH, EN)] if data else [],
        cap=_cap(outage, areas, now, is_next),
        is_next=is_next,
    )


def _data(outage: Outage, is_next: bool) -> dict[str, Any]:
    """What the notice says; nothing for one that tells nobody."""
    if is_next:
        return said_of(NoticeKind.ANNOUNCED if outage.is_ahead else NoticeKind.OFF, outage, "")
    notice = latest_notice(outage)
    return notice.data if notice else {}


def _sms(data: dict[str, Any], language: str, now: datetime) -> SmsPreview:
    try:
        body = words_of_sms(data, language, now).body
    except MissingValue as missing:
        return SmsPreview(language, lacks=str(kinds.get(data["kind"]).variables.get(missing.name, missing.name)))
    return SmsPreview(language, body, measure(body))


def _cap(outage: Outage, areas: Sequence[Community], now: datetime, is_next: bool) -> str:
    """The alert as indented XML; the word that comes next stands at its end."""
    facts = facts_of([outage])[0]
    if is_next:
        word = OutageEvent(outage=outage, verb=Verb.PUBLISH if outage.is_ahead else Verb.BEGIN, at=now, recorded_at=now)
        found = facts.areas or tuple(Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("code"))
        facts = Facts(outage, found, (*facts.told, word))
    if not facts.told:
        return ""
    root = fromstring(alert(facts))  # noqa: S314  # we have just written it
    indent(root)
    return tostring(root, encoding="unicode")

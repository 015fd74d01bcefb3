"""The latest word on an outage as a CAP 1.2 alert (standards E): update and cancel refer to every word before.

The area is what people are told of, never the point where the fault is.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.conf import settings
from django.utils import translation

from common.house import utility_name
from customers.models import Area
from outages import wording
from outages.choices import State
from outages.feeds.facts import Facts, local, sender

SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LANGUAGES = (("zh-hans", "zh-CN"), ("en", "en-US"))
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no way to write them
LASTS = timedelta(days=1)  # how long a word holds when nobody knows the end
register_namespace("", SPACE)


def alert(facts: Facts) -> bytes:
    """The alert as XML in UTF-8. Raises: ValueError when nothing was told yet."""
    if not facts.told:
        raise ValueError(f"{facts.outage.code} was never told")
    root = Element(f"{{{SPACE}}}alert")
    latest = facts.told[-1]
    _add(root, "identifier", facts.identifier)
    _add(root, "sender", sender())
    _add(root, "sent", _instant(latest.recorded_at))
    _add(root, "status", "Actual")
    _add(root, "msgType", _message_type(facts))
    _add(root, "scope", "Public")
    if earlier := facts.told[:-1]:
        known = (
            f"{sender()},{facts.identifier_of(number)},{_instant(event.recorded_at)}"
            for number, event in enumerate(earlier, start=1)
        )
        _add(root, "references", " ".join(known))
    _add(root, "incidents", facts.outage.code)
    for code, name in LANGUAGES:
        with translation.override(code):
            _info(root, facts, name)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _message_type(facts: Facts) -> str:
    if facts.outage.state == State.CANCELLED:
        return "Cancel"
    return "Update" if len(facts.told) > 1 else "Alert"


def _info(root: Element, facts: Facts, language: str) -> None:
    outage, at = facts.outage, facts.told[-1].recorded_at
    urgency, severity, certainty, response = _weight(facts)
    info = SubElement(root, f"{{{SPACE}}}info")
    _add(info, "language", language)
    _add(info, "category", "Infra")
    _add(info, "event", outage.get_kind_display())
    _add(info, "responseType", response)
    _add(info, "urgency", urgency)
    _add(info, "severity", severity)
    _add(info, "certainty", certainty)
    _add(info, "effective", _instant(at))
    if outage.starts:
        _add(info, "onset", _instant(outage.starts))
    _add(info, "expires", _instant(max(outage.back_at or at + LASTS, at)))
    _add(info, "senderName", utility_name())
    _add(info, "headline", f"{outage.place} · {wording.back_words(outage, at)}"[:160])
    _add(info, "description", wording.in_short(outage, at))
    _add(info, "web", facts.url)
    _add(info, "contact", settings.HOTLINE)
    area = SubElement(info, f"{{{SPACE}}}area")
    _add(area, "areaDesc", ", ".join(a.name for a in facts.areas) or outage.place)
    for polygon in _polygons(facts.areas):
        _add(area, "polygon", polygon)


def _weight(facts: Facts) -> tuple[str, str, str, str]:
    """Urgency, severity, certainty, and what to do."""
    outage = facts.outage
    if outage.restored_at or outage.state == State.CANCELLED:
        return "Past", "Minor", "Observed", "AllClear"
    if outage.is_off:
        return "Immediate", "Moderate", "Observed", "Monitor"
    return "Future", "Minor", "Likely", "Prepare"


def _polygons(areas: Iterable[Area]) -> Iterable[str]:
    """“lat,lon lat,lon …”, the first point again at the end."""
    for area in areas:
        outline = area.boundary or {}
        rings = outline.get("coordinates", [])
        parts = [rings] if outline.get("type") == "Polygon" else rings
        for part in parts:
            ring = [(y, x) for x, y, *_rest in part[0]]
            if ring and ring[0] != ring[-1]:
                ring.append(ring[0])
            if len(ring) >= 4:
                yield " ".join(f"{latitude},{longitude}" for latitude, longitude in ring)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{SPACE}}}{name}").text = FORBIDDEN.sub("", str(text))


def _instant(at: datetime) -> str:
    """“2026-11-20T14:32:10+08:00”; CAP knows no Z."""
    return local(at).isoformat(timespec="seconds")

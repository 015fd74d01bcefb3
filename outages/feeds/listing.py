"""Outages as JSON; its schema is `docs/outages-feed.schema.json`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from common.house import utility_name
from outages import wording
from outages.feeds.facts import Facts, local


def listing(outages: Iterable[Facts], *, now: datetime) -> dict[str, Any]:
    """The whole feed; ``as_of`` says how old a copy is."""
    return {"as_of": _instant(now), "publisher": utility_name(), "outages": [_one(facts, now) for facts in outages]}


def _one(facts: Facts, now: datetime) -> dict[str, Any]:
    outage = facts.outage
    return {
        "id": outage.code,
        "word": len(facts.told),
        "url": facts.url,
        "kind": outage.kind,
        "kind_label": outage.get_kind_display(),
        "state": outage.state,
        "place": outage.place,
        "areas": [{"code": area.code, "name": area.name} for area in facts.areas],
        "feeder": outage.feeder.name if outage.feeder else None,
        "reason": outage.reason or None,
        "customers": outage.customers,
        "announced_from": _instant(outage.starts_at),
        "announced_to": _instant(outage.ends_at),
        "off_since": _instant(outage.began_at),
        "expected_back": _instant(outage.expected_at),
        "next_news": _instant(outage.next_news_at),
        "back_since": _instant(outage.restored_at),
        "in_words": wording.back_words(outage, now),
        "changed": _instant(outage.changed_at),
    }


def _instant(at: datetime | None) -> str | None:
    return local(at).isoformat() if at else None

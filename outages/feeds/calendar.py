"""Announced outages as a calendar that phones subscribe to (RFC 5545): one UID for life, a higher SEQUENCE per word."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from common.house import utility_name
from outages import wording
from outages.choices import State
from outages.feeds.facts import Facts, host

AGAIN = timedelta(hours=1)  # how often a phone need ask


def calendar(outages: Iterable[Facts]) -> bytes:
    """Every outage that has a window; what was called off stays, marked so, until its window is past."""
    book = Calendar()
    book.add("prodid", f"-//{host()}//outages//")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", utility_name())
    book.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    for facts in outages:
        starts, ends = facts.outage.starts_at, facts.outage.ends_at
        if starts and ends:
            book.add_component(_event(facts, starts, ends))
    return book.to_ical()


def _event(facts: Facts, starts: datetime, ends: datetime) -> Event:
    outage, event = facts.outage, Event()
    event.add("uid", f"{outage.code}@{host()}")
    event.add("sequence", len(facts.told))
    event.add("dtstamp", outage.changed_at.astimezone(UTC))
    event.add("last-modified", outage.changed_at.astimezone(UTC))
    event.add("dtstart", starts.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))
    event.add("summary", f"{outage.get_kind_display()} · {outage.place}")
    event.add("description", " · ".join(filter(None, (wording.back_words(outage, outage.changed_at), outage.reason))))
    event.add("location", ", ".join(area.name for area in facts.areas) or outage.place)
    event.add("url", facts.url)
    event.add("status", "CANCELLED" if outage.state == State.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event

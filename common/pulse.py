"""Is the house alive? Cheap probes of what runs beside the web: the sweep, the sender.

A room registers a probe in its ``contributions.py``; the top bar shows the worst one on every page, so a probe may cost
one indexed read and no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise

from common.contributions import Registry


@dataclass(frozen=True)
class Pulse:
    """One thing that beats. When not ``ok``, title and text say what is wrong, what it means, where to look."""

    ok: bool
    age_s: int = 0  # seconds since it was last heard; the worst is the oldest
    banner_title: str | Promise = ""
    banner_text: str | Promise = ""
    banner_url: str = ""
    banner_link: str | Promise = ""


pulses: Registry[Callable[[datetime], Pulse]] = Registry()


_heard: tuple[datetime | None, list[Pulse]] = (None, [])


def take(now: datetime) -> list[Pulse]:
    """Every pulse at ``now``, those that stand still first, then the longest silent; heard anew every few seconds."""
    global _heard
    at, pulses_then = _heard
    if at is None or not timedelta(0) <= now - at < timedelta(seconds=settings.PULSE_KEPT_S):
        pulses_then = sorted((probe(now) for probe in pulses), key=lambda pulse: (pulse.ok, -pulse.age_s))
        _heard = (now, pulses_then)
    return pulses_then

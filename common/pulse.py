"""Is the house alive? Cheap probes of what runs beside the web: the sweep, the sender.

A room registers a probe in its ``contributions.py``; the top bar shows the worst one on every page, so a probe may cost
one indexed read and no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language

from common.contributions import Registry


@dataclass(frozen=True)
class Pulse:
    """One thing that beats. When not ``ok``, title and text say what is wrong, what it means, where to look."""

    ok: bool
    age_s: int = 0  # seconds since it was last heard; the worst is the oldest
    is_told: bool = False  # said across every page although it beats
    icon: str = "clock-exclamation"
    banner_title: str | Promise = ""
    banner_text: str | Promise = ""
    banner_url: str = ""
    banner_link: str | Promise = ""


pulses: Registry[Callable[[datetime], Pulse]] = Registry()


_heard: dict[str | None, tuple[datetime, list[Pulse]]] = {}  # by language: a pulse carries words


def take(now: datetime) -> list[Pulse]:
    """Every pulse at ``now``, those that stand still first, then the longest silent; heard anew every few seconds."""
    language = get_language()
    at, beats = _heard.get(language, (None, []))
    if at is None or not timedelta(0) <= now - at < timedelta(seconds=settings.PULSE_KEPT_S):
        beats = sorted((probe(now) for probe in pulses), key=lambda pulse: (pulse.ok, -pulse.age_s))
        _heard[language] = (now, beats)
    return beats

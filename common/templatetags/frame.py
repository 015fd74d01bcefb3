"""The frame around desk pages: rail, top bar, banners. Loaded by the base templates only."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import contributions, pulse, timewords
from common.context import FIND_URL
from common.contributions import MenuEntry
from common.counting import counted_up_to

register = template.Library()

MOST_COUNTED = 100  # figures say “99+” above
BELL = "bell"
BOTTOM_BAR = 5  # places in the bottom bar of a narrow screen; the last is “More” when there are more items


@register.inclusion_tag("parts/rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """The menu of this person's roles. A page names its item with ``menu_at`` (a URL name) when the path does not."""
    request = context["request"]
    items = _items(context)
    here = _current(items, request.path, str(context.get("menu_at", "")))
    for item in items:
        item["here"] = item is here
    high, low = [i for i in items if not i["low"]], [i for i in items if i["low"]]
    shown = high if len(items) <= BOTTOM_BAR else high[: BOTTOM_BAR - 1]
    rest = [item for item in [*high, *low] if item not in shown]
    for item in high:
        item["spare"] = item in rest  # not in the bottom bar of a narrow screen
    return {"high": high, "low": low, "rest": rest}


@register.inclusion_tag("parts/keys.html", takes_context=True)
def keys(context: Context) -> dict[str, Any]:
    """The dialog that explains the keys; lists only the places this person can go to."""
    return {"places": [item for item in _items(context, figures=False) if item["key"]]}


@register.inclusion_tag("parts/topbar.html", takes_context=True)
def topbar(context: Context) -> dict[str, Any]:
    """Search, clock state, bell, language and person."""
    request = context["request"]
    beats = _beats(context)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "now": _now(context),
        "worst": beats[0] if beats else None,
        "unread": _figures(context)[BELL],
        "q": context.get("search_text", ""),
        "find_url": FIND_URL,
        "pick_url": context.get("pick_url", ""),  # a page that wants the found customer itself
        "bell_url": _address("notifications:inbox"),
        "own_url": _address("staff:profile"),
    }


@register.inclusion_tag("parts/banners.html", takes_context=True)
def banners(context: Context) -> dict[str, Any]:
    """What every page must say while it is true: the sweep or the sender is behind, storm mode is on."""
    return {"told": [beat for beat in _beats(context) if beat.is_told or not beat.ok]}


@register.simple_tag(takes_context=True)
def clock_data(context: Context) -> SafeString:
    """The server's instant and the language's patterns, for promise.js; goes into the body tag."""
    patterns = {
        **timewords.patterns(),
        "long": timewords.patterns_spelled(),
        "run": _("%(span)s left"),
        "warn": _("only %(span)s left"),
        "over": _("%(span)s over"),
        "soon": _("under 1 min left"),
        "late": _("%(span)s late so far."),
    }
    words = json.dumps(patterns, ensure_ascii=False, separators=(",", ":"))
    return format_html('data-now="{}" data-words="{}"', _now(context).isoformat(), words)


@register.inclusion_tag("parts/language.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """The other language, as a form that works without script and comes back to this page."""
    request = context["request"]
    other = ("zh-hans", "中文") if str(request.LANGUAGE_CODE).startswith("en") else ("en", "EN")
    return {
        "code": other[0],
        "word": other[1],
        "back": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


def _items(context: Context, *, figures: bool = True) -> list[dict[str, Any]]:
    """The menu entries this person's roles may open, with their figures."""
    counts = _figures(context) if figures else {}
    return [
        {
            "label": entry.label,
            "key": entry.key,
            "icon": entry.icon,
            "low": entry.low,
            "url": url,
            "name": entry.url_name,
            "count": counts.get(entry.url_name),
        }
        for entry in _entries(context)
        if (url := _address(entry.url_name))
    ]


def _entries(context: Context) -> list[MenuEntry]:
    roles: frozenset[str] = getattr(context["request"].user, "roles", frozenset())
    return [entry for entry in contributions.menu if entry.roles & roles]


def _figures(context: Context) -> dict[str, int]:
    """What waits behind each entry by its address's name, and what the bell says; one query, taken once a request."""
    request = context["request"]
    if not hasattr(request, "frame_figures"):
        lists = [(entry.url_name, entry.rows) for entry in _entries(context) if entry.rows]
        lists += [(BELL, rows) for rows in contributions.bell]
        counts = counted_up_to(MOST_COUNTED, *(rows(request.user) for _name, rows in lists))
        figures = Counter({BELL: 0})
        for (name, _rows), count in zip(lists, counts, strict=True):
            figures[name] += count
        request.frame_figures = figures
    return request.frame_figures


def _beats(context: Context) -> list[pulse.Pulse]:
    """The pulses, taken once per request."""
    request = context["request"]
    if not hasattr(request, "beats"):
        request.beats = pulse.take(_now(context))
    return request.beats


def _now(context: Context) -> datetime:
    return context.get("now") or timezone.now()


def _address(url_name: str) -> str:
    """The entry's page; empty while no room has it, then the entry is not drawn."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _current(items: list[dict[str, Any]], path: str, named: str) -> dict[str, Any] | None:
    """The item that the page names itself, else the one whose address is the longest beginning of the path."""
    for item in items:
        if item["name"] == named:
            return item
    fitting = [item for item in items if path.startswith(item["url"])]
    return max(fitting, key=lambda item: len(item["url"]), default=None)

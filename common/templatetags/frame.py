"""The frame around desk pages: rail, top bar, banners. Loaded by the base templates only."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from common import contributions, pulse

register = template.Library()


@register.inclusion_tag("parts/rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """The menu of this person's roles. A page names its item with ``menu_at`` (a URL name) when the path does not."""
    request = context["request"]
    now = _now(context)
    items = [
        {
            "label": entry.label,
            "icon": entry.icon,
            "low": entry.low,
            "url": url,
            "name": entry.url_name,
            "count": entry.count(request.user, now) if entry.count else None,
        }
        for entry in contributions.menu
        if (url := _address(entry.url_name)) and entry.roles & getattr(request.user, "roles", frozenset())
    ]
    here = _current(items, request.path, context.get("menu_at", ""))
    for item in items:
        item["here"] = item is here
    return {
        "high": [item for item in items if not item["low"]],
        "low": [item for item in items if item["low"]],
    }


@register.inclusion_tag("parts/topbar.html", takes_context=True)
def topbar(context: Context) -> dict[str, Any]:
    """Search, clock state, bell, language and person."""
    request = context["request"]
    now = _now(context)
    beats = pulse.take(now)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "now": now,
        "worst": beats[0] if beats else None,
        "unread": sum(count(request.user) for count in contributions.bell),
        "q": context.get("search_text", ""),
        "bell_url": _address("notifications:inbox"),
    }


@register.inclusion_tag("parts/banners.html", takes_context=True)
def banners(context: Context) -> dict[str, Any]:
    """What every page must say while it is true: the sweep or the sender is behind."""
    return {"stale": [beat for beat in pulse.take(_now(context)) if not beat.ok]}


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

"""The promise drawn in its sizes: ``{% load promise %}``. Facts become a view in Python (`workorders.promise.view`)."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from workorders.promise import PromiseView
from workorders.promise_chip import chip, ticking
from workorders.promise_sentence import Told, Voice, sentence

register = template.Library()


@register.simple_tag
def promise_chip(
    view: PromiseView, size: str = "", fill: bool = False, detail: bool = False, href: str | None = None
) -> SafeString:
    """Small: in lists it fills its column. ``detail`` tells a kept one in figures; ``href=""`` makes it no link."""
    looks = ["dh-pr", f"dh-pr--{view.look}", *(["dh-pr--fill"] if fill else []), *([f"dh-pr--{size}"] if size else [])]
    return chip(view, css=" ".join(looks), detail=detail, link=view.facts.href if href is None else href)


@register.simple_tag
def promise_data(view: PromiseView) -> SafeString:
    """What promise.js re-words a promise by, inside its tag."""
    return ticking(view)


@register.inclusion_tag("workorders/promise/line.html")
def promise_line(view: PromiseView, hero: bool = False) -> dict[str, Any]:
    """The wick of the order page; ``hero`` for the tightest running one."""
    return {"view": view, "hero": hero}


@register.inclusion_tag("workorders/promise/sentence.html")
def promise_sentence(
    view: PromiseView,
    voice: Voice = "customer",
    new_time: datetime | None = None,
    news_at: datetime | None = None,
    reason: str = "",
    next_words: str = "",
) -> dict[str, Any]:
    """Whole sentences for customers (or ``voice="crew"``), with what they were told when it is late."""
    told = Told(new_time=new_time, news_at=news_at, reason=reason, next_words=next_words)
    return {"view": view, "said": sentence(view, told=told, voice=voice)}

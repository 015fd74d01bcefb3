"""The promise drawn in its sizes: ``{% load promise %}``. Facts become a view in Python (`workorders.promise.view`)."""

from datetime import datetime
from typing import Any

from django import template

from workorders.promise import PromiseView
from workorders.promise_sentence import Told, Voice, sentence

register = template.Library()


@register.inclusion_tag("workorders/promise/chip.html")
def promise_chip(
    view: PromiseView, size: str = "", fill: bool = False, detail: bool = False, href: str | None = None
) -> dict[str, Any]:
    """Small: in lists it fills its column. ``detail`` tells a kept one in figures; ``href=""`` makes it no link."""
    link = view.facts.href if href is None else href
    return {"view": view, "size": size, "fill": fill, "detail": detail, "link": link}


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

"""The parts pages are made of. ``docs/parts.md`` shows each with an example.

This library is a builtin of the template engine: no ``{% load %}``.
"""

from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from common import timewords
from common.fieldparts import field_parts, form_problems

register = template.Library()

PAGING = ("after", "n", "part", "group", "export")  # query names that belong to a list's place, not to its filters
WINDOW_X = (0.5, 8.1, 15.7, 23.3, 30.9, 38.5)  # left edges of the six windows in the 44 × 11 drawing


@register.simple_tag(name="icon")
def draw_icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Silent for screen readers unless it stands alone and carries a ``label``."""
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="dh-i" {}><use href="{}#{}"/></svg>', voice, static("vendor/icons.svg"), name)


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """One field with label, hint and error. Options: ``label hint css rows quiet`` (see docs/parts.md)."""
    return field_parts(bound, **options)


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary on top of a form that was refused: focus goes here, each line leads to its field."""
    return form_problems(form)


@register.simple_tag(name="tag")
def tag(text: str, kind: str = "", icon: str = "") -> SafeString:
    """A tag; ``kind``: nothing (outlined), plain, look, dark, safety."""
    name = icon or ("bolt" if kind == "safety" else "")
    looks = f"dh-tag dh-tag--{kind}" if kind else "dh-tag"
    return format_html('<span class="{}">{}{}</span>', looks, draw_icon(name) if name else "", text)


NOTE_ICONS = {"look": "alert-triangle", "broken": "square-x", "quiet": "info-circle"}


@register.simple_block_tag
def note(content: str, kind: str = "quiet", icon: str = "", css: str = "") -> SafeString:
    """A note inside a page: ``quiet`` (blue), ``look`` (amber), ``broken`` (a promise is broken, something is due)."""
    parts = {"content": content, "kind": kind, "icon": icon or NOTE_ICONS[kind], "css": css}
    return SafeString(get_template("parts/note.html").render(parts))


@register.simple_tag
def windows(lit: int, word: str = "") -> SafeString:
    """State of an order: six windows and the word; ``lit`` is the one of now (0–5), 6 is all on."""
    return format_html('<span class="dh-st">{}{}</span>', _panes(lit), word)


@cache
def _panes(lit: int) -> SafeString:
    """The drawing, made once for each of its seven looks: every row of a list has one."""
    looks = ["on" if i < lit else "cur" if i == lit else "off" for i in range(6)]
    return SafeString(get_template("parts/windows.html").render({"panes": list(zip(WINDOW_X, looks, strict=True))}))


@register.inclusion_tag("parts/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """The empty page: windows with one lit, what would be here, one action."""
    panes = [(3 + 15 * col, 2 + 17 * row, row == 1 and col == 2) for row in range(3) for col in range(7)]
    return {"title": title, "text": text, "url": url, "label": label, "panes": panes}


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """A key as it stands on the keyboard; hidden where there is none (phones)."""
    return format_html("<kbd>{}</kbd>", keys)


@register.inclusion_tag("parts/progress.html")
def progress(done: int, total: int) -> dict[str, Any]:
    """The bar of a long job."""
    return {"done": done, "total": total, "percent": round(100 * min(done, total) / total) if total else 100}


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code as inline SVG, black on white, for receipts."""
    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=0, svgclass="dh-qr", lineclass=None)
    voice = f'<svg role="img" aria-label="{escape(label or text)}" '
    return SafeString(out.getvalue().decode().replace("<svg ", voice, 1))


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, **changes: Any) -> str:
    """This page's query string with some values changed; None or "" drops one. Paging starts again."""
    query = context["request"].GET.copy()
    for name in PAGING:
        query.pop(name, None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return "?" + urlencode(list(query.lists()), doseq=True)


# ── filters: instants, spans and numbers in words ───────────────────────


@register.filter
def instant(at: datetime | None, now: datetime | None = None) -> str:
    """“15:17”, “明天 9:00”, “11 月 24 日 周二 8:30”. Give the page's instant: ``{{ at|instant:now }}``."""
    return timewords.instant(at, now or timezone.now()) if at else "—"


@register.filter
def instant_table(at: datetime | None, now: datetime | None = None) -> str:
    """“11-24 08:30”, with the year when it is another one."""
    return timewords.instant_table(at, now or timezone.now()) if at else "—"


@register.filter
def clock(at: datetime | None) -> str:
    """The time of day: “9:05”, “15:17”."""
    return timewords.clock(at) if at else "—"


@register.filter
def day(at: Any, now: datetime | None = None) -> str:
    """“今天”, “明天”, “11 月 24 日 周二”; takes a date or an instant."""
    return timewords.day(at, now or timezone.now()) if at else "—"


@register.filter
def duration(span: timedelta | None) -> str:
    """“45 分”, “3 小时”, “1 分 40 秒”: exact, for sums and finished work."""
    return timewords.duration(span) if span is not None else "—"


@register.filter
def account(number: str | None) -> str:
    """An account number in groups 4 3 3."""
    return grouped(number, (4, 3, 3))


@register.filter
def phone_groups(number: str | None) -> str:
    """A mobile number in groups 3 4 4; masked ones (139****2716) too, others as they are."""
    text = str(number or "").replace(" ", "")
    return grouped(text, (3, 4, 4)) if len(text) == 11 and text[0] == "1" else text or "—"


def grouped(number: str | None, sizes: tuple[int, ...]) -> str:
    """Digits in groups; what is longer than the groups keeps its tail in the last one."""
    rest, groups = str(number or ""), []
    for size in sizes[:-1]:
        groups.append(rest[:size])
        rest = rest[size:]
    return " ".join(part for part in [*groups, rest] if part) or "—"

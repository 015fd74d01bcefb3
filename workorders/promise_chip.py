"""The promise, small: clock left, time right.

Drawn in Python: a list draws fifty, and a template for each of them was a quarter of the page's time.
"""

from collections.abc import Mapping
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from workorders.promise import Look, PromiseView

_BOX = '<svg class="dh-sh" viewBox="0 0 14 14" aria-hidden="true">{}</svg>'
# The shape of each look, 14 × 14; of a running one the pie of what is left is drawn for itself.
SHAPES: Mapping[Look, str] = {
    Look.WARN: '<path fill="currentColor" d="M7 .8c2.6 3 5 5.2 5 8a5 5 0 0 1-10 0c0-2.8 2.4-5 5-8z"/>',
    Look.OVER: '<rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor"/>'
    '<path class="dh-cut" d="M4.6 4.6l4.8 4.8m0-4.8l-4.8 4.8"/>',
    Look.LATE: '<rect x="1.7" y="1.7" width="10.6" height="10.6" rx="2" fill="none" stroke="currentColor" '
    'stroke-width="1.4"/><path d="M4.6 4.6l4.8 4.8m0-4.8l-4.8 4.8" fill="none" stroke="currentColor" '
    'stroke-width="1.6"/>',
    Look.KEPT: '<path d="M2 7.5l3.4 3.3 6.6-7.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    Look.PAUSED: '<path d="M2.5 2h3.2v10h-3.2zM8.3 2h3.2v10h-3.2z" fill="currentColor"/>',
    Look.WAIT: '<circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="1.4" '
    'stroke-dasharray="2.2 2.2"/>',
    Look.NONE: '<path d="M3 7h8" stroke="currentColor" stroke-width="1.8"/>',
}
_PIE = (
    '<circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" stroke-width="1.4"/><circle class="dh-pie" cx="7" '
    'cy="7" r="2.1" fill="none" stroke="currentColor" stroke-width="4.2" pathLength="100" stroke-dasharray="{} 100" '
    'transform="rotate({} 7 7)"/>'
)
_WICK = (
    '<svg class="dh-wk" aria-hidden="true"><rect class="dh-burnt" width="{}%" height="3"/>'
    '<rect class="dh-rest" x="{}%" width="{}%" height="3"/></svg>'
)
BURNS = frozenset({Look.RUN, Look.WARN, Look.PAUSED})  # these show their wick


def chip(view: PromiseView, *, css: str, detail: bool, link: str) -> SafeString:
    """The chip; ``detail`` tells a kept one in figures, ``link`` makes it lead somewhere.

    Put together by hand, each word escaped once: `format_html` would escape every part again at each level.
    """
    comma = escape(pgettext("between the parts of a promise", ", "))
    word = f'<span class="dh-k">{escape(view.word)}</span><span class="dh-vh">{comma}</span>' if view.word else ""
    said = escape((detail and view.detail) or view.text)
    aside = "" if view.look is Look.PAUSED else view.day_aside
    told = f'<span class="dh-vh">{comma}{escape(aside)}</span>' if aside else ""
    wick = _WICK.format(view.split, view.split, view.rest) if view.look in BURNS else ""
    inside = f'{_shape(view)}{word}<span class="dh-t">{said}</span>{told}{wick}'
    face = f'class="{escape(css)}"{ticking(view)}'
    return SafeString(f'<a href="{escape(link)}" {face}>{inside}</a>' if link else f"<span {face}>{inside}</span>")


def _shape(view: PromiseView) -> str:
    return _BOX.format(_PIE.format(view.rest, view.turn) if view.look is Look.RUN else SHAPES[view.look])


def ticking(view: PromiseView) -> SafeString:
    """The attributes that promise.js re-words a promise by; nothing for one that stands still."""
    facts = view.facts
    if not view.ticking or facts.started_at is None or facts.due_at is None:
        return SafeString("")
    start, due = facts.started_at.isoformat(), facts.due_at.isoformat()
    warn = f' data-warn="{facts.warn_at.isoformat()}"' if facts.warn_at else ""
    days = " data-days" if view.by_days else ""
    return SafeString(f' data-state="{view.look}" data-start="{start}" data-due="{due}"{warn}{days}')

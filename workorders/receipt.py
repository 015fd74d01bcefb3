"""What stands on a receipt: the matter, the promise, how to follow it. For paper that leaves the house, so no phone, no
door, and nobody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from customers.masking import address_public
from workorders.choices import ClockState, Verb
from workorders.kinds import CONFIDENTIAL
from workorders.models import Clock, WorkOrder
from workorders.presentation import limit_words
from workorders.promise_words import says


@dataclass(frozen=True)
class Receipt:
    """``promise`` is the one thing to read from a metre away; ``also`` the promise after it."""

    title: str
    code: str
    what: str
    promise: str
    also: list[str]
    url: str
    tail: str


def receipt_of(order: WorkOrder, clocks: Iterable[Clock], *, now: datetime) -> Receipt:
    """The receipt in the active language, which should be the customer's."""
    promises = [c for c in clocks if c.is_promise]
    running = sorted((c for c in promises if c.state == ClockState.RUNNING), key=lambda c: c.due_at)
    waiting = [c for c in promises if c.state == ClockState.WAITING]
    ended = sorted((c for c in promises if c.state == ClockState.STOPPED), key=lambda c: c.stopped_at)
    where = "" if order.kind in CONFIDENTIAL else address_public(order.address)
    return Receipt(
        title=_("%(kind)s: receipt") % {"kind": order.get_kind_display()},
        code=order.code,
        what=" · ".join(part for part in (order.headline, where) if part),
        promise=_first(running, ended, now),
        also=[*_late(order, running, now), *_after(running, waiting, now)],
        url=settings.SITE_URL + reverse("portal:follow_token", args=[order.token]),
        tail=order.tail[-4:],
    )


def _first(running: list[Clock], ended: list[Clock], now: datetime) -> str:
    if running:
        return says(running[0].kind).will % {"by": timewords.by(running[0].due_at, now, today=True)}
    if ended:
        return says(ended[-1].kind).did % {"at": timewords.instant(ended[-1].stopped_at, now, today=True)}
    return _("We have written it down.")


def _late(order: WorkOrder, running: list[Clock], now: datetime) -> list[str]:
    """The new time, where the customer was told one that still stands."""
    if not running or order.expected_at is None or order.expected_at < now:
        return []
    return [says(running[0].kind).anew % {"by": timewords.by(order.expected_at, now, today=True)}]


def _after(running: list[Clock], waiting: list[Clock], now: datetime) -> list[str]:
    """The next promise of another kind: running later, or counted from something that has to happen first."""
    first = running[0].kind if running else ""
    later = next((c for c in running if c.kind != first), None)
    if later:
        return [says(later.kind).will % {"by": timewords.by(later.due_at, now, today=True)}]
    if not waiting:
        return []
    clock = min(waiting, key=lambda c: c.amount)
    within = says(clock.kind).within % {"amount": limit_words(base=clock.base, amount=clock.amount)}
    return [_counted_from(clock) % {"within": within}]


def _counted_from(clock: Clock) -> str:
    """“%(within)s after we arrive”."""
    words = {
        Verb.ARRIVE: pgettext("receipt", "%(within)s after we arrive"),
        Verb.FINISH: pgettext("receipt", "%(within)s after the work is done"),
    }
    return words.get(Verb(clock.starts_on), "%(within)s")

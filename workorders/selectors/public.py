"""What a customer reads of an order: found by code and phone or by the receipt's token, told in customer words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import timewords
from customers.masking import text_public
from customers.models import Contact
from workorders import wording
from workorders.choices import ClockState, State, Verb
from workorders.kinds import INTERNAL, KINDS
from workorders.models import Clock, Event, WorkOrder
from workorders.selectors.history import story_of

TOLD = (
    Verb.RECEIVE, Verb.DISPATCH, Verb.TRANSFER, Verb.CONTACT, Verb.SET_OFF, Verb.ARRIVE, Verb.FINISH, Verb.ANSWER,
    Verb.TELL_LATE, Verb.ADD_CONTACT, Verb.CLOSE, Verb.CANCEL, Verb.NOTE,
)  # fmt: skip


CONFIDENTIAL = [kind for kind, spec in KINDS.items() if spec.confidential]
BARE = (Verb.RECEIVE, Verb.ANSWER, Verb.CLOSE, Verb.CANCEL)  # what is told of a confidential order, without a word more


def find_for_customer(*, code: str, phone: str) -> WorkOrder | None:
    """The order with this code (or these last digits) that belongs to this phone; None tells nothing about why.

    A confidential one belongs to the phone that was left with it alone: not to everybody on the customer's file.
    """
    code = "".join(code.split()).upper()
    on_file = Q(customer__in=Contact.objects.filter(phone=phone).values("customer"))
    known = Q(contact_phone=phone) | (on_file & ~Q(kind__in=CONFIDENTIAL))
    wanted = Q(tail=code) if code.isdigit() else Q(code=code)
    return _told_outside().filter(wanted, known).order_by("-received_at").first() if code and phone else None


def by_token(token: str) -> WorkOrder | None:
    """The order behind a receipt."""
    return _told_outside().select_related("unit", "assignee", "customer").filter(token=token).first()


def _told_outside() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.exclude(kind__in=INTERNAL)


def promise_for_customer(order: WorkOrder) -> Clock | None:
    """The promise that matters to the customer now: the running one, else what will start, else the last that ended."""
    clocks = list(order.clocks.filter(is_promise=True, order_generation=order.generation).select_related("rule"))
    running = sorted((c for c in clocks if c.state == ClockState.RUNNING), key=lambda c: c.due_at)
    waiting = [c for c in clocks if c.state == ClockState.WAITING]
    ended = sorted((c for c in clocks if c.state == ClockState.STOPPED), key=lambda c: c.stopped_at, reverse=True)
    return next(iter([*running, *(ended if order.state == State.IN_PROGRESS else waiting), *ended, *waiting]), None)


@dataclass(frozen=True)
class Told:
    """One line of the customer's timeline."""

    title: str
    at: datetime
    text: str = ""
    mark: str = ""  # "now" for the newest, "late" for a broken word


def story_for_customer(order: WorkOrder, now: datetime) -> list[Told]:
    """What happened, newest first, in the customer's words. Corrected times stand in place of the wrong ones."""
    counted = {row.id: row.at for row in story_of(order)}
    bare = order.kind in CONFIDENTIAL
    events = order.events.filter(verb__in=BARE if bare else TOLD, is_public=True)
    corrected = {
        e.supersedes_id: e
        for e in order.events.filter(verb__in=[Verb.CORRECT, Verb.TAKE_BACK]).only("supersedes", "at", "verb")
    }
    rows: list[Told] = []
    for event in events:
        fixed = corrected.get(event.pk)
        if fixed is not None and fixed.verb == Verb.TAKE_BACK:
            continue
        at = fixed.at if fixed is not None and fixed.pk in counted else event.at
        text = "" if bare and event.verb != Verb.RECEIVE else text_public(_text(order, event, at, now))
        rows.append(Told(_title(order, event), at, text, _mark(event)))
    rows.sort(key=lambda told: told.at, reverse=True)
    return rows


def _title(order: WorkOrder, event: Event) -> str:
    titles = {
        Verb.RECEIVE: _("We have %(matter)s") % {"matter": wording.matter(order)},
        Verb.DISPATCH: _("Given to %(unit)s") % {"unit": wording.unit(event, "to")},
        Verb.TRANSFER: _("Now with %(unit)s") % {"unit": wording.unit(event, "to")},
        Verb.CONTACT: _("We spoke with you"),
        Verb.SET_OFF: _("The crew is on its way"),
        Verb.ARRIVE: _("The crew is there"),
        Verb.FINISH: pgettext("customer", "Power is back") if order.kind == "fault" else pgettext("customer", "Done"),
        Verb.ANSWER: _("Our answer"),
        Verb.TELL_LATE: _("We told you it will be late"),
        Verb.ADD_CONTACT: _("You asked again"),
        Verb.CLOSE: _("Finished"),
        Verb.CANCEL: _("Withdrawn"),
        Verb.NOTE: _("News"),
    }
    return titles[Verb(event.verb)]


def _text(order: WorkOrder, event: Event, at: datetime, now: datetime) -> str:
    if event.verb == Verb.RECEIVE:
        first = order.clocks.filter(is_promise=True, started_at=at, due_at__isnull=False).order_by("due_at").first()
        return _("We promised: %(promise)s") % {"promise": wording.promise_words(first, now)} if first else ""
    if event.verb == Verb.TELL_LATE:
        was = timewords.instant(datetime.fromisoformat(event.data["was_due"]), now)
        if event.data.get("new_time"):
            new = timewords.instant(datetime.fromisoformat(event.data["new_time"]), now)
            return _("From %(was)s to %(new)s. %(why)s") % {"was": was, "new": new, "why": event.text}
        news = timewords.instant(datetime.fromisoformat(event.data["next_news"]), now)
        return _("Was %(was)s. Next news by %(news)s. %(why)s") % {"was": was, "news": news, "why": event.text}
    if event.verb in (Verb.ANSWER, Verb.NOTE, Verb.FINISH):  # what a call was about is written for colleagues
        return event.text
    return ""


def _mark(event: Event) -> str:
    return "late" if event.verb == Verb.TELL_LATE else ""

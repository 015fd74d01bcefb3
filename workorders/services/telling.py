"""Who hears of a change, and in whose language."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.choices import Channel
from notifications.services.outbox import Note
from staff.choices import Role
from staff.models import Member
from staff.selectors import on_duty
from workorders import wording
from workorders.choices import ReturnReason
from workorders.models import WorkOrder

if TYPE_CHECKING:
    from workorders.services.change import Change


def staff_notes(
    kind: str, change: "Change", to: Iterable[Member], *, sms: bool = False, urgent: bool = False, **data: Any
) -> list[Note]:
    """One in-app message (and SMS) for each member, once per event; values in words are made in their language."""
    order, notes, heard = change.order, [], set()
    for member in to:
        if member.pk in heard or member == change.actor:
            continue
        heard.add(member.pk)
        with translation.override(member.language or settings.LANGUAGE_CODE):
            words = {name: str(value(change) if callable(value) else value) for name, value in data.items()}
            base = {"code": order.code, "what": order.headline, "place": wording.place(order)}
        for channel in (Channel.INAPP, Channel.SMS) if sms and member.phone else (Channel.INAPP,):
            key = f"{kind}:{order.code}:{order.version}:{member.pk}:{channel}"
            notes.append(
                Note(
                    kind=kind,
                    data=base | words,
                    about=order.code,
                    dedupe_key=key,
                    channel=channel,
                    member=member,
                    urgent=urgent,
                )
            )
    return notes


def received(change: "Change") -> list[Note]:
    """The promise to the customer; a page to the duty when it is dangerous."""
    order, notes = change.order, []
    clock = order.promise_clock
    data = {"url": settings.SITE_URL + reverse("portal:follow_token", args=[order.token])}
    if clock:
        notes += to_customer("order_received", change, promise=lambda: wording.promise_words(clock, change.now), **data)
    else:
        notes += to_customer("order_received_open", change, **data)
    return [*notes, *danger(change)] if order.is_safety else notes


def danger(change: "Change") -> list[Note]:
    """The dispatcher and the supervisor on duty, at once and by SMS too."""
    order, at = change.order, change.now
    duty = [
        *on_duty(unit=order.unit, role=Role.DISPATCHER, at=at),
        *on_duty(unit=order.unit, role=Role.SUPERVISOR, at=at),
    ]
    return staff_notes("safety", change, duty, sms=True, urgent=True, words=order.description[:100])


def to_customer(kind: str, change: "Change", **data: Any) -> list[Note]:
    """One SMS to the number the customer gave, if it can take one."""
    order = change.order
    if not takes_sms(order.contact_phone):
        return []
    language = (order.customer.language if order.customer else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        words = {name: value() if callable(value) else value for name, value in data.items()}
        words |= {"matter": wording.matter(order), "tail": order.tail}
    return [
        Note(
            kind=kind,
            data=words,
            about=order.code,
            dedupe_key=f"{kind}:{order.code}:{order.version}",
            channel=Channel.SMS,
            address=order.contact_phone,
            language=language,
            urgent=order.is_safety,
        )
    ]


def takes_sms(phone: str) -> bool:
    """A mobile number: 11 digits that begin with 1."""
    return len(phone) == 11 and phone.startswith("1") and phone.isdigit()


def handlers(order: WorkOrder, at: datetime) -> list[Member]:
    """Whoever has the order in hand: the assignee, else the unit's handlers and lead on duty."""
    if order.assignee:
        return [order.assignee]
    return [
        *on_duty(unit=order.unit, role=Role.HANDLER, at=at),
        *on_duty(unit=order.unit, role=Role.UNIT_LEAD, at=at),
    ]


def assigned(change: "Change") -> list[Note]:
    """The unit that has to act, with the tightest promise; a crew is on the road, so by SMS too."""
    order = change.order
    clock = order.promise_clock or order.next_clock

    def promise(_change: "Change") -> str:
        return wording.promise_words(clock, change.now) or _("no time limit")

    return staff_notes(
        "order_assigned", change, handlers(order, change.now), sms=True, urgent=order.is_safety, promise=promise
    )


def amended(change: "Change") -> list[Note]:
    """Whoever has it in hand: the door or the matter is another; a crew is on the road, so by SMS too."""
    order = change.order
    return staff_notes("order_amended", change, handlers(order, change.now), sms=True, reason=change.text)


def returned(change: "Change") -> list[Note]:
    """The dispatch desk."""
    desk = on_duty(unit=change.order.unit, role=Role.DISPATCHER, at=change.now)
    reason = ReturnReason(change.data["reason"])
    return staff_notes(
        "order_returned", change, desk, unit=change.order.unit.name, reason=lambda _c: reason.label, note=change.text
    )


def asked_again(change: "Change") -> list[Note]:
    """The handler, or the first-asked owner while nobody has it in hand."""
    order = change.order
    to = handlers(order, change.now) if order.assignee or not order.first_owner else [order.first_owner]
    return staff_notes("asked_again", change, to, note=change.text)


def finished(change: "Change") -> list[Note]:
    """Whoever was asked first answers the customer; if that person has left, the agents on duty do."""
    owner = change.order.first_owner
    to = [owner] if owner and owner.is_active else on_duty(unit=change.order.unit, role=Role.AGENT, at=change.now)
    return staff_notes("order_finished", change, to, result=change.text)


def dissatisfied(change: "Change") -> list[Note]:
    """The unit's lead and the supervisor on duty."""
    order, at = change.order, change.now
    to = [
        *on_duty(unit=order.unit, role=Role.UNIT_LEAD, at=at),
        *on_duty(unit=order.unit, role=Role.SUPERVISOR, at=at),
    ]
    return staff_notes("dissatisfied", change, to, remark=change.text)

"""What follows from an act, said before it is done: for people, and for the clocks. One sentence each."""

from datetime import datetime

from django.utils.translation import gettext as _

from customers import masking
from staff.models import Member
from workorders.choices import ClockState, State
from workorders.kinds import KINDS
from workorders.models import WorkOrder
from workorders.policies import can_see_person
from workorders.presentation import promise_of
from workorders.services.clocks import needs_call_back
from workorders.services.telling import takes_sms


def clock_goes_on(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    """“Arrive” goes on: 38 min left; in the words of its chip. Nothing without a running promise."""
    clock = order.promise_clock or order.next_clock
    if clock is None or clock.state != ClockState.RUNNING:
        return []
    words = {"clock": clock.get_kind_display(), "stands": promise_of(clock, now=now).text}
    return [_("“%(clock)s” goes on: %(stands)s.") % words]


def transferred(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    anew = _("Only the time to accept begins anew; what the customer was promised stays.")
    return [*clock_goes_on(order, actor, now), anew]


def returned(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [*clock_goes_on(order, actor, now), _("The time to dispatch begins anew.")]


def accepted(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("From here on you answer for it."), *clock_goes_on(order, actor, now)]


def arrived(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("“Arrive” stops at this moment, “Restore” counts from it.")]


def finished(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    owner = order.first_owner.name if order.first_owner else _("The hotline")
    return [_("%(name)s is told and answers the customer from what you write.") % {"name": owner}]


def answered(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    kind, first = KINDS[order.kind], order.state == State.RECEIVED
    owed = kind.needs_call_back and kind.call_back_after_first_contact if first else needs_call_back(order)
    after = _("Somebody else calls back afterwards.") if owed else _("Then it can be filed.")
    return [_("It is settled at the first contact; nobody goes out."), after] if first else [after]


def called_back(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("Once reached, it can be filed; also after three tries, an hour apart, without reaching anybody.")]


def closed(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("Nothing can be added afterwards; only a wrong time can still be corrected.")]


def cancelled(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("All its time limits end and count nowhere. This cannot be undone.")]


def amended(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [
        _("The old values stay in the timeline, and the code keeps its letters."),
        _("With another kind, customer, place or channel the limits are counted again from the same start."),
    ]


def asked_again(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    told = order.assignee.name if order.assignee else order.unit.label
    return [_("%(name)s is told at once.") % {"name": told}, *clock_goes_on(order, actor, now)]


def corrected(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    return [_("The limits follow the new time. The wrong row stays visible, marked.")]


def told_late(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    """How the word goes out: by SMS to which number, or that somebody has to call."""
    if not takes_sms(order.contact_phone):
        return [_("There is no mobile number: tell the customer by phone, then write it down here.")]
    number = masking.phone(order.contact_phone) if can_see_person(actor, order) else _("the number taken down")
    return [_("An SMS goes to %(number)s.") % {"number": number}, _("The old promise stays in the timeline.")]

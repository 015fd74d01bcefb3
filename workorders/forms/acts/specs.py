"""Every act that has a page: its form, its words, what follows, the service that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from staff.models import Member
from workorders.choices import Verb
from workorders.forms.acts import follows, mending, moving, working
from workorders.forms.acts.base import ActForm
from workorders.models import WorkOrder
from workorders.nextstep import BUTTON, slug
from workorders.services import amending, attachments, closing, dispatching, field, lateness

Says = str | Promise
V = Verb


def nothing(order: WorkOrder, actor: Member, now: datetime) -> list[str]:
    """An act without consequences worth a sentence."""
    return []


def note(*, files: list, phase: str, text: str, for_customer: bool, version: int | None, **frame: Any) -> WorkOrder:
    """A line, or files with a line: two services, one form. Nobody's note collides with another's."""
    if files:
        return attachments.attach(**frame, uploads=files, phase=phase, text=text, for_customer=for_customer)
    return amending.add_note(**frame, text=text, for_customer=for_customer)


@dataclass(frozen=True)
class ActSpec:
    """``question`` asks with the object in it (%(code)s), ``button`` repeats the verb, ``keep`` is the safe way out;
    ``done`` confirms afterwards. ``recalls``: what the form shows again of the order (description, result)."""

    verb: Verb
    form: type[ActForm]
    run: Callable[..., WorkOrder]
    question: Says
    done: Says
    button: Says = ""
    keep: Says = gettext_lazy("Back to the order")
    follows: Callable[[WorkOrder, Member, datetime], list[str]] = nothing
    recalls: tuple[str, ...] = ()

    @property
    def main(self) -> Says:
        """The words on the main button."""
        return self.button or BUTTON[self.verb]

    def title(self, order: WorkOrder) -> str:
        return str(self.question) % {"code": order.code}


_SPECS = (
    ActSpec(
        V.DISPATCH, moving.DispatchForm, dispatching.dispatch_order,
        gettext_lazy("Which unit gets %(code)s?"), gettext_lazy("Given to the unit."),
        keep=gettext_lazy("Not yet"), follows=follows.clock_goes_on, recalls=("description",),
    ),
    ActSpec(
        V.TRANSFER, moving.TransferForm, dispatching.transfer,
        gettext_lazy("Give %(code)s to another unit?"), gettext_lazy("Reassigned."),
        keep=gettext_lazy("Leave it there"), follows=follows.transferred, recalls=("description",),
    ),
    ActSpec(
        V.RETURN, moving.ReturnForm, dispatching.return_order,
        gettext_lazy("Return %(code)s to the dispatch desk?"), gettext_lazy("Returned to the dispatch desk."),
        keep=gettext_lazy("Do not return"), follows=follows.returned, recalls=("description",),
    ),
    ActSpec(
        V.CANCEL, moving.CancelForm, dispatching.cancel,
        gettext_lazy("Cancel %(code)s?"), gettext_lazy("Cancelled."),
        keep=gettext_lazy("Do not cancel"), follows=follows.cancelled, recalls=("description",),
    ),
    ActSpec(
        V.ACCEPT, working.PressForm, dispatching.accept,
        gettext_lazy("Accept %(code)s?"), gettext_lazy("Accepted."),
        keep=gettext_lazy("Not yet"), follows=follows.accepted, recalls=("description",),
    ),
    ActSpec(
        V.SET_OFF, working.SinceForm, field.set_off,
        gettext_lazy("When did the crew set off for %(code)s?"), gettext_lazy("On the way."),
        keep=gettext_lazy("Not yet"), follows=follows.clock_goes_on,
    ),
    ActSpec(
        V.ARRIVE, working.SinceForm, field.arrive,
        gettext_lazy("When did the crew arrive for %(code)s?"), gettext_lazy("Arrival recorded."),
        keep=gettext_lazy("Not there yet"), follows=follows.arrived,
    ),
    ActSpec(
        V.CONTACT, working.ContactForm, field.contact_customer,
        gettext_lazy("Write down a talk with the customer"), gettext_lazy("Written down."),
        button=pgettext_lazy("button", "Write it down"), recalls=("description",),
    ),
    ActSpec(
        V.FINISH, working.FinishForm, field.finish,
        gettext_lazy("Is %(code)s done?"), gettext_lazy("Finished."),
        keep=gettext_lazy("Not yet"), follows=follows.finished, recalls=("description",),
    ),
    ActSpec(
        V.ANSWER, working.AnswerForm, closing.answer,
        gettext_lazy("Answer the customer of %(code)s"), gettext_lazy("Answered."),
        keep=gettext_lazy("Not yet"), follows=follows.answered, recalls=("description", "result"),
    ),
    ActSpec(
        V.CALL_BACK, working.CallBackForm, closing.call_back,
        gettext_lazy("Call the customer of %(code)s back"), gettext_lazy("Call-back written down."),
        button=pgettext_lazy("button", "Write it down"),
        follows=follows.called_back, recalls=("description", "result"),
    ),
    ActSpec(
        V.CLOSE, working.PressForm, closing.close,
        gettext_lazy("File %(code)s?"), gettext_lazy("Filed."),
        keep=gettext_lazy("Do not file"), follows=follows.closed, recalls=("description", "result"),
    ),
    ActSpec(
        V.AMEND, mending.AmendForm, amending.amend,
        gettext_lazy("Amend %(code)s"), gettext_lazy("Amended."),
        keep=gettext_lazy("Change nothing"), follows=follows.amended,
    ),
    ActSpec(
        V.ADD_CONTACT, mending.AddContactForm, amending.add_contact,
        gettext_lazy("The customer of %(code)s asked again"), gettext_lazy("Written down, the handler is told."),
        button=pgettext_lazy("button", "Write it down"), follows=follows.asked_again, recalls=("description",),
    ),
    ActSpec(
        V.NOTE, mending.NoteForm, note,
        gettext_lazy("A note on %(code)s"), gettext_lazy("Noted."),
        button=pgettext_lazy("button", "Write it down"),
    ),
    ActSpec(
        V.CORRECT, mending.CorrectForm, amending.correct_stamp,
        gettext_lazy("Which time of %(code)s is wrong?"), gettext_lazy("Time corrected."),
        button=pgettext_lazy("button", "Correct"), keep=gettext_lazy("Leave it"), follows=follows.corrected,
    ),
    ActSpec(
        V.TELL_LATE, mending.TellLateForm, lateness.tell_late,
        gettext_lazy("Tell the customer it will be late"), gettext_lazy("The customer is told."),
        button=pgettext_lazy("button", "Tell the customer"), follows=follows.told_late,
    ),
)  # fmt: skip

ACTS: Mapping[str, ActSpec] = {slug(spec.verb): spec for spec in _SPECS}
RECALLED: Mapping[str, Says] = {
    "description": gettext_lazy("What the customer said"),
    "result": gettext_lazy("What was done"),
}


def spec_of(name: str) -> ActSpec | None:
    """The act of an address (``call-back``); None when there is no such act."""
    return ACTS.get(name)


def recalled(spec: ActSpec, order: WorkOrder) -> list[tuple[str, str]]:
    """What the form shows again, so that nobody has to go back to read it: (head, text)."""
    rows = [(str(RECALLED[name]), getattr(order, name)) for name in spec.recalls]
    return [(head, text) for head, text in rows if text]

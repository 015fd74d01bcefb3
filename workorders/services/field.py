"""What happens on site: contact, set off, arrive, finish. Late entries carry the time it really happened."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import Refusal
from workorders.choices import ClockKind, ClockState, Verb
from workorders.kinds import KINDS
from workorders.models import Clock
from workorders.services import telling
from workorders.services.change import Change, act
from workorders.services.closing import close
from workorders.services.dispatching import take_over


@act(Verb.CONTACT)
def contact_customer(change: Change, *, note: str, at: datetime | None = None) -> None:
    """The customer was spoken to."""
    change.happened(at)
    change.text = note.strip()
    change.is_public = True


@act(Verb.SET_OFF)
def set_off(change: Change, *, at: datetime | None = None) -> None:
    """The crew is on its way; setting off accepts."""
    change.happened(at)
    change.is_public = True
    take_over(change)


@act(Verb.ARRIVE)
def arrive(change: Change, *, at: datetime | None = None) -> None:
    """The crew is there; arriving accepts. One press on the phone."""
    change.happened(at)
    change.is_public = True
    take_over(change)


@act(Verb.FINISH)
def finish(
    change: Change, *, result: str, cause: str = "", checked: Collection[str] = (), at: datetime | None = None
) -> None:
    """The work is done; a result in words is obligatory (req 20).

    Raises: `Refusal` without a result, or while the order still waits for an arrival nobody has recorded.
    """
    change.happened(at)
    if not result.strip():
        raise Refusal(_("Write what was done; the desk answers the customer from it."), field="result")
    waiting = Clock.objects.filter(order=change.order, kind=ClockKind.ARRIVE, state=ClockState.RUNNING)
    if waiting.exists():
        raise Refusal(_("Say first when the crew arrived."), field="result")
    if cause.strip():
        change.data["cause"] = cause.strip()
    if checked:
        change.data["checked"] = sorted(checked)  # what was seen to before leaving (req 35)
    change.set(result=result.strip())
    change.text = result.strip()
    change.is_public = True
    take_over(change)
    if KINDS[change.order.kind].internal:
        change.then.append(close)
    else:
        change.tell(telling.finished(change))

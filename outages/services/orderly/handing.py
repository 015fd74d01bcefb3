"""The written notice of a run, handed over to a user: who took it, when, and what shows it."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from common.timewords import instant
from outages.models import OrderlyEvent, OrderlyRun, RunUser
from outages.models.receipt import proof_path
from outages.orderly_choices import Verb
from outages.orderly_policies import can
from outages.services.orderly.change import Change, act
from staff.models import Member
from workorders.uploads import Prepared, prepare


def hand_over(
    *,
    code: str,
    account: str,
    actor: Member,
    now: datetime,
    request_id: UUID | None,
    taken_by: str,
    at: datetime | None = None,
    proof: UploadedFile | None = None,
    note: str = "",
) -> OrderlyEvent:
    """Put down that the notice reached a user. The picture is checked and stored before the transaction begins.

    Raises: `Denied`; `Refusal` (picture, time, already handed over). A picture that was refused is not kept.
    Idempotent: by ``request_id``.
    """
    run = OrderlyRun.objects.select_related("plan__unit").get(code=code)
    require(can(Verb.HAND_OVER, actor, run.plan))
    picture = _prepared(proof) if proof else None
    user = RunUser(run=run)  # for the name under which the picture is stored
    stored = default_storage.save(proof_path(user, ""), ContentFile(picture.content)) if picture else ""
    try:
        own = {"account": account, "taken_by": taken_by.strip(), "at": at, "note": note.strip()}
        shown = {"proof": stored, "proof_id": user.proof_id, "proof_type": picture.content_type} if picture else {}
        return _put_down(code=code, actor=actor, now=now, request_id=request_id, shown=shown, **own)
    finally:
        if stored and not RunUser.objects.filter(proof=stored).exists():
            default_storage.delete(stored)


@act(Verb.HAND_OVER)
def _put_down(
    change: Change, *, account: str, taken_by: str, at: datetime | None, note: str, shown: dict[str, object]
) -> None:
    user = asked_of(change.of_run, account)
    if user.handed_at:
        said = {"name": user.taken_by, "time": instant(user.handed_at, change.now)}
        raise Refusal(_("%(name)s took it already: %(time)s.") % said)
    if not taken_by:
        raise Refusal(_("Write who took it."), field="taken_by")
    at = at or change.now
    begun = change.of_run.events.filter(verb=Verb.ACTIVATE).values_list("at", flat=True).first()
    if at > change.now or (begun and at < begun):
        raise Refusal(_("Between the announcement and now."), field="at")
    values = {"handed_at": at, "handed_by": change.actor, "taken_by": taken_by, "handed_note": note} | shown
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=values)
    change.text = user.customer.name
    change.data = {"account": account, "taken_by": taken_by, "handed_at": at.isoformat()}


def asked_of(run: OrderlyRun, account: str) -> RunUser:
    """A user whom the run asks. Raises: Refusal when it does not."""
    found = run.users.select_related("customer", "batch").filter(customer__account_no=account, left_out="").first()
    if found is None:
        raise Refusal(_("This user is not asked."))
    return found


def _prepared(upload: UploadedFile) -> Prepared:
    """The picture made small and bare. Raises: Refusal on ``proof``."""
    try:
        return prepare(upload, photos_only=True)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="proof") from refusal

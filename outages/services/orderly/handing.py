"""The written notice of a run, handed over to a user: who took it, when, and what shows it."""

from datetime import datetime
from uuid import UUID

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
from outages.services.receipts import put_down
from staff.models import Member
from workorders.services.storing import StoredFile, stored_upload


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
    place = proof_path(RunUser(), "")
    with stored_upload(
        proof, path=place, rows=RunUser.objects.all(), column="proof", field="proof", photos_only=True
    ) as file:
        own = {"account": account, "taken_by": taken_by, "at": at, "note": note, "file": file}
        return _put_down(code=code, actor=actor, now=now, request_id=request_id, **own)


@act(Verb.HAND_OVER)
def _put_down(change: Change, *, account: str, taken_by: str, at: datetime | None, note: str, file: StoredFile) -> None:
    user = asked_of(change.of_run, account)
    if user.handed_at:
        said = {"name": user.taken_by, "time": instant(user.handed_at, change.now)}
        raise Refusal(_("%(name)s took it already: %(time)s.") % said)
    told_at = change.of_run.events.filter(verb=Verb.ACTIVATE).values_list("at", flat=True).first()
    handed_at = put_down(
        user, actor=change.actor, now=change.now, told_at=told_at, taken_by=taken_by, at=at, note=note, file=file
    )  # fmt: skip
    change.text = user.customer.name
    change.data = {"account": account, "taken_by": user.taken_by, "handed_at": handed_at.isoformat()}


def asked_of(run: OrderlyRun, account: str) -> RunUser:
    """A user whom the run asks. Raises: Refusal when it does not."""
    found = run.users.select_related("customer", "batch").filter(customer__account_no=account, left_out="").first()
    if found is None:
        raise Refusal(_("This user is not asked."))
    return found

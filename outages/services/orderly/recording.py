"""What was achieved: megawatts of a batch, or of one user, from one instant to another."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.models import Achieved
from outages.orderly_choices import Verb
from outages.services.orderly.change import Change, act
from outages.services.orderly.handing import asked_of
from outages.shortage import overlap


@act(Verb.RECORD)
def record(
    change: Change,
    *,
    batch: int,
    starts_at: datetime,
    ends_at: datetime,
    mw: Decimal,
    account: str = "",
    note: str = "",
) -> None:
    """Write down what a batch brought, or one user of it.

    Nothing counts twice: for one time either the batch is written down or its users are.
    Raises: Refusal on ``starts_at`` or ``ends_at`` outside the window, in the future, or over what is written already.
    """
    run = change.of_run
    user = asked_of(run, account) if account else None
    asked = run.users.filter(batch__number=batch, left_out="").select_related("batch").first()
    if asked is None or (user and user.batch_id != asked.batch_id):
        raise Refusal(_("This batch is not asked."))
    row = Achieved(
        run=run, batch=asked.batch, user=user, starts_at=starts_at, ends_at=ends_at, mw=mw, note=note.strip(),
        recorded_by=change.actor, recorded_at=change.now,
    )  # fmt: skip
    _check_times(row, change.now)
    others = Achieved.objects.filter(run=run, batch=asked.batch)
    rival = [other for other in others if user is None or other.user_id in (None, user.pk)]
    if overlap(row, rival):
        raise Refusal(_("For some of this time it is written down already."), field="starts_at")
    row.save(force_insert=True)
    change.text = user.customer.name if user else asked.batch.name
    change.data = {"batch": batch, "mw": str(mw), "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


def _check_times(row: Achieved, now: datetime) -> None:
    if row.ends_at <= row.starts_at:
        raise Refusal(_("It ends before it begins."), field="ends_at")
    if row.ends_at > now:
        raise Refusal(_("This time is still to come."), field="ends_at")
    if row.starts_at < row.run.starts_at or row.ends_at > row.run.over_at:
        raise Refusal(_("Only what was achieved inside the window counts."), field="starts_at")

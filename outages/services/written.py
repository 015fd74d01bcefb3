"""Telling some in writing, with a receipt (req 52); `chasing` goes to those who have not taken it in time."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.access import require
from common.errors import Refusal
from outages.choices import State
from outages.lead import lead_of
from outages.models import Outage, OutageVersion, WrittenNotice
from outages.models.receipt import proof_path
from outages.policies import can_hand_over
from outages.selectors.written import goers
from outages.services.owing import OURS
from outages.services.receipts import put_down
from staff.models import Member
from workorders.models import WorkOrder
from workorders.services.storing import stored_upload
from workorders.services.tasking import Task, drop_task, finish_task, open_task

# One row for each customer of the list whose file says so; where several rules do, the first of them. The place is
# the customer's main one in the list.
OWE = """
INSERT INTO outages_writtennotice (outage_id, version_id, customer_id, supply_point_id, rule_id, taken_by, proof,
    proof_id, proof_type, handed_note, is_open)
SELECT DISTINCT ON (c.id) %(outage)s, %(version)s, c.id, a.supply_point_id, r.id, '', '', gen_random_uuid(), '', '',
    true
FROM outages_affected a
JOIN customers_customer c ON c.id = a.customer_id
JOIN customers_supplypoint s ON s.id = a.supply_point_id
JOIN outages_writtenrule r ON r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to >= %(day)s)
    AND CASE r.by WHEN 'importance' THEN c.importance = r.value WHEN 'key_account' THEN c.key_account = r.value
        ELSE r.value = ANY (c.flags) END
WHERE a.version_id = %(version)s AND (c.importance <> 'none' OR c.key_account <> 'none' OR c.flags <> '{}')
ORDER BY c.id, s.is_main DESC, a.supply_point_id, r.id
"""


def keep_written(outage: Outage, *, now: datetime) -> WorkOrder | None:
    """The written notices that go with what was announced last; those of an earlier version are owed no more.

    Opens the task of handing them over, due when the receipts must be there; when the beginning is nearer than that,
    half way to it. Returns that order when there is one.
    """
    let_go(outage, now=now)
    if outage.state != State.PUBLISHED or outage.starts_at is None or outage.starts_at <= now:
        return None
    version = outage.versions.get(number=outage.version)
    count = _owe(outage, version)
    if not count:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        words = ngettext(
            "Hand over %(n)s written notice: %(place)s", "Hand over %(n)s written notices: %(place)s", count
        )
        task = Task(
            subject=words % {"n": count, "place": outage.place},
            description=_("They are told in writing. Whoever takes the notice signs for it; the receipt is put down."),
            unit=outage.unit,
            due_by=receipts_due(outage, outage.starts_at, now),
        )
    return open_task(task=task, now=now, request_id=uuid5(OURS, f"{outage.code}/written/{outage.version}"))


def _owe(outage: Outage, version: OutageVersion) -> int:
    with connection.cursor() as cursor:
        cursor.execute(OWE, {"outage": outage.pk, "version": version.pk, "day": localdate(outage.starts_at)})
        return cursor.rowcount


def receipts_due(outage: Outage, starts_at: datetime, now: datetime) -> datetime:
    """By when every receipt must be there, as seen at ``now``, before it begins."""
    lead = lead_of(outage)
    due = starts_at - timedelta(hours=lead.rule.receipt_hours if lead else 0)
    return due if due > now else now + (starts_at - now) / 2


def let_go(outage: Outage, *, now: datetime) -> None:
    """Nobody has to be handed what was told before: postponed, called off, told anew, or it has begun.

    Receipts stay what they are; once it has begun, so does the list of those who were owed one. The caller holds the
    outage.
    """
    with translation.override(settings.LANGUAGE_CODE):
        why = _("What it tells is out of date")
        for code in outage.written.filter(is_open=True, order__isnull=False).values_list("order__code", flat=True):
            drop_task(code=code, now=now, reason=why)
        if outage.written_order:
            drop_task(code=outage.written_order.code, now=now, reason=why)
    if not outage.began_at:
        outage.written.filter(is_open=True).update(is_open=False)


def hand_over(
    *, code: str, account: str, actor: Member, now: datetime, taken_by: str, proof: UploadedFile,
    at: datetime | None = None, note: str = "", notice_id: UUID | None = None,
) -> WrittenNotice:  # fmt: skip
    """Put down that somebody took the notice, with a photo or paper that shows it.

    ``notice_id``: the one that was looked at; told anew meanwhile, it is owed no more. The last one ends the task.
    Raises: `Denied`; `Refusal` (file, time, not owed). A file that was refused is not kept. Idempotent: a notice that
    was taken stays as it was put down first. Locks: the outage, as every act on it does.
    """
    found = _owed_to(Outage.objects.select_related("unit").get(code=code), account)
    require(can_hand_over(actor, found.outage, *goers(found)))
    place = proof_path(WrittenNotice(), "")
    with (
        stored_upload(proof, path=place, rows=WrittenNotice.objects.all(), column="proof", field="proof") as file,
        transaction.atomic(),
    ):
        rows = Outage.objects.select_for_update(of=("self",), no_key=True).select_related("written_order")
        notice = _owed_to(rows.get(code=code), account, notice_id)
        if notice.handed_at is None:
            told_at = notice.version.at
            put_down(notice, actor=actor, now=now, told_at=told_at, taken_by=taken_by, at=at, note=note, file=file)
            _end(notice.outage, notice, now)
    return notice


def _owed_to(outage: Outage, account: str, notice_id: UUID | None = None) -> WrittenNotice:
    """What this customer is owed. Raises: Refusal when that is nothing, or not any more what was looked at."""
    rows = outage.written.select_related("version", "order__unit", "supply_point__transformer__area__station")
    notice = rows.filter(customer__account_no=account, is_open=True).first()
    if notice is None or (notice_id and notice.proof_id != notice_id):
        raise Refusal(_("This customer is owed no written notice."))
    notice.outage = outage
    return notice


def _end(outage: Outage, notice: WrittenNotice, now: datetime) -> None:
    """The task of going there, and with the last receipt that of handing over, are done."""
    with translation.override(settings.LANGUAGE_CODE):
        took = _("%(name)s took the notice") % {"name": notice.taken_by}
        if notice.order:
            finish_task(code=notice.order.code, now=now, text=took, at=notice.handed_at)
        owed = outage.written.filter(is_open=True)
        if outage.written_order and not owed.filter(handed_at__isnull=True).exists():
            last = owed.aggregate(last=Max("handed_at"))["last"]
            finish_task(code=outage.written_order.code, now=now, text=_("All receipts are there"), at=last)

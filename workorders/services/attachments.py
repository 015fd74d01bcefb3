"""Photos and papers on an order. The slow part, checking and writing files, happens before the transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from staff.models import Member
from workorders.choices import Phase, Verb
from workorders.models import Attachment, WorkOrder
from workorders.models.order import attachment_path
from workorders.policies import can
from workorders.selectors.attachments import count_of, known_ids
from workorders.selectors.history import was_done
from workorders.services.change import Change, act
from workorders.uploads import Prepared, prepare


def attach(
    *,
    code: str,
    actor: Member,
    now: datetime,
    request_id: UUID,
    uploads: Sequence[UploadedFile],
    phase: str = "",
    text: str = "",
    for_customer: bool = False,
    photos_only: bool = False,
) -> WorkOrder:
    """Put files on an order, as one row of its timeline with an optional line of text.

    Raises: `Denied`; `Refusal` on ``files`` (size, count, content). Nothing is kept of a refused upload.
    Locks: the order row, for the rows only. Idempotent: by ``request_id``.
    """
    order = WorkOrder.objects.select_related("unit").get(code=code)
    require(can(Verb.NOTE, actor, order))
    if was_done(order, request_id):
        return order
    _check_count(order, len(uploads))
    files = [prepare(upload, photos_only=photos_only) for upload in uploads]
    stored: list[Attachment] = []
    try:
        stored += (_store(order, file, phase, actor, now) for file in files)
        own = {"files": stored, "text": text.strip(), "for_customer": for_customer}
        return _add_files(code=code, actor=actor, now=now, request_id=request_id, **own)
    finally:
        _drop_unused(stored)


def _store(order: WorkOrder, file: Prepared, phase: str, actor: Member, now: datetime) -> Attachment:
    """The file on disk under a name of our own, its row not yet in the table."""
    attachment = Attachment(
        public_id=uuid4(),
        order=order,
        name=file.name,
        content_type=file.content_type,
        size=len(file.content),
        phase=Phase(phase).value if phase else "",
        added_by=actor,
        added_at=now,
    )
    attachment.file.name = default_storage.save(attachment_path(attachment, ""), ContentFile(file.content))
    return attachment


@act(Verb.NOTE)
def _add_files(change: Change, *, files: list[Attachment], text: str, for_customer: bool) -> None:
    _check_count(change.order, len(files))
    Attachment.objects.bulk_create(files)
    change.text = text
    change.is_public = for_customer
    change.data["phase"] = files[0].phase if files else ""
    change.data["attachments"] = [
        {"id": str(file.public_id), "name": file.name, "type": file.content_type} for file in files
    ]


def _check_count(order: WorkOrder, more: int) -> None:
    most = settings.ATTACHMENT_MAX_COUNT
    if count_of(order) + more > most:
        raise Refusal(_("At most %(most)d files belong to one order.") % {"most": most}, field="files")


def _drop_unused(stored: list[Attachment]) -> None:
    """Take back files whose rows were never written (refused, or the same request came twice at once)."""
    kept = known_ids(stored)
    for attachment in stored:
        if attachment.public_id not in kept:
            default_storage.delete(attachment.file.name)

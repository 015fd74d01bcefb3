"""Reads of files on orders. A file is seen by whoever sees its order."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404

from common.access import require
from staff.models import Member
from workorders.models import Attachment, WorkOrder
from workorders.policies import can_see_person
from workorders.selectors.orders import sees

# The files of an order, in the order they were added, read along with it: ``annotate(file_rows=FILES)``.
FILES = ArraySubquery(
    Attachment.objects.filter(order=OuterRef("pk"))
    .order_by("added_at", "pk")
    .values(row=JSONObject(public_id="public_id", name="name", content_type="content_type", phase="phase"))
)


def files_of(order: WorkOrder) -> list[Attachment]:
    """The files of an order that was read with `FILES`."""
    return [Attachment(**row) for row in order.file_rows]


def photos_of(order: WorkOrder) -> list[Attachment]:
    """The photos of an order that say which phase they show, in the order they were taken."""
    return list(Attachment.objects.filter(order=order).exclude(phase="").order_by("added_at", "pk"))


def get_attachment_for(actor: Member, public_id: UUID) -> Attachment:
    """A file whose order ``actor`` may see. Raises: Http404; Denied when it could show who tipped us off."""
    found = Attachment.objects.filter(public_id=public_id).select_related("order__unit").first()
    if found is None or not sees(actor, found.order):
        raise Http404(public_id)
    require(can_see_person(actor, found.order))
    return found


def count_of(order: WorkOrder) -> int:
    """How many files the order has."""
    return Attachment.objects.filter(order=order).count()


def known_ids(attachments: Iterable[Attachment]) -> set[UUID]:
    """Those of the given files that have a row."""
    ids = [attachment.public_id for attachment in attachments]
    return set(Attachment.objects.filter(public_id__in=ids).values_list("public_id", flat=True))

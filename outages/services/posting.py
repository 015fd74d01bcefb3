"""Putting on record where a poster hangs. The slow part, rewriting the photo, comes before the transaction."""

from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from customers.models import Area
from outages.models import Outage, Posting
from outages.models.posting import photo_path
from outages.policies import can_post
from outages.selectors.addresses import areas_told
from staff.models import Member
from workorders.services.storing import stored_upload


def record_posting(
    *, code: str, area: Area, place: str, at: datetime | None, photo: UploadedFile | None, actor: Member, now: datetime,
    request_id: UUID,
) -> Posting:  # fmt: skip
    """A poster hangs at ``place`` since ``at`` (now when left out), with a photo if one was taken.

    Raises: `Denied`; `Refusal` for an area that the outage does not take in, a time to come, a file that is no photo.
    Idempotent: by ``request_id``.
    """
    outage = Outage.objects.select_related("unit").get(code=code)
    require(can_post(actor, outage))
    known = Posting.objects.filter(request_id=request_id).first()
    if known:
        return known
    _check(outage, area, place, at or now, now)
    posting = Posting(
        outage=outage, area=area, place=place.strip(), at=at or now, recorded_at=now, actor=actor, request_id=request_id
    )  # fmt: skip
    where = photo_path(posting, "")
    with stored_upload(
        photo, path=where, rows=Posting.objects.all(), column="photo", field="photo", photos_only=True
    ) as file:
        posting.photo.name, posting.content_type = file.name, file.content_type
        Posting.objects.bulk_create([posting], ignore_conflicts=True)
        return Posting.objects.get(request_id=request_id)


def _check(outage: Outage, area: Area, place: str, at: datetime, now: datetime) -> None:
    if area not in areas_told(outage):
        raise Refusal(_("This outage takes in nothing there."), field="area")
    if not place.strip():
        raise Refusal(_("Say where it hangs, so that somebody can find it."), field="place")
    if at > now:
        raise Refusal(_("This time is still to come."), field="at")
    if outage.published_at and at < outage.published_at:
        raise Refusal(_("Nobody had been told then."), field="at")

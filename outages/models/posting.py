"""Where a notice was put up on paper: proof that people who read no phone were told as well."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Area
from outages.models.outage import Outage
from staff.models import Member


def photo_path(posting: "Posting", filename: str) -> str:
    """A name of our own: nothing of what the sender typed reaches the file system."""
    return f"postings/{posting.outage_id % 1000:03d}/{posting.public_id}"


class Posting(models.Model):
    """A poster on one wall: where, when, by whom, with a photo where one was taken."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="postings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(_("where it hangs"), max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    photo = models.FileField(upload_to=photo_path, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    request_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(place=""), name="outages_posting_has_a_place"),
            models.CheckConstraint(
                condition=Q(photo="", content_type="") | (~Q(photo="") & ~Q(content_type="")),
                name="outages_posting_photo_has_a_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.place}"

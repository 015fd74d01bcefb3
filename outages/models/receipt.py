"""Proof that a written notice reached somebody: who took it, when, and what shows it."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Member


def proof_path(row: models.Model, _filename: str) -> str:
    """Where a proof lies; no word of the sender becomes a path."""
    return f"proofs/{row.proof_id.hex[:3]}/{row.proof_id}"  # type: ignore[attr-defined]


class Receipt(models.Model):
    """A notice that has to be handed over. Until it is, everything here is empty; a proof is a photo or a signature.

    Subclasses say what was to be handed to whom, and inherit ``Meta`` for the constraint.
    """

    handed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    handed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_by = models.CharField(_("who took it"), max_length=60, blank=True)
    proof = models.FileField(_("photo or signature"), upload_to=proof_path, blank=True)
    proof_id = models.UUIDField(default=uuid4, unique=True, editable=False)  # its address; nobody guesses it
    proof_type = models.CharField(max_length=60, blank=True)
    handed_note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True, handed_by__isnull=True, taken_by="", proof="")
                | (Q(handed_at__isnull=False, handed_by__isnull=False) & ~Q(taken_by="")),
                name="%(app_label)s_%(class)s_handed_to_somebody",
            )
        ]

    @property
    def is_handed(self) -> bool:
        return self.handed_at is not None

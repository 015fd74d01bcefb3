"""Rules for staff passwords (standards H2): 8 characters, three of four classes, none used lately."""

import re

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.models import Member, PasswordRecord

CLASSES = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")


class ShapeValidator:
    """Long enough, and made of several of: capitals, small letters, figures, signs."""

    def __init__(self, min_length: int = 8, min_classes: int = 3) -> None:
        self.min_length = min_length
        self.min_classes = min_classes

    def validate(self, password: str, user: Member | None = None) -> None:
        found = sum(bool(re.search(pattern, password)) for pattern in CLASSES)
        if len(password) < self.min_length or found < self.min_classes:
            raise ValidationError(self.get_help_text(), code="password_shape")

    def get_help_text(self) -> str:
        return _("At least %(length)s characters, with %(classes)s of: capitals, small letters, figures, signs") % {
            "length": self.min_length,
            "classes": self.min_classes,
        }


class StaffNoValidator:
    """The staff number must not be part of the password, in whatever case."""

    def validate(self, password: str, user: Member | None = None) -> None:
        if user is not None and user.staff_no and user.staff_no.lower() in password.lower():
            raise ValidationError(_("Leave your staff number out of the password"), code="password_staff_no")

    def get_help_text(self) -> str:
        return _("Without your staff number")


class HistoryValidator:
    """None of the last few passwords again; Django calls `password_changed` whenever one was saved."""

    def __init__(self, keep: int = 5) -> None:
        self.keep = keep

    def validate(self, password: str, user: Member | None = None) -> None:
        if user is None or user.pk is None:
            return
        hashes = PasswordRecord.objects.filter(member=user).values_list("password", flat=True)[: self.keep]
        if any(check_password(password, used) for used in hashes):
            raise ValidationError(self.refusal(), code="password_used")

    def password_changed(self, password: str, user: Member) -> None:
        """Remember the hash that was just saved; forget those beyond ``keep``."""
        PasswordRecord.objects.create(member=user, password=user.password)
        kept = PasswordRecord.objects.filter(member=user).values_list("pk", flat=True)[: self.keep]
        PasswordRecord.objects.filter(member=user).exclude(pk__in=list(kept)).delete()

    def refusal(self) -> str:
        return ngettext(
            "That was your last password, choose another",
            "That is one of your last %(count)s passwords, choose another",
            self.keep,
        ) % {"count": self.keep}

    def get_help_text(self) -> str:
        return ngettext("Not the last one again", "Not one of the last %(count)s again", self.keep) % {
            "count": self.keep
        }

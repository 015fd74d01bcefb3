"""Passwords: issue a one-time one, change one's own, let a locked member in again."""

import secrets
from datetime import datetime

from axes.utils import reset
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from common.errors import Refusal
from staff.choices import AuditAct
from staff.models import Member
from staff.services import audit

# Read aloud over the telephone: no 0 and O, no 1, I and l.
CAPITALS, SMALLS, FIGURES = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"


def make_one_time_password() -> str:
    """Twelve characters in three groups, of three classes, easy to read aloud: ``kMf7-Qw3x-9Ntb``."""
    pool = CAPITALS + SMALLS + FIGURES
    while True:
        text = "".join(secrets.choice(pool) for _place in range(12))
        if all(set(text) & set(group) for group in (CAPITALS, SMALLS, FIGURES)):
            return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def hash_random(password: str) -> str:
    """Hash a password we drew ourselves: 69 random bits need no slow hash, and an import issues two thousand."""
    return PBKDF2PasswordHasher().encode(password, get_random_string(22), iterations=1000)


@transaction.atomic
def issue_one_time_password(*, member: Member, actor: Member | None, now: datetime) -> str:
    """Give the member a password to be changed at the next login; return it, to be shown once.

    Ends the member's sessions (their key depends on the password) and a lock after wrong tries.
    Locks: the member's row.
    Raises: Refusal when the member is not active.
    """
    member = lock(member)
    if not member.is_active:
        raise Refusal(_("%(name)s is deactivated; reactivate first") % {"name": member.name})
    password = make_one_time_password()
    member.password = hash_random(password)
    member.must_change_password = True
    member.password_changed_at = now
    member.save(update_fields=["password", "must_change_password", "password_changed_at"])
    reset(username=member.staff_no)
    audit.record(act=AuditAct.PASSWORD_ISSUED, subject=member, actor=actor, now=now)
    return password


@transaction.atomic
def change_password(*, member: Member, old: str, new: str, now: datetime) -> Member:
    """Change one's own password; the rules are those of AUTH_PASSWORD_VALIDATORS.

    Locks: the member's row. Ends the member's other sessions; the view keeps the one that asked.
    Raises: Refusal on field ``old`` or ``new``.
    """
    member = lock(member)
    if not member.check_password(old):
        raise Refusal(_("That is not your present password"), field="old")
    if old == new:
        raise Refusal(_("The new password is the old one, choose another"), field="new")
    try:
        validate_password(new, member)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="new") from error
    member.set_password(new)
    member.must_change_password = False
    member.password_changed_at = now
    member.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record(act=AuditAct.PASSWORD_CHANGED, subject=member, actor=member, now=now)
    return member


@transaction.atomic
def unlock_member(*, member: Member, actor: Member | None, now: datetime) -> int:
    """Forget the wrong tries that locked the member out; return how many records there were.

    Idempotent: nothing to forget writes nothing.
    """
    forgotten = reset(username=member.staff_no)
    if forgotten:
        audit.record(act=AuditAct.MEMBER_UNLOCKED, subject=member, actor=actor, now=now)
    return forgotten


def is_password_too_old(member: Member, now: datetime) -> bool:
    """Whether the password is older than PASSWORD_MAX_AGE_DAYS; 0 turns the rule off."""
    days = settings.PASSWORD_MAX_AGE_DAYS
    return bool(days and member.password_changed_at and (now - member.password_changed_at).days >= days)


def lock(member: Member) -> Member:
    """The member's row again, held until the end of the transaction.

    Without a join: one who moved to another unit while we waited would no longer fit it, and not be found.
    """
    return Member.objects.select_for_update(no_key=True).get(pk=member.pk)

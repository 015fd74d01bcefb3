"""The second step of login: six digits from an app (TOTP), and backup codes for the day the phone is lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from common.errors import Refusal
from staff.choices import AuditAct
from staff.models import Member
from staff.services import audit
from staff.services.passwords import lock

BACKUP_CODES = 10


@transaction.atomic
def begin_enrolment(*, member: Member) -> TOTPDevice:
    """A device that waits for its first code; the same one again until it is confirmed. Locks: the member's row."""
    lock(member)
    device, _is_new = TOTPDevice.objects.get_or_create(user=member, confirmed=False, defaults={"name": "app"})
    return device


def confirm_enrolment(*, member: Member, token: str, now: datetime) -> tuple[TOTPDevice, list[str]]:
    """The first right code makes the app the member's only device; return it and ten backup codes, shown once.

    A wrong code is counted before it is refused, so it stands outside the transaction that replaces the device.
    Raises: Refusal on field ``token``.
    """
    device = begin_enrolment(member=member)
    if not _check(device, token):
        raise Refusal(_("The code does not fit; wait for the next one and try again"), field="token")
    with transaction.atomic():
        TOTPDevice.objects.filter(user=member).exclude(pk=device.pk).delete()
        StaticDevice.objects.filter(user=member).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        backup = StaticDevice.objects.create(user=member, name="backup")
        codes = [StaticToken.random_token() for _place in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create([StaticToken(device=backup, token=code) for code in codes])
        audit.record(act=AuditAct.SECOND_FACTOR_SET, subject=member, actor=member, now=now)
    return device, codes


def verify_code(*, member: Member, token: str) -> Device:
    """The device that this code proves: six figures are the app's, anything else a backup code (used up by this).

    Raises: Refusal on field ``token``; wrong codes slow the next try down (1, 2, 4 … seconds).
    """
    token = token.strip().replace(" ", "").lower()
    model = TOTPDevice if token.isdigit() else StaticDevice
    device = model.objects.filter(user=member, confirmed=True).first()
    if device is None or not _check(device, token):
        raise Refusal(_("The code does not fit; wait for the next one and try again"), field="token")
    return device


@transaction.atomic
def reset_second_factor(*, member: Member, actor: Member | None, now: datetime) -> None:
    """Forget the member's app and backup codes (the phone is lost); the next login asks to set up a new one.

    Locks: the member's row.
    """
    member = lock(member)
    TOTPDevice.objects.filter(user=member).delete()
    StaticDevice.objects.filter(user=member).delete()
    audit.record(act=AuditAct.SECOND_FACTOR_RESET, subject=member, actor=actor, now=now)


def has_second_factor(member: Member) -> bool:
    """Whether login asks this member for a code."""
    return TOTPDevice.objects.filter(user=member, confirmed=True).exists()


def backup_codes_left(member: Member) -> int:
    """How many backup codes are unused."""
    return StaticToken.objects.filter(device__user=member, device__confirmed=True).count()


def _check(device: Device, token: str) -> bool:
    """Verify under the device's row lock, so that one code proves once and every wrong one is counted."""
    with transaction.atomic():
        return type(device).objects.select_for_update().get(pk=device.pk).verify_token(token)

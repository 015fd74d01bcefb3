"""Members: taken on, changed, let go, taken back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from django.contrib.auth.hashers import identify_hasher
from django.db import transaction
from django.utils.translation import gettext as _

from common.contributions import LeavingCheck, leaving_checks
from common.errors import Refusal
from common.pinyin import pinyin_key
from staff.choices import AuditAct
from staff.models import Duty, Member, Unit
from staff.services import audit, grants, passwords

FIELDS = ["name", "home_unit", "post", "phone", "email", "language"]
OWN_FIELDS = ["phone", "email", "language", "single_keys"]


class Details(TypedDict):
    """What a member may have beside a staff number, a name and a unit."""

    post: NotRequired[str]
    phone: NotRequired[str]
    email: NotRequired[str]
    language: NotRequired[str]


@dataclass
class Leaving:
    """What came of a deactivation: how much was handed over, and the shifts that nobody stands now."""

    handed_over: int = 0
    gaps: list[Duty] = field(default_factory=list)


@transaction.atomic
def create_member(
    *,
    staff_no: str,
    name: str,
    home_unit: Unit,
    password: str | None = None,
    actor: Member | None = None,
    now: datetime,
    **details: Unpack[Details],
) -> Member:
    """Take on a member, without roles yet.

    Without ``password`` nobody can log in as the member until `issue_one_time_password` gives one. A ``password`` is
    kept as it is, in clear or already hashed (a demo hashes its one password once), and needs no change at login.
    Raises: Refusal when the staff number is taken or the unit is out of use.
    """
    staff_no = staff_no.strip().upper()
    if Member.objects.filter(staff_no=staff_no).exists():
        raise Refusal(_("The staff number %(number)s is taken") % {"number": staff_no}, field="staff_no")
    if not home_unit.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": home_unit.label}, field="home_unit")
    member = Member(staff_no=staff_no, name=name.strip(), home_unit=home_unit, **details)
    member.pinyin = pinyin_key(member.name)
    _set_password(member, password, now)
    member.save(force_insert=True)
    after = {"staff_no": staff_no, **audit.plain(member, FIELDS)}
    audit.record(act=AuditAct.MEMBER_CREATED, subject=member, actor=actor, now=now, after=after)
    return member


@transaction.atomic
def take_on(*, actor: Member | None, now: datetime, **details: object) -> tuple[Member, str]:
    """`create_member` and a one-time password in one step; returns both, the password to be shown once."""
    member = create_member(actor=actor, now=now, **details)  # type: ignore[arg-type]
    return member, passwords.issue_one_time_password(member=member, actor=actor, now=now)


@transaction.atomic
def edit_member(*, member: Member, actor: Member | None = None, now: datetime, **changes: object) -> Member:
    """Change what is known of a member (the names in ``FIELDS``); the staff number stays for life.

    Locks: the member's row.
    """
    return _change(member, FIELDS, changes, actor, now)


@transaction.atomic
def edit_own_profile(*, member: Member, now: datetime, **changes: object) -> Member:
    """Change one's own phone, e-mail, language and keys (the names in ``OWN_FIELDS``). Locks: the member's row."""
    return _change(member, OWN_FIELDS, changes, member, now)


@transaction.atomic
def deactivate_member(
    *, member: Member, successor: Member | None = None, actor: Member | None = None, now: datetime
) -> Leaving:
    """Let a member go: what is held passes to ``successor``, sessions end, future duty is struck.

    Roles stay on record and sleep. The password is made unusable, so sessions end and none comes back with the member.
    Locks: the member's row, then what the rooms above lock. Idempotent: one who has left is left alone.
    Raises: Refusal when something is held and nobody takes it, or the last administrator would go.
    """
    member = passwords.lock(member)
    if not member.is_active:
        return Leaving()
    grants.keep_an_administrator(without=member)
    held = what_is_held(member)
    if held and successor is None:
        raise Refusal(_("%(name)s still holds work; choose who takes it") % {"name": member.name}, field="successor")
    if successor is not None and (successor.pk == member.pk or not successor.is_active):
        raise Refusal(_("Choose somebody else who works here"), field="successor")
    leaving = Leaving()
    if successor is not None:
        leaving.handed_over = sum(
            room.hand_over(member=member, to=successor, actor=actor, now=now) for room in leaving_checks
        )
    leaving.gaps = _strike_future_duty(member, now)
    member.is_active = False
    member.set_unusable_password()
    member.save(update_fields=["is_active", "password"])
    after = {"successor": successor.staff_no if successor else "", "handed_over": leaving.handed_over}
    audit.record(act=AuditAct.MEMBER_LEFT, subject=member, actor=actor, now=now, after=after)
    return leaving


@transaction.atomic
def reactivate_member(*, member: Member, actor: Member | None = None, now: datetime) -> str:
    """Take a member back with the roles held before; return a one-time password, to be shown once.

    Locks: the member's row. Raises: Refusal when the member is active or the unit is out of use.
    """
    member = passwords.lock(member)
    if member.is_active:
        raise Refusal(_("%(name)s is active already") % {"name": member.name})
    if not member.home_unit.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": member.home_unit.label})
    member.is_active = True
    member.save(update_fields=["is_active"])
    audit.record(act=AuditAct.MEMBER_RETURNED, subject=member, actor=actor, now=now)
    return passwords.issue_one_time_password(member=member, actor=actor, now=now)


def what_is_held(member: Member) -> list[LeavingCheck]:
    """What the rooms above say the member still holds; empty ones left out."""
    return [check for check in (room.check(member) for room in leaving_checks) if check.count]


def _change(
    member: Member, fields: list[str], changes: dict[str, object], actor: Member | None, now: datetime
) -> Member:
    member = passwords.lock(member)
    before = audit.plain(member, fields)
    for name in fields:
        if name in changes:
            setattr(member, name, changes[name])
    after = audit.plain(member, fields)
    if after == before:
        return member
    if "home_unit" in changes and not member.home_unit.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": member.home_unit.label}, field="home_unit")
    member.pinyin = pinyin_key(member.name)
    member.save(update_fields=[*fields, "pinyin"])
    audit.record(act=AuditAct.MEMBER_EDITED, subject=member, actor=actor, now=now, before=before, after=after)
    return member


def _set_password(member: Member, password: str | None, now: datetime) -> None:
    """In clear, already hashed, or none."""
    try:
        identify_hasher(password or "")
    except ValueError:
        member.set_password(password)
    else:
        member.password = str(password)
    if password:
        member.password_changed_at = now


def _strike_future_duty(member: Member, now: datetime) -> list[Duty]:
    """Delete shifts to come, end the running one now; return those that leave a gap (nobody else stands them)."""
    left = list(Duty.objects.select_related("unit").filter(member=member, ends_at__gt=now).order_by("starts_at"))
    Duty.objects.filter(member=member, starts_at__gte=now).delete()
    Duty.objects.filter(member=member, starts_at__lt=now, ends_at__gt=now).update(ends_at=now)
    return [duty for duty in left if not _is_stood_by_others(duty)]


def _is_stood_by_others(duty: Duty) -> bool:
    """Whether others cover the whole of the shift between them."""
    reached = duty.starts_at
    others = Duty.objects.filter(
        unit=duty.unit, role=duty.role, starts_at__lt=duty.ends_at, ends_at__gt=duty.starts_at, member__is_active=True
    ).exclude(member=duty.member)
    for starts_at, ends_at in others.order_by("starts_at").values_list("starts_at", "ends_at"):
        if starts_at > reached:
            return False
        reached = max(reached, ends_at)
    return reached >= duty.ends_at

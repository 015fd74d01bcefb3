"""Members from a file: read, check every row in plain words, then create or change all of them, or none."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from common.errors import Refusal
from common.sheets import read_rows
from staff.choices import AuditAct, Role
from staff.models import Member, MemberImport, RoleGrant, Unit
from staff.policies import can_administer_member, can_grant
from staff.selectors import scope_of, units_under
from staff.services import audit, grants, members
from staff.words import check_email, check_phone, check_staff_no

COLUMNS = {
    "staff_no": ("工号", "Staff number"),
    "name": ("姓名", "Name"),
    "unit": ("单位代码", "Unit code"),
    "roles": ("角色", "Roles"),
    "post": ("岗位", "Post"),
    "phone": ("电话", "Phone"),
    "email": ("邮箱", "E-mail"),
}
MOST_ROWS = 2000
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass
class CheckedRow:
    """One line of the file: what it says, what it would do, and what is wrong with it."""

    line: int
    staff_no: str
    values: dict[str, Any]
    unit: Unit | None = None
    roles: list[str] = field(default_factory=list)
    member: Member | None = None
    new_roles: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """new, changed, same or wrong."""
        if self.errors:
            return WRONG
        if self.member is None:
            return NEW
        return CHANGED if self.new_roles or self.changes else SAME

    @property
    def changes(self) -> dict[str, Any]:
        """What differs from the member on file; an empty cell leaves the file as it is."""
        if self.member is None:
            return {}
        given = {**self.values, "home_unit": self.unit}
        return {key: value for key, value in given.items() if value and getattr(self.member, key) != value}


@transaction.atomic
def read_members(*, upload: UploadedFile, actor: Member, now: datetime) -> MemberImport:
    """Keep the file's rows for checking; nothing about members changes.

    Raises: Refusal when it cannot be read, is empty or has more than ``MOST_ROWS`` rows.
    """
    rows = list(islice(read_rows(upload, COLUMNS), MOST_ROWS + 1))
    if not rows:
        raise Refusal(_("There is no member in this file"), field="file")
    if len(rows) > MOST_ROWS:
        raise Refusal(_("At most %(count)s members at once; split the file") % {"count": MOST_ROWS}, field="file")
    name = (upload.name or "")[-120:]
    return MemberImport.objects.create(uploaded_by=actor, uploaded_at=now, file_name=name, rows=rows)


def check_import(run: MemberImport) -> list[CheckedRow]:
    """Every row with its verdict, as things stand now; a constant number of queries."""
    seen = Counter(row["staff_no"].upper() for row in run.rows)
    reach = units_under(scope_of(run.uploaded_by).paths(Role.ADMINISTRATOR))
    units = {unit.code: unit for unit in reach.filter(is_active=True)}
    known = {m.staff_no: m for m in Member.objects.filter(staff_no__in=seen).select_related("home_unit")}
    grants_there = RoleGrant.objects.filter(member__staff_no__in=seen).select_related("member", "unit")
    held = {(grant.member_id, grant.unit_id, grant.role) for grant in grants_there}
    for member in known.values():  # what the policy reads, for all of them at once
        member.grants_held = tuple((g.role, g.unit.path) for g in grants_there if g.member_id == member.pk)
    rows = [_read_row(row, units, known) for row in run.rows]
    for row in rows:
        row.new_roles = [role for role in row.roles if not _is_held(row, role, held)]
        row.errors += [fault for fault in _faults(row, seen, run.uploaded_by) if fault]
    return rows


@transaction.atomic
def apply_import(*, run: MemberImport, now: datetime) -> list[tuple[Member, str]]:
    """Do what the check announced; return the new members with their one-time passwords, to be shown once.

    Locks: the import's row. Raises: Refusal when it was applied before or a row is wrong (now); then nothing is done.
    """
    run = MemberImport.objects.select_for_update(of=("self",), no_key=True).select_related("uploaded_by").get(pk=run.pk)
    actor = run.uploaded_by
    if run.applied_at:
        raise Refusal(_("This file was imported before"))
    rows = check_import(run)
    if any(row.errors for row in rows):
        raise Refusal(_("Some rows are wrong; mend the file and give it again"))
    issued = []
    for row in rows:
        if row.member is None:
            details = {key: value for key, value in row.values.items() if value}
            details |= {"staff_no": row.staff_no, "home_unit": row.unit}
            row.member, password = members.take_on(actor=actor, now=now, **details)
            issued.append((row.member, password))
        elif row.changes:
            members.edit_member(member=row.member, actor=actor, now=now, **row.changes)
        for role in row.new_roles:
            grants.grant_role(member=row.member, role=role, unit=cast(Unit, row.unit), actor=actor, now=now)
    run.applied_at = now
    run.save(update_fields=["applied_at"])
    after = {"file": run.file_name, "members": len(rows), "new": len(issued)}
    audit.record(act=AuditAct.IMPORTED, subject=actor, actor=actor, now=now, after=after)
    return issued


def sample() -> list[list[str]]:
    """Headings in the reader's language and two rows to write over."""
    at = 0 if get_language() != "en" else 1
    heads = [names[at] for names in COLUMNS.values()]
    roles = f"{Role.HANDLER.label} {Role.UNIT_LEAD.label}"
    return [
        heads,
        ["XL0901", "周婷", "KF01", str(Role.AGENT.label), "", "13972510001", "zhouting@example.com"],
        ["XL0902", "向阳", "QX02", roles, "", "13972510002", ""],
    ]


def role_named(word: str) -> str | None:
    """The role that a word of the file means: its code, or its name in either language."""
    return _role_words().get(word.strip().lower())


def _role_words() -> dict[str, str]:
    words = {str(value): str(value) for value in Role.values}
    for code in ("zh-hans", "en"):
        with override(code):
            words |= {str(role.label).lower(): str(role.value) for role in Role}
    return words


def _read_row(row: dict[str, Any], units: dict[str, Unit], known: dict[str, Member]) -> CheckedRow:
    """One line as objects; words that mean nothing become errors."""
    staff_no = row["staff_no"].upper()
    checked = CheckedRow(
        line=row["line"],
        staff_no=staff_no,
        values={key: row[key] for key in ("name", "post", "phone", "email")},
        unit=units.get(row["unit"].upper()),
        member=known.get(staff_no),
    )
    if checked.unit is None:
        checked.errors.append(_("No unit of yours has the code “%(code)s”") % {"code": row["unit"]})
    for word in re.split(r"[\s,，、;；/]+", row["roles"]):
        role = role_named(word)
        if role:
            checked.roles.append(role)
        elif word:
            checked.errors.append(_("There is no role “%(word)s”") % {"word": word})
    return checked


def _is_held(row: CheckedRow, role: str, held: set[tuple[int, int, str]]) -> bool:
    return bool(row.member and row.unit and (row.member.pk, row.unit.pk, role) in held)


def _faults(row: CheckedRow, seen: Counter, actor: Member) -> list[str | None]:
    """What is wrong with the row beside words that mean nothing."""
    values, member = row.values, row.member
    return [
        check_staff_no(row.staff_no),
        _("The staff number stands in the file twice") if seen[row.staff_no] > 1 else None,
        None if values["name"] else _("The name is missing"),
        _too_long(values["name"], 40),
        _too_long(values["post"], 40),
        check_phone(values["phone"]),
        check_email(values["email"]),
        _("This member is deactivated; reactivate first") if member and not member.is_active else None,
        str(can_administer_member(actor, member).reason) if member else None,
        str(can_grant(actor, member, row.unit).reason) if member and row.unit and row.new_roles else None,
    ]


def _too_long(text: str, most: int) -> str | None:
    text_is = {"text": text[:10], "most": most}
    return _("“%(text)s…” is longer than %(most)s characters") % text_is if len(text) > most else None

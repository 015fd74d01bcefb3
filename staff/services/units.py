"""The tree of units: create, edit, move, close, reopen."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.contributions import closing_checks
from common.errors import Refusal
from staff.choices import AuditAct, UnitKind
from staff.models import Member, Unit
from staff.services import audit
from staff.signals import unit_moved

FIELDS = ["code", "name", "name_en", "kind", "area_class", "capacity", "phone"]


class UnitDetails(TypedDict):
    """What a unit may say about itself beside code, name and kind."""

    name_en: NotRequired[str]
    area_class: NotRequired[str]
    capacity: NotRequired[int]
    phone: NotRequired[str]


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: UnitKind | str,
    parent: Unit | None = None,
    actor: Member | None = None,
    now: datetime,
    **details: Unpack[UnitDetails],
) -> Unit:
    """Add a unit under ``parent``, or as the top of the tree; the area class comes from the parent unless given.

    Locks: the tree against other changes of its shape.
    Raises: Refusal when the code is taken or the parent is out of use.
    """
    hold_tree()
    code = code.strip().upper()
    if Unit.objects.filter(code=code).exists():
        raise Refusal(_("The code %(code)s is taken") % {"code": code}, field="code")
    if parent is not None:
        parent = _fresh(parent)
        if not parent.is_active:
            raise Refusal(_("%(unit)s is out of use") % {"unit": parent.label}, field="parent")
        details.setdefault("area_class", parent.area_class)
    fields = {"code": code, "name": name.strip(), "kind": kind, **details}
    unit = Unit.objects.add_child(parent, fields) if parent else Unit.objects.add_root(fields)
    audit.record(
        act=AuditAct.UNIT_CREATED,
        subject=unit,
        actor=actor,
        now=now,
        after={**audit.plain(unit, FIELDS), "parent": parent.code if parent else ""},
    )
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, actor: Member | None = None, now: datetime, **changes: object) -> Unit:
    """Change what the unit says about itself (the names in ``FIELDS``).

    Locks: the unit's row. Raises: Refusal when the new code is taken.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = audit.plain(unit, FIELDS)
    for field in FIELDS:
        if field in changes:
            setattr(unit, field, changes[field])
    unit.code = unit.code.strip().upper()
    if Unit.objects.filter(code=unit.code).exclude(pk=unit.pk).exists():
        raise Refusal(_("The code %(code)s is taken") % {"code": unit.code}, field="code")
    after = audit.plain(unit, FIELDS)
    if after != before:
        unit.save(update_fields=FIELDS)
        audit.record(act=AuditAct.UNIT_EDITED, subject=unit, actor=actor, now=now, before=before, after=after)
    return unit


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, actor: Member | None = None, now: datetime) -> Unit:
    """Put the unit with all below it under another one; roles held above follow the new place.

    Locks: the tree. Raises: Refusal when the new place is the unit itself, below it, or out of use.
    """
    hold_tree()
    unit, parent = _fresh(unit), _fresh(parent)
    if parent.path.startswith(unit.path):
        raise Refusal(_("A unit cannot move below itself"), field="parent")
    if not parent.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": parent.label}, field="parent")
    old = Unit.objects.get_parent(unit)
    if old is not None and old.pk == parent.pk:
        return unit
    Unit.objects.move(unit, parent, pos="last-child")
    unit = _fresh(unit)
    audit.record(
        act=AuditAct.UNIT_MOVED,
        subject=unit,
        actor=actor,
        now=now,
        before={"parent": old.code if old else ""},
        after={"parent": parent.code},
    )
    unit_moved.send(Unit, unit=unit)
    return unit


@transaction.atomic
def close_unit(*, unit: Unit, actor: Member | None = None, now: datetime) -> Unit:
    """Put a unit out of use; its past stays readable.

    Locks: the tree.
    Raises: Refusal while active units, active members or what other rooms name (open orders) are left in it.
    """
    hold_tree()
    unit = _fresh(unit)
    below = Unit.objects.get_descendants(unit).filter(is_active=True).count()
    if below:
        text = ngettext("%(count)s unit below is still in use", "%(count)s units below are still in use", below)
        raise Refusal(text % {"count": below})
    people = Member.objects.filter(home_unit=unit, is_active=True).count()
    if people:
        text = ngettext("%(count)s member still belongs to it", "%(count)s members still belong to it", people)
        raise Refusal(text % {"count": people})
    for check in closing_checks:
        held = check(unit)
        if held.count:
            raise Refusal(_("Still here: %(what)s (%(count)s)") % {"what": held.label, "count": held.count})
    return _set_active(unit, False, AuditAct.UNIT_CLOSED, actor, now)


@transaction.atomic
def reopen_unit(*, unit: Unit, actor: Member | None = None, now: datetime) -> Unit:
    """Put a closed unit back in use. Locks: the tree. Raises: Refusal when the unit above is closed."""
    hold_tree()
    unit = _fresh(unit)
    parent = Unit.objects.get_parent(unit)
    if parent is not None and not parent.is_active:
        raise Refusal(_("%(unit)s is out of use") % {"unit": parent.label})
    return _set_active(unit, True, AuditAct.UNIT_REOPENED, actor, now)


def _set_active(unit: Unit, is_active: bool, act: AuditAct, actor: Member | None, now: datetime) -> Unit:
    if unit.is_active != is_active:
        unit.is_active = is_active
        unit.save(update_fields=["is_active"])
        audit.record(act=act, subject=unit, actor=actor, now=now)
    return unit


def _fresh(unit: Unit) -> Unit:
    """The unit as it stands now; treebeard counts places from the instance it is given."""
    return Unit.objects.get(pk=unit.pk)


def hold_tree() -> None:
    """One change of the tree's shape at a time: what a change looks at (a free code, who is below whom) must still hold
    when it writes.

    The lock keeps out other writers of the table until the transaction ends; readers and foreign keys pass.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE staff_unit IN SHARE ROW EXCLUSIVE MODE")

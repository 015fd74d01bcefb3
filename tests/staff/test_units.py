"""The tree of units and what its services refuse."""

import pytest

from common.contributions import LeavingCheck, closing_checks
from common.errors import Refusal
from staff.choices import AreaClass, AuditAct, Role, UnitKind
from staff.models import AuditEntry, Unit
from staff.selectors import scope_of
from staff.services.units import close_unit, create_unit, edit_unit, move_unit, reopen_unit
from tests.staff.factories import NOW, member, unit

pytestmark = pytest.mark.django_db


def test_unit_takes_its_area_class_from_the_unit_above():
    top = create_unit(code="xl", name="西陵", kind=UnitKind.COMPANY, area_class=AreaClass.RURAL, now=NOW)
    below = create_unit(code="a1", name="一班", kind=UnitKind.CREW, parent=top, now=NOW)
    assert (below.code, below.area_class, below.depth) == ("A1", AreaClass.RURAL, 2)


def test_remote_desk_is_a_kind_of_unit(town):
    desk = unit("RD1", "远程座席", UnitKind.REMOTE_DESK, town.county)
    assert desk.kind == "remote_desk"


def test_unit_code_that_is_taken_is_refused(town):
    with pytest.raises(Refusal) as refusal:
        create_unit(code=" dj ", name="又一个", kind=UnitKind.COUNTY, parent=town.top, now=NOW)
    assert refusal.value.field == "code"


def test_edit_of_a_unit_keeps_before_and_after_of_what_changed(town, admin):
    edit_unit(unit=town.crew, actor=admin, now=NOW, name="桥边抢修一班", capacity=town.crew.capacity)
    entry = AuditEntry.objects.get(act=AuditAct.UNIT_EDITED)
    assert (entry.actor, entry.subject_key, entry.unit) == (admin, "DJ01A", town.crew)
    assert (entry.before, entry.after) == ({"name": "桥边一班"}, {"name": "桥边抢修一班"})


def test_edit_that_changes_nothing_leaves_no_trace(town):
    edit_unit(unit=town.crew, now=NOW, name=town.crew.name)
    assert not AuditEntry.objects.filter(act=AuditAct.UNIT_EDITED).exists()


def test_moved_unit_takes_its_subtree_along_and_leaves_the_old_reach(town):
    lead = member(unit=town.county, roles=[Role.SUPERVISOR])
    move_unit(unit=town.station, parent=town.beside, now=NOW)
    crew = Unit.objects.get(pk=town.crew.pk)
    assert Unit.objects.get_parent(crew).code == "DJ01"
    assert crew.path.startswith(Unit.objects.get(pk=town.beside.pk).path)
    assert not scope_of(lead).reaches(crew, Role.SUPERVISOR)


@pytest.mark.parametrize("where", ["station", "crew"])
def test_unit_does_not_move_below_itself(town, where):
    with pytest.raises(Refusal):
        move_unit(unit=town.station, parent=getattr(town, where), now=NOW)


def test_unit_with_units_in_use_below_is_not_closed(town):
    with pytest.raises(Refusal):
        close_unit(unit=town.station, now=NOW)


def test_unit_with_members_is_not_closed(town):
    member(unit=town.crew)
    with pytest.raises(Refusal):
        close_unit(unit=town.crew, now=NOW)


def test_unit_that_another_room_holds_on_to_is_not_closed(town):
    closing_checks.register("test", lambda unit: LeavingCheck("open orders", 3, "/"))
    try:
        with pytest.raises(Refusal, match="open orders"):
            close_unit(unit=town.crew, now=NOW)
    finally:
        closing_checks._items.pop("test")


def test_closed_unit_takes_no_unit_below_and_can_be_reopened(town):
    closed = close_unit(unit=town.crew, now=NOW)
    with pytest.raises(Refusal):
        unit("NEW", parent=closed)
    assert reopen_unit(unit=closed, now=NOW).is_active
    assert [e.act for e in AuditEntry.objects.filter(subject_key="DJ01A").order_by("id")] == [
        AuditAct.UNIT_CREATED,
        AuditAct.UNIT_CLOSED,
        AuditAct.UNIT_REOPENED,
    ]

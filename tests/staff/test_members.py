"""Members: taken on, changed, let go with a hand-over, taken back."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, IntegrityError, transaction

from common.contributions import Leaving, LeavingCheck, leaving_checks
from common.errors import Refusal
from staff.choices import AuditAct, Role
from staff.models import AuditEntry, Duty, Member
from staff.selectors import scope_of
from staff.services.duty import plan_duty
from staff.services.grants import grant_role, revoke_role
from staff.services.members import create_member, deactivate_member, edit_member, reactivate_member, take_on
from tests.staff.factories import NOW, PASSWORD, member

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def held():
    """A room above that holds work: (who holds how much), and what it was told to pass on."""
    work, told = {}, []

    def check(member):
        return LeavingCheck("open orders", work.get(member.pk, 0), "/orders/")

    def hand_over(*, member, to, actor, now):
        told.append((member, to, actor, now))
        work[to.pk] = work.pop(member.pk, 0)
        return work[to.pk]

    leaving_checks.register("test", Leaving(check, hand_over))
    yield work, told
    leaving_checks._items.pop("test")


def test_member_is_stored_in_capitals_with_pinyin(town):
    made = create_member(staff_no=" xl0317 ", name="周婷", home_unit=town.crew, now=NOW)
    assert made.staff_no == "XL0317"
    assert made.pinyin == "zhouting zt"
    assert not made.has_usable_password()


def test_member_password_may_be_given_hashed(town):
    made = create_member(staff_no="XL1", name="周婷", home_unit=town.crew, password=make_password(PASSWORD), now=NOW)
    assert Member.objects.get(pk=made.pk).check_password(PASSWORD)
    assert not made.must_change_password


def test_staff_number_that_is_taken_in_other_case_is_refused(town):
    member("XL0317", unit=town.crew)
    with pytest.raises(Refusal) as refusal:
        create_member(staff_no="xl0317", name="另一位", home_unit=town.crew, now=NOW)
    assert refusal.value.field == "staff_no"


def test_database_refuses_a_staff_number_in_small_letters(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(staff_no="xl9", name="x", home_unit=town.crew)


def test_taking_on_gives_a_one_time_password_that_must_be_changed(town, admin):
    made, password = take_on(staff_no="XL2", name="向阳", home_unit=town.crew, actor=admin, now=NOW)
    made.refresh_from_db()
    assert made.check_password(password)
    assert made.must_change_password
    assert PASSWORD not in str(list(AuditEntry.objects.values("before", "after")))


def test_renamed_member_is_found_by_the_new_sound(town):
    made = member("XL3", "周婷", unit=town.crew)
    edit_member(member=made, name="邹静", now=NOW)
    made.refresh_from_db()
    assert made.pinyin == "zoujing zj"


def test_leaving_member_who_holds_nothing_needs_no_successor(town, admin, held):
    gone = member(unit=town.crew, password=PASSWORD)
    deactivate_member(member=gone, actor=admin, now=NOW)
    gone.refresh_from_db()
    assert not gone.is_active
    assert not gone.has_usable_password()
    assert held[1] == []


def test_leaving_member_who_holds_work_is_refused_without_successor(town, held):
    gone = member(unit=town.crew)
    held[0][gone.pk] = 4
    with pytest.raises(Refusal) as refusal:
        deactivate_member(member=gone, now=NOW)
    assert refusal.value.field == "successor"
    assert Member.objects.get(pk=gone.pk).is_active


def test_leaving_member_hands_over_in_one_step(town, admin, held):
    gone, heir = member(unit=town.crew), member(unit=town.crew)
    held[0][gone.pk] = 4
    leaving = deactivate_member(member=gone, successor=heir, actor=admin, now=NOW)
    assert leaving.handed_over == 4
    assert held == ({heir.pk: 4}, [(gone, heir, admin, NOW)])
    entry = AuditEntry.objects.get(act=AuditAct.MEMBER_LEFT)
    assert entry.after == {"successor": heir.staff_no, "handed_over": 4}


def test_nobody_succeeds_themselves(town, held):
    gone = member(unit=town.crew)
    held[0][gone.pk] = 1
    with pytest.raises(Refusal):
        deactivate_member(member=gone, successor=gone, now=NOW)


def test_failing_hand_over_leaves_everything_as_it_was(town, held):
    gone, heir = member(unit=town.crew, roles=[Role.HANDLER]), member(unit=town.crew)
    plan_duty(member=gone, unit=town.crew, role=Role.HANDLER, spells=[(NOW, NOW + HOUR)], now=NOW)
    held[0][gone.pk] = 1

    def breaks(**_what):
        raise RuntimeError("orders room is down")

    leaving_checks.register("breaks", Leaving(lambda member: LeavingCheck("x", 1, "/"), breaks))
    try:
        with pytest.raises(RuntimeError):
            deactivate_member(member=gone, successor=heir, now=NOW)
    finally:
        leaving_checks._items.pop("breaks")
    assert Member.objects.get(pk=gone.pk).is_active
    assert Duty.objects.filter(member=gone, ends_at=NOW + HOUR).exists()


def test_leaving_strikes_duty_and_names_the_gaps(town):
    gone, other = (member(unit=town.crew, roles=[Role.HANDLER]) for _who in range(2))
    spells = [(NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in (-1, 1, 3)]
    plan_duty(member=gone, unit=town.crew, role=Role.HANDLER, spells=spells, now=NOW - 2 * HOUR)
    plan_duty(member=other, unit=town.crew, role=Role.HANDLER, spells=[spells[1]], now=NOW)
    leaving = deactivate_member(member=gone, now=NOW - HOUR / 2)
    assert [duty.starts_at for duty in leaving.gaps] == [NOW - HOUR, NOW + 3 * HOUR]
    assert list(Duty.objects.filter(member=gone).values_list("ends_at", flat=True)) == [NOW - HOUR / 2]


def test_last_administrator_cannot_leave_nor_lose_the_role(town, admin):
    with pytest.raises(Refusal):
        deactivate_member(member=admin, now=NOW)
    with pytest.raises(Refusal):
        revoke_role(grant=admin.grants.get(), now=NOW)


def test_administrator_may_leave_when_another_is_left(town, admin):
    second = member(unit=town.top, roles=[Role.ADMINISTRATOR])
    deactivate_member(member=admin, actor=second, now=NOW)
    assert not Member.objects.get(pk=admin.pk).is_active


def test_returning_member_has_the_old_roles_and_a_new_password(town, admin):
    back = member(unit=town.crew, roles=[Role.HANDLER])
    deactivate_member(member=back, actor=admin, now=NOW)
    password = reactivate_member(member=back, actor=admin, now=NOW)
    back = Member.objects.get(pk=back.pk)
    assert back.check_password(password)
    assert scope_of(back).has(Role.HANDLER)


def test_role_given_twice_is_one_grant_and_one_entry(town, admin):
    clerk = member(unit=town.crew)
    first = grant_role(member=clerk, role=Role.CLERK, unit=town.crew, actor=admin, now=NOW)
    assert grant_role(member=clerk, role=Role.CLERK, unit=town.crew, actor=admin, now=NOW) == first
    assert AuditEntry.objects.filter(act=AuditAct.ROLE_GRANTED, subject_key=clerk.staff_no).count() == 1


def test_taking_a_role_back_strikes_only_the_duty_it_carried(town):
    agent = member(unit=town.county, roles=[Role.AGENT])
    grant_role(member=agent, role=Role.AGENT, unit=town.crew, now=NOW)
    for place in (town.county, town.crew):
        plan_duty(member=agent, unit=place, role=Role.AGENT, spells=[(NOW + HOUR, NOW + 2 * HOUR)], now=NOW)
    struck = revoke_role(grant=agent.grants.get(unit=town.county), now=NOW)
    assert [duty.unit for duty in struck] == [town.county]
    assert Duty.objects.get(member=agent).unit == town.crew


@pytest.mark.parametrize("change", ["update", "delete"])
def test_audit_entry_cannot_be_rewritten(town, change):
    entries = AuditEntry.objects.all()
    assert entries.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries.update(subject_name="") if change == "update" else entries._raw_delete("default")

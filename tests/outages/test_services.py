"""An outage from the first word to the review: who may, in which order, and what is frozen."""

from datetime import datetime, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from common.access import Denied
from common.errors import Refusal
from outages.choices import Kind, State
from outages.models import Affected, LeadRule, Outage, OutageEvent, OutageStep
from outages.services.announcing import cancel, postpone, publish
from outages.services.restoring import begin, estimate, restore, restore_part, review
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope, Writing, approve, check, draft, edit, send_back
from tests.outages.town import DAY, HOUR, MIN, announced, dark, done, grid, written
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


def points_of(outage, number=None):
    rows = Affected.objects.filter(version__outage=outage, version__number=number or outage.version)
    return set(rows.values_list("supply_point_id", flat=True))


class TestWritten:
    def test_it_is_a_draft_with_a_code_and_one_row_of_history(self, town):
        outage = written(town, Kind.PLANNED)
        assert (outage.state, outage.code) == (State.DRAFT, "TD-261120-0001")
        assert [e.verb for e in outage.events.all()] == ["draft"]
        assert outage.version == 0

    def test_the_same_request_writes_once(self, town):
        key = uuid4()
        writing = Writing(
            {"kind": Kind.FAULT, "unit": town.station, "place": "东苑"}, Scope(areas=frozenset({town.areas[1].pk}))
        )
        codes = {draft(writing=writing, actor=town.writer, now=NOON, request_id=key).code for _ in range(2)}
        assert len(codes) == 1

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"ends_at": NOON + 7 * DAY}, "ends_at"),
            ({"ends_at": None}, "starts_at"),
            ({"starts_at": None}, "starts_at"),
        ],
    )
    def test_impossible_windows_are_refused_at_their_field(self, town, facts, field):
        with pytest.raises(Refusal) as refused:
            written(town, Kind.PLANNED, **facts)
        assert refused.value.field == field
        assert not Outage.objects.exists()

    def test_nothing_picked_is_refused(self, town):
        with pytest.raises(Refusal) as refused:
            written(town, scope=Scope())
        assert refused.value.field == "scope"

    def test_a_matter_of_one_customer_takes_in_no_street(self, town):
        with pytest.raises(Refusal):
            written(town, Kind.ARREARS)
        assert written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[0].pk}))).pk

    def test_clerks_write_none(self, town):
        town.writer = town.clerk
        with pytest.raises(Denied):
            written(town)

    def test_unit_leads_write_for_their_own_station_alone(self, town):
        town.writer = town.lead
        assert written(town).pk
        with pytest.raises(Denied):
            written(town, unit=town.other_station)


class TestEyes:
    """Nobody checks or approves their own text."""

    def test_writer_checker_and_approver_are_three(self, town):
        outage = written(town, Kind.PLANNED)
        with pytest.raises(Denied):
            done(check, outage, town.writer)
        done(check, outage, town.supervisor)
        with pytest.raises(Denied):
            done(approve, outage, town.supervisor)
        assert done(approve, outage, town.manager).state == State.APPROVED

    def test_sent_back_begins_anew(self, town):
        outage = written(town, Kind.PLANNED)
        done(check, outage, town.dispatcher)
        back = done(send_back, outage, town.supervisor, reason="时间写错了")
        assert (back.state, back.checked_by) == (State.DRAFT, None)
        with pytest.raises(Refusal):
            done(approve, outage, town.supervisor)

    def test_changed_after_the_check_is_a_draft_again(self, town):
        outage = written(town, Kind.PLANNED)
        done(check, outage, town.dispatcher)
        facts = {"place": "云集街道"}
        changed = done(edit, outage, town.dispatcher, writing=Writing(facts, Scope(feeders=frozenset({town.east.pk}))))
        assert (changed.state, changed.written_by) == (State.DRAFT, town.dispatcher)

    def test_second_editor_is_told_who_was_first(self, town):
        outage = written(town, Kind.PLANNED)
        seen = outage.revision
        done(check, outage, town.dispatcher, revision=seen)
        with pytest.raises(Refusal) as refused:
            done(send_back, outage, town.supervisor, reason="x", revision=seen)
        assert "覃国栋" in str(refused.value.message)

    def test_the_same_press_twice_acts_once(self, town):
        outage, key = written(town, Kind.PLANNED), uuid4()
        for _ in range(2):
            check(code=outage.code, actor=town.dispatcher, now=NOON, request_id=key)
        assert outage.events.filter(verb="check").count() == 1


class TestAhead:
    """Lead times are rows with a source."""

    def due(self, town, kind, ahead):
        outage = written(town, kind, starts_at=NOON + ahead, ends_at=NOON + ahead + HOUR)
        done(check, outage, town.dispatcher)
        return outage

    @pytest.mark.parametrize(("kind", "ahead"), [(Kind.PLANNED, 7 * DAY), (Kind.TEMPORARY, DAY)])
    def test_in_time_at_the_very_moment(self, town, kind, ahead):
        outage = self.due(town, kind, ahead)
        done(approve, outage, town.supervisor)
        assert done(publish, outage, town.dispatcher).state == State.PUBLISHED
        assert outage.events.get(verb="publish").data == {"late_min": 0}

    @pytest.mark.parametrize(("kind", "ahead"), [(Kind.PLANNED, 7 * DAY), (Kind.TEMPORARY, DAY)])
    def test_a_second_later_is_too_late(self, town, kind, ahead):
        outage = self.due(town, kind, ahead)
        done(approve, outage, town.supervisor)
        with pytest.raises(Refusal) as refused:
            done(publish, outage, town.dispatcher, now=NOON + timedelta(seconds=1))
        assert "第二十八条" in str(refused.value.message)

    def test_late_needs_a_reason_and_another_person_and_is_counted(self, town):
        outage = self.due(town, Kind.PLANNED, 2 * DAY)
        with pytest.raises(Refusal) as refused:
            done(approve, outage, town.supervisor)
        assert refused.value.field == "late_reason"
        allowed = done(approve, outage, town.supervisor, late_reason="险情")
        assert (allowed.late_reason, allowed.late_allowed_by) == ("险情", town.supervisor)
        done(publish, outage, town.dispatcher)
        assert outage.events.get(verb="publish").data["late_min"] == 5 * 24 * 60

    def test_rules_of_the_day_it_begins_hold(self, town):
        LeadRule.objects.create(
            kind=Kind.PLANNED,
            hours=240,
            source="新规定",
            source_ref="X",
            confidence="R",
            valid_from=(NOON + 8 * DAY).date(),
        )
        outage = self.due(town, Kind.PLANNED, 8 * DAY)
        with pytest.raises(Refusal):
            done(approve, outage, town.supervisor)

    def test_what_should_have_begun_is_not_announced(self, town):
        outage = self.due(town, Kind.TEMPORARY, DAY)
        done(approve, outage, town.supervisor)
        with pytest.raises(Refusal):
            done(publish, outage, town.dispatcher, now=NOON + DAY)


class TestFrozen:
    def test_everything_below_a_feeder_each_once(self, town):
        outage = announced(town)
        assert points_of(outage) == {p.pk for p in town.points[:5]}
        assert outage.customers == 4  # points 0 and 3 are one customer's
        version = outage.versions.get()
        assert (version.customers, version.supply_points, version.transformers) == (4, 5, 2)

    def test_a_district_brings_its_parts_and_overlaps_count_once(self, town):
        scope = Scope(areas=frozenset({town.areas[0].pk}), feeders=frozenset({town.west.pk}),
                      supply_points=frozenset({town.points[0].pk}))  # fmt: skip
        assert len(points_of(announced(town, scope=scope))) == 6

    def test_list_stays_when_the_network_changes(self, town):
        outage = announced(town)
        town.points[0].transformer = town.boxes[2]
        town.points[0].save()
        town.points[1].delete()
        assert len(points_of(outage)) == 5

    def test_changed_after_it_was_told_is_a_new_version_with_a_reason(self, town):
        outage = announced(town)
        writing = Writing({"place": "西边"}, Scope(feeders=frozenset({town.west.pk})))
        with pytest.raises(Refusal) as refused:
            done(edit, outage, town.writer, writing=writing)
        assert refused.value.field == "change_reason"
        changed = done(edit, outage, town.writer, writing=writing, reason="改线路")
        assert (changed.version, changed.state, changed.customers) == (2, State.PUBLISHED, 1)
        assert points_of(changed, 1) == {p.pk for p in town.points[:5]}
        assert points_of(changed, 2) == {town.points[5].pk}
        assert changed.events.get(verb="edit").data["changed"]["place"] == ["东苑街道一带", "西边"]

    def test_nobody_below_is_refused(self, town):
        town.points[5].delete()
        with pytest.raises(Refusal):
            announced(town, scope=Scope(feeders=frozenset({town.west.pk})))

    def test_statements_do_not_grow_with_the_list(self, town, django_assert_max_num_queries):
        outage = written(town)
        with django_assert_max_num_queries(42):
            done(begin, outage, town.dispatcher, expected_at=NOON + HOUR)


class TestDark:
    def test_a_fault_needs_no_announcement(self, town):
        outage = dark(town)
        assert (outage.state, outage.began_at, outage.expected_at) == (State.UNDER_WAY, NOON, NOON + 2 * HOUR)
        step = OutageStep.objects.get(outage=outage)
        assert (step.customers, step.transformers) == (4, sorted(b.pk for b in town.boxes[:2]))

    def test_planned_work_does_not_begin_unannounced(self, town):
        with pytest.raises(Refusal):
            done(begin, written(town, Kind.PLANNED), town.dispatcher)

    def test_planned_work_is_told_to_end_when_it_was_announced_to(self, town):
        outage = announced(town)
        begun = done(begin, outage, town.dispatcher, now=NOON + 8 * DAY)
        assert (begun.expected_at, begun.version) == (outage.ends_at, 1)

    @pytest.mark.parametrize("told", [{}, {"expected_at": NOON + HOUR, "next_news_at": NOON + HOUR}])
    def test_people_are_told_a_time_or_when_there_will_be_news(self, town, told):
        with pytest.raises(Refusal):
            done(begin, written(town), town.dispatcher, **told)

    def test_not_known_yet_is_an_honest_answer(self, town):
        outage = done(begin, written(town), town.dispatcher, next_news_at=NOON + 45 * MIN)
        assert (outage.back_at, outage.next_news_at) == (None, NOON + 45 * MIN)

    def test_another_time_needs_a_reason_and_keeps_the_old_one(self, town):
        outage = dark(town)
        with pytest.raises(Refusal):
            done(estimate, outage, town.dispatcher, reason=" ", expected_at=NOON + 3 * HOUR)
        done(estimate, outage, town.dispatcher, reason="要换一段电缆", expected_at=NOON + 3 * HOUR)
        event = outage.events.get(verb="estimate")
        assert datetime.fromisoformat(event.data["was"]) == outage.expected_at

    def test_a_time_that_is_past_is_no_promise(self, town):
        with pytest.raises(Refusal):
            done(estimate, dark(town), town.dispatcher, reason="x", expected_at=NOON)

    def test_back_in_stages(self, town):
        outage = dark(town)
        done(restore_part, outage, town.lead, now=NOON + HOUR, transformers=[town.boxes[0].pk])
        first, second = outage.steps.all()
        assert (first.customers, first.restored_at) == (3, NOON + HOUR)
        assert (second.transformers, second.restored_at) == ([town.boxes[1].pk], None)
        done(restore, outage, town.lead, now=NOON + 2 * HOUR)
        assert [s.restored_at for s in outage.steps.all()] == [NOON + HOUR, NOON + 2 * HOUR]

    def test_stages_are_stages_of_what_is_off(self, town):
        outage = dark(town)
        for boxes in ([town.boxes[2].pk], [b.pk for b in town.boxes[:2]]):
            with pytest.raises(Refusal):
                done(restore_part, outage, town.lead, now=NOON + HOUR, transformers=boxes)

    def test_late_entries_are_taken_and_impossible_ones_refused(self, town):
        outage = done(begin, written(town), town.dispatcher, at=NOON - 10 * MIN, expected_at=NOON + HOUR)
        assert outage.began_at == NOON - 10 * MIN
        with pytest.raises(Refusal):
            done(restore, outage, town.lead, at=NOON - 11 * MIN)
        with pytest.raises(Refusal):
            done(restore, outage, town.lead, at=NOON + 1 * MIN)
        assert done(restore, outage, town.lead, now=NOON + HOUR, at=NOON + MIN).restored_at == NOON + MIN

    def test_reviewed_when_the_cause_is_known(self, town):
        outage = dark(town)
        done(restore, outage, town.lead, now=NOON + HOUR)
        with pytest.raises(Refusal):
            done(review, outage, town.supervisor, text="没有")
        east = Scope(feeders=frozenset({town.east.pk}))
        with pytest.raises(Refusal):
            done(edit, outage, town.writer, writing=Writing({"place": "别处"}, east), reason="写错了")
        recorded = done(edit, outage, town.writer, writing=Writing({"cause": "cable", "equipment": "3 号环网柜"}, east))
        assert (recorded.state, recorded.version, recorded.notices.filter(kind="changed").count()) == (
            State.RESTORED, 1, 0,
        )  # fmt: skip
        assert done(review, outage, town.supervisor, text="电缆老化，列入改造").state == State.REVIEWED


class TestOff:
    def test_postponed_and_announced_again_in_time(self, town):
        outage = announced(town)
        later = {"starts_at": NOON + 15 * DAY, "ends_at": NOON + 15 * DAY + HOUR}
        put_off = done(postpone, outage, town.dispatcher, reason="下雨", **later)
        assert (put_off.state, put_off.version) == (State.POSTPONED, 2)
        assert done(publish, outage, town.dispatcher, now=NOON + 8 * DAY).version == 3

    def test_postponed_to_nobody_knows_when(self, town):
        outage = done(postpone, announced(town), town.dispatcher, reason="下雨")
        assert (outage.starts_at, outage.ends_at) == (None, None)

    def test_cancelled_with_a_reason_and_for_good(self, town):
        outage = announced(town)
        with pytest.raises(Refusal):
            done(cancel, outage, town.dispatcher, reason="")
        done(cancel, outage, town.dispatcher, reason="不停了")
        with pytest.raises(Refusal):
            done(begin, outage, town.dispatcher, expected_at=NOON + HOUR)


class TestDatabase:
    """The invariants hold whoever writes."""

    @pytest.mark.parametrize(
        "values",
        [
            {"starts_at": NOON, "ends_at": NOON},
            {"began_at": NOON, "restored_at": NOON - MIN},
            {"state": State.UNDER_WAY, "began_at": None},
            {"state": State.RESTORED, "began_at": NOON, "restored_at": None},
        ],
    )
    def test_impossible_rows(self, town, values):
        outage = written(town)
        with pytest.raises(IntegrityError), transaction.atomic():
            Outage.objects.filter(pk=outage.pk).update(**values)

    def test_history_is_append_only(self, town):
        outage = written(town)
        with pytest.raises(DatabaseError), transaction.atomic():
            OutageEvent.objects.filter(outage=outage).update(text="x")

    def test_shipped_lead_times_are_loaded_once(self, town):
        assert LeadRule.objects.count() == 2
        assert load_shipped_leads() == 0


def rewritten(town, outage, scope, reason="又多了一片"):
    return done(edit, outage, town.writer, writing=Writing({}, scope), reason=reason)


class TestTheListChanges:
    """Other picks after people know of it: another version, and what is off follows it."""

    def test_a_list_nobody_is_in_is_refused(self, town):
        with pytest.raises(Refusal) as refused:
            rewritten(town, dark(town), Scope())
        assert refused.value.field == "scope"

    def test_the_step_that_is_open_takes_in_what_was_added(self, town):
        outage = rewritten(town, dark(town), Scope(feeders=frozenset({town.east.pk, town.west.pk})))
        step = outage.steps.get()
        assert (step.transformers, step.customers) == (sorted(box.pk for box in town.boxes), 5)
        assert step.began_at == NOON

    def test_a_part_that_is_back_stays_back(self, town):
        outage = dark(town)
        done(restore_part, outage, town.dispatcher, now=NOON + HOUR, transformers=[town.boxes[0].pk])
        outage = rewritten(town, outage, Scope(feeders=frozenset({town.east.pk, town.west.pk})))
        back, off = outage.steps.order_by("number")
        assert (back.transformers, back.restored_at) == ([town.boxes[0].pk], NOON + HOUR)
        assert (off.transformers, off.customers, off.restored_at) == ([town.boxes[1].pk, town.boxes[2].pk], 3, None)

    def test_a_list_that_is_all_back_already_is_refused(self, town):
        outage = dark(town)
        done(restore_part, outage, town.dispatcher, now=NOON + HOUR, transformers=[town.boxes[0].pk])
        with pytest.raises(Refusal, match="都来电了|has power again"):
            rewritten(town, outage, Scope(transformers=frozenset({town.boxes[0].pk})))
        assert outage.versions.count() == 1


def test_lists_frozen_before_versions_kept_their_transformers_are_filled_in(town):
    outage = dark(town)
    kept = outage.versions.get().boxes
    outage.versions.update(boxes=[])
    with connection.cursor() as cursor:
        cursor.execute(import_module("outages.migrations.0018_fill_boxes").FILL)
    assert sorted(outage.versions.get().boxes) == sorted(kept) != []

"""Orderly use from the first word to the closed record: who may, in which order, and what the database keeps."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import translation

from common.access import Denied
from common.errors import Refusal
from customers.models import Customer
from notifications.models import Message
from outages.models import (
    Achieved,
    Batch,
    BatchUser,
    Exemption,
    OrderlyEvent,
    OrderlyPlan,
    OrderlyRun,
    RunUser,
    ShortageLevel,
)
from outages.orderly_choices import Level, Measure, PlanState, RunState
from outages.services.orderly.approving import approve, retire, revise, send_back, submit
from outages.services.orderly.handing import hand_over
from outages.services.orderly.planning import (
    BatchWriting,
    draft,
    edit,
    exempt,
    lift_exemption,
    remove_batch,
    write_batch,
)
from outages.services.orderly.recording import record
from outages.services.orderly.running import activate, call_off, close, end
from outages.services.shipping import load_shipped_levels
from tests.outages.orderly import START, acted, batched, demand, done, firm, in_force, planned, running, works
from tests.outages.town import HOUR, MIN
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def made(db):
    load_shipped_levels()
    with translation.override("en"):
        yield works()


def refused(call, *args, **own):
    """The field and the words of a refusal."""
    with pytest.raises(Refusal) as caught:
        call(*args, **own)
    return caught.value.field, str(caught.value.message)


class TestWritten:
    def test_shipped_levels_have_their_source_and_load_once(self, made):
        assert load_shipped_levels() == 0
        assert set(ShortageLevel.objects.values_list("level", "source_ref")) == {(level, "B5.1") for level in Level}

    def test_level_follows_from_peak_and_shortage(self, made):
        assert (made.plan.code, made.plan.number, made.plan.level) == ("YA-261120-0001", 1, Level.II)
        facts = {"name": made.plan.name, "unit": made.company, "peak_mw": D("40.0"), "shortage_mw": D("8.1")}
        done(edit, made, made.dispatcher, facts=facts)
        assert made.plan.level == Level.I

    def test_a_shortage_above_the_peak_is_refused_at_its_field(self, made):
        assert refused(planned, made, shortage_mw=D("40.1"))[0] == "shortage_mw"

    def test_the_same_request_writes_once(self, made):
        key, facts = uuid4(), {"name": "a", "unit": made.company, "peak_mw": D(9), "shortage_mw": D(1)}
        codes = {draft(facts=facts, actor=made.dispatcher, now=NOON, request_id=key).code for _ in range(2)}
        assert len(codes) == 1

    def test_clerks_and_unit_leads_write_no_plans(self, made):
        facts = {"name": "a", "unit": made.company, "peak_mw": D(9), "shortage_mw": D(1)}
        for member in (made.clerk, made.lead):
            with pytest.raises(Denied):
                draft(facts=facts, actor=member, now=NOON, request_id=uuid4())

    def test_the_second_of_two_writers_is_told(self, made):
        stale = made.plan.revision - 1
        field, words = refused(done, remove_batch, made, made.writer, batch=1, revision=stale)
        assert (field, "覃国栋" in words) == (None, True)

    def test_a_batch_written_again_has_its_new_users_only(self, made):
        batched(made, "纺织错峰", Measure.SHIFT, {1: "9.9"}, batch=1)
        rows = Batch.objects.get(plan=made.plan, number=1).users.values_list("customer__account_no", "mw")
        assert list(rows) == [("4300000101", D("9.9"))]

    def test_a_batch_taken_out_leaves_the_numbers_of_the_others(self, made):
        done(remove_batch, made, made.dispatcher, batch=2)
        assert list(made.plan.batches.values_list("number", flat=True)) == [1, 3]
        assert made.plan.users.count() == 3

    def test_nobody_stands_in_two_batches(self, made):
        field, words = refused(batched, made, "又一批", Measure.LIMIT, {2: "1.0"})
        assert (field, "水泥避峰" in words) == ("users", True)


class TestExempt:
    """Livelihood, drought relief and important users are never asked (req 56)."""

    @pytest.mark.parametrize(
        ("facts", "ground"),
        [
            ({"importance": "second"}, "Important user"),
            ({"klass": "residential"}, "Livelihood"),
            ({"klass": "agricultural"}, "Farming"),
            ({"flags": ["life_support"]}, "Life support"),
            ({"flags": ["elderly_alone", "medical"]}, "Life support"),
        ],
    )
    def test_who_is_exempt_by_file_is_refused_at_the_field_and_by_the_database(self, made, facts, ground):
        made.firms.append(firm(5))
        Customer.objects.filter(account_no="4300000105").update(**facts)
        field, words = refused(batched, made, "一批", Measure.LIMIT, {4: "1.0"})
        assert (field, ground in words, "宜昌第5机械厂" in words) == ("users", True, True)
        with pytest.raises(DatabaseError), transaction.atomic():
            BatchUser.objects.create(
                plan=made.plan, batch=made.plan.batches.first(), customer=made.firms[4], mw=D(1)
            )  # fmt: skip

    def test_other_flags_do_not_exempt(self, made):
        made.firms.append(firm(5, flags=["repeat_complainant"]))
        batched(made, "一批", Measure.LIMIT, {4: "1.0"})

    def test_put_down_by_hand_with_a_reason_and_refused_then(self, made):
        made.firms.append(firm(5))
        done(exempt, made, made.dispatcher, customer=made.firms[4], ground="livelihood", reason="供热企业")
        assert "Livelihood" in refused(batched, made, "一批", Measure.LIMIT, {4: "1.0"})[1]
        with pytest.raises(DatabaseError), transaction.atomic():
            BatchUser.objects.create(plan=made.plan, batch=made.plan.batches.first(), customer=made.firms[4], mw=D(1))
        done(lift_exemption, made, made.dispatcher, customer=made.firms[4])
        batched(made, "一批", Measure.LIMIT, {4: "1.0"})

    def test_who_stands_in_a_batch_is_taken_out_first(self, made):
        own = {"customer": made.firms[0], "ground": "livelihood", "reason": "供热"}
        assert refused(done, exempt, made, made.dispatcher, **own)[0] == "account"
        with pytest.raises(DatabaseError), transaction.atomic():
            Exemption.objects.create(plan=made.plan, **own)

    def test_who_is_exempt_already_needs_no_row(self, made):
        own = {"ground": "livelihood", "reason": "供热"}
        home = made.points[0].customer
        assert refused(done, exempt, made, made.dispatcher, customer=home, **own)[0] == "account"


class TestApproved:
    def test_a_plan_that_goes_past_a_measure_says_why(self, made):
        field, words = refused(done, submit, made, made.dispatcher)
        assert (field, "Limit" in words) == ("skip_reason", True)
        done(submit, made, made.dispatcher, skip_reason="没有可限的")
        assert (made.plan.state, made.plan.skip_reason) == (PlanState.SUBMITTED, "没有可限的")

    def test_a_plan_that_does_not_cover_its_shortage_is_not_handed_in(self, made):
        done(remove_batch, made, made.dispatcher, batch=3)
        done(remove_batch, made, made.dispatcher, batch=2)
        assert "3.5 MW of the 5.0 MW" in refused(done, submit, made, made.dispatcher)[1]

    def test_nobody_approves_what_they_wrote_any_of(self, made):
        batched_by = BatchWriting("铸造", Measure.LIMIT, {firm(6).pk: D(1)})
        done(write_batch, made, made.supervisor, writing=batched_by)
        done(submit, made, made.dispatcher)
        with pytest.raises(Denied):
            done(approve, made, made.supervisor)
        with pytest.raises(DatabaseError), transaction.atomic():
            OrderlyPlan.objects.filter(pk=made.plan.pk).update(
                state=PlanState.APPROVED, approved_by=made.supervisor, approved_at=NOON
            )
        done(approve, made, made.manager)
        assert (made.plan.state, made.plan.approved_by) == (PlanState.APPROVED, made.manager)

    def test_dispatchers_do_not_approve(self, made):
        done(submit, made, made.dispatcher, skip_reason="x")
        with pytest.raises(Denied):
            done(approve, made, made.writer)

    def test_who_has_become_exempt_since_is_named(self, made):
        Customer.objects.filter(pk=made.firms[3].pk).update(importance="first")
        assert "宜昌第3机械厂" in refused(done, submit, made, made.dispatcher, skip_reason="x")[1]

    def test_approved_it_stays_as_it_is(self, made):
        plan = in_force(made)
        assert "does not follow" in refused(done, remove_batch, made, made.dispatcher, batch=1)[1]
        for change in (
            lambda: plan.batches.update(name="别的"),
            lambda: plan.users.update(mw=D(9)),
            lambda: plan.batches.all().delete(),
            lambda: Exemption.objects.create(plan=plan, customer=made.firms[0], ground="livelihood", reason="x"),
            lambda: OrderlyPlan.objects.filter(pk=plan.pk).update(shortage_mw=D(1)),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_the_next_version_begins_as_a_copy_and_replaces_it(self, made):
        first = in_force(made)
        Customer.objects.filter(pk=made.firms[1].pk).update(importance="first")
        done(revise, made, made.dispatcher)
        second = OrderlyPlan.objects.get(code=first.code, number=2)
        assert (second.users.count(), second.batches.count(), second.state) == (3, 3, PlanState.DRAFT)
        assert "Version 2" in refused(done, revise, made, made.dispatcher)[1]
        made.plan = second
        in_force(made)
        first.refresh_from_db()
        assert (first.state, made.plan.state) == (PlanState.SUPERSEDED, PlanState.APPROVED)
        assert OrderlyEvent.objects.filter(plan=first, verb="supersede").exists()

    def test_sent_back_with_words_it_is_a_draft(self, made):
        done(submit, made, made.dispatcher, skip_reason="x")
        assert refused(done, send_back, made, made.supervisor, reason=" ")[0] == "reason"
        done(send_back, made, made.supervisor, reason="兆瓦数不对")
        assert made.plan.state == PlanState.DRAFT

    def test_a_plan_in_use_is_not_withdrawn(self, made):
        run = running(made)
        assert run.code in refused(done, retire, made, made.supervisor, reason="换了")[1]
        done(retire, made, made.supervisor, reason="换了", now=run.ends_at + MIN)
        assert made.plan.state == PlanState.RETIRED

    def test_the_story_is_append_only(self, made):
        event = OrderlyEvent.objects.first()
        for change in (event.delete, lambda: OrderlyEvent.objects.filter(pk=event.pk).update(text="x")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestActivated:
    def test_batches_answer_in_their_order_and_each_user_is_told_what_is_asked(self, made):
        run = running(made)
        assert (run.level, run.code) == (Level.II, "YX-261120-0001")
        assert set(run.users.values_list("batch__number", flat=True)) == {1, 2}
        told = Message.objects.filter(about=run.code)
        assert {(m.address, m.kind, m.data["mw"]) for m in told} == {
            ("13800000000", "orderly_shift", "2.0"),
            ("13800000001", "orderly_shift", "1.5"),
            ("13800000002", "orderly_avoid", "3.0"),
        }

    def test_at_night_only_what_begins_before_morning_is_told_at_once(self, made):
        in_force(made)
        night, six = NOON.replace(hour=23), START - 4 * HOUR
        first = demand(starts_at=six, ends_at=six + HOUR)
        for asked in (first, demand(starts_at=START, ends_at=START + HOUR)):
            done(activate, made, made.dispatcher, now=night, demand=asked)
        at_once = Message.objects.filter(address="13800000000").order_by("id").values_list("urgent", flat=True)
        assert list(at_once) == [True, False]

    def test_pressed_twice_it_is_activated_once(self, made):
        in_force(made)
        key = uuid4()
        codes = {
            done(activate, made, made.dispatcher, demand=demand(), request_id=key).run.code for _ in range(2)
        }  # fmt: skip
        assert (len(codes), OrderlyRun.objects.count(), Message.objects.filter(kind="orderly_shift").count()) == (
            1,
            1,
            2,
        )

    @pytest.mark.parametrize(
        ("batches", "words"), [({1, 3}, "“Avoid peak” still has 3.0 MW"), ({2}, "“Shift peak” still has 3.5 MW")]
    )
    def test_a_measure_used_too_soon_is_refused_and_says_what_is_left(self, made, batches, words):
        in_force(made)
        field, said = refused(done, activate, made, made.dispatcher, demand=demand(batches=frozenset(batches)))
        assert (field, words in said) == ("batches", True)

    def test_a_later_measure_though_the_earlier_ones_cover_is_refused(self, made):
        in_force(made)
        asked = demand(batches=frozenset({1, 2, 3}))
        assert "all is covered" in refused(done, activate, made, made.dispatcher, demand=asked)[1]

    def test_who_has_become_exempt_is_left_out_and_the_next_batch_comes_in(self, made):
        in_force(made)
        Customer.objects.filter(pk=made.firms[2].pk).update(importance="second")
        run = done(activate, made, made.dispatcher, demand=demand()).run
        assert {u.batch.number for u in run.users.all()} == {1, 3}
        again = {"starts_at": START + 5 * HOUR, "ends_at": START + 6 * HOUR, "batches": frozenset({1, 2, 3})}
        run = done(activate, made, made.dispatcher, demand=demand(**again)).run
        left_out = run.users.get(customer=made.firms[2])
        assert (left_out.left_out, left_out.is_told) == ("important", False)
        assert not Message.objects.filter(address="13800000002").exists()

    @pytest.mark.parametrize(
        ("other", "field"),
        [
            ({"starts_at": NOON}, "starts_at"),
            ({"ends_at": START}, "ends_at"),
            ({"shortage_mw": D("41")}, "shortage_mw"),
            ({"receipts_due_at": START + MIN}, "receipts_due_at"),
            ({"receipts_due_at": NOON - MIN}, "receipts_due_at"),
        ],
    )
    def test_an_impossible_day_is_refused_at_its_field(self, made, other, field):
        in_force(made)
        assert refused(done, activate, made, made.dispatcher, demand=demand(**other))[0] == field

    def test_nobody_is_asked_twice_at_one_time(self, made):
        run = running(made)
        later = demand(starts_at=START + HOUR, ends_at=START + 3 * HOUR)
        field, words = refused(done, activate, made, made.dispatcher, demand=later)
        assert (field, run.code in words) == ("starts_at", True)
        after = demand(starts_at=START + 2 * HOUR, ends_at=START + 3 * HOUR)
        done(activate, made, made.dispatcher, demand=after)

    def test_a_draft_is_not_activated(self, made):
        assert "does not follow" in refused(done, activate, made, made.dispatcher, demand=demand())[1]

    def test_called_off_before_it_begins_exactly_those_told_hear_it(self, made):
        run = running(made)
        acted(call_off, run, made.dispatcher, reason="负荷降下来了")
        assert Message.objects.filter(kind="orderly_off").count() == 3
        run.refresh_from_db()
        assert run.state == RunState.CANCELLED
        assert "begun" in refused(acted, call_off, running_again(made), made.dispatcher, reason="x", now=START)[1]

    def test_ended_early_is_told_and_ended_in_time_is_not(self, made):
        run = running(made)
        assert "not begun" in refused(acted, end, run, made.dispatcher)[1]
        acted(end, run, made.dispatcher, now=START + HOUR)
        run.refresh_from_db()
        assert (run.state, run.ended_at) == (RunState.ENDED, START + HOUR)
        assert Message.objects.filter(kind="orderly_over").count() == 3

    def test_closed_when_it_is_over_by_who_leads(self, made):
        run, over = running(made), START + 3 * HOUR
        assert "not over" in refused(acted, close, run, made.supervisor, learnt="x", now=START + HOUR)[1]
        with pytest.raises(Denied):
            acted(close, run, made.dispatcher, learnt="x", now=over)
        assert refused(acted, close, run, made.supervisor, learnt="", now=over)[0] == "learnt"
        acted(close, run, made.supervisor, learnt="通知要早一天", now=over)
        run.refresh_from_db()
        assert (run.state, run.ended_at) == (RunState.REVIEWED, run.ends_at)


def running_again(made):
    """A second run of the same plan."""
    return done(activate, made, made.dispatcher, demand=demand()).run


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


class TestHandedOver:
    def give(self, made, run, account="4300000100", **own):
        call = {"taken_by": "王师傅", "actor": made.dispatcher, "now": NOON + HOUR, "request_id": uuid4()} | own
        return hand_over(code=run.code, account=account, **call)

    def test_who_took_it_when_and_a_clean_picture(self, made):
        run = running(made)
        self.give(made, run, proof=SimpleUploadedFile("签字.png", PNG, "image/png"), note="门卫")
        user = RunUser.objects.get(customer=made.firms[0])
        assert (user.taken_by, user.handed_at, user.handed_by) == ("王师傅", NOON + HOUR, made.dispatcher)
        assert (user.proof_type, user.proof.storage.exists(user.proof.name)) == ("image/webp", True)

    def test_sent_twice_it_is_put_down_once_and_no_file_is_left_over(self, made, media):
        run, key = running(made), uuid4()
        for _ in range(2):
            self.give(made, run, request_id=key, proof=SimpleUploadedFile("a.png", PNG))
        assert OrderlyEvent.objects.filter(verb="hand_over").count() == 1
        assert len([path for path in media.rglob("*") if path.is_file()]) == 1

    def test_what_is_no_picture_is_refused_and_not_kept(self, made, media):
        run = running(made)
        bad = SimpleUploadedFile("a.png", b"%PDF-1.7 no picture")
        assert refused(self.give, made, run, proof=bad)[0] == "proof"
        assert refused(self.give, made, run, taken_by=" ", proof=SimpleUploadedFile("a.png", PNG))[0] == "taken_by"
        assert not [path for path in media.rglob("*") if path.is_file()]

    def test_only_between_the_announcement_and_now_and_only_once(self, made):
        run = running(made)
        for at in (NOON - MIN, NOON + 2 * HOUR):
            assert refused(self.give, made, run, at=at)[0] == "at"
        self.give(made, run, at=NOON + MIN)
        assert "王师傅" in refused(self.give, made, run)[1]

    def test_handed_over_to_nobody_is_refused_by_the_database(self, made):
        run = running(made)
        with pytest.raises(DatabaseError), transaction.atomic():
            run.users.update(handed_at=NOON)

    def test_who_is_not_asked_signs_for_nothing(self, made):
        assert "not asked" in refused(self.give, made, running(made), account="4300000103")[1]

    def test_clerks_hand_nothing_over(self, made):
        with pytest.raises(Denied):
            self.give(made, running(made), actor=made.clerk)


class TestRecorded:
    def write(self, made, run, **own):
        call = {"batch": 1, "starts_at": START, "ends_at": START + HOUR, "mw": D("3.0")} | own
        return acted(record, run, made.dispatcher, now=START + 3 * HOUR, **call)

    def test_a_batch_or_its_users_never_both_for_one_time(self, made):
        run = running(made)
        self.write(made, run)
        assert refused(self.write, made, run, account="4300000100")[0] == "starts_at"
        later = {"starts_at": START + HOUR, "ends_at": START + 2 * HOUR}
        self.write(made, run, account="4300000100", mw=D("1.8"), **later)
        self.write(made, run, account="4300000101", mw=D("1.0"), **later)
        assert refused(self.write, made, run, **later)[0] == "starts_at"
        assert Achieved.objects.count() == 3

    @pytest.mark.parametrize(
        ("own", "field"),
        [
            ({"starts_at": START - MIN}, "starts_at"),
            ({"ends_at": START + 2 * HOUR + MIN}, "starts_at"),
            ({"ends_at": START}, "ends_at"),
            ({"ends_at": START + 4 * HOUR}, "ends_at"),
        ],
    )
    def test_only_what_was_achieved_inside_the_window_counts(self, made, own, field):
        assert refused(self.write, made, running(made), **own)[0] == field

    def test_who_is_in_another_batch_or_not_asked_is_refused(self, made):
        run = running(made)
        assert "not asked" in refused(self.write, made, run, account="4300000102")[1]
        assert "not asked" in refused(self.write, made, run, batch=3)[1]

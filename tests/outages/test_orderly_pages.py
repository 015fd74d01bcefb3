"""Pages of orderly use: plans, runs, receipts, the report, and what the counter sees."""

import csv
import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from common import contributions as house
from customers.models import Customer, SupplyPoint
from outages.models import Achieved, Exemption, OrderlyEvent, OrderlyPlan, OrderlyRun
from outages.orderly_choices import RunState
from outages.services.orderly.handing import hand_over
from outages.services.orderly.recording import record
from outages.services.shipping import load_shipped_levels
from staff.models import AuditEntry
from tests.outages.orderly import START, D, acted, in_force, running, works
from tests.outages.test_orderly import PNG
from tests.outages.test_pages import desk_of, page
from tests.outages.town import HOUR, MIN, grid
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db, settings):
    settings.REQUIRE_TOTP = False
    load_shipped_levels()
    return works()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time of day; ``clock(START)`` moves it."""

    def move(at):
        monkeypatch.setattr(timezone, "now", lambda: at)

    move(NOON + 5 * MIN)
    return move


def post(member, where, /, *args, **data):
    """A form sent by somebody, in English; None is the stranger at the door."""
    client = desk_of(member) if member else Client()
    files = {key: data.pop(key) for key in list(data) if isinstance(data[key], SimpleUploadedFile)}
    return client.post(reverse(f"outages:{where}", args=args), {"request_id": str(uuid4())} | data | files)


def of(plan):
    return plan.code, plan.number


def errors(answer):
    """The status and the fields that say what is wrong."""
    return answer.status_code, sorted(answer.context["form"].errors)


FACTS = {"name": "迎峰度夏", "peak_mw": "100.0", "shortage_mw": "12.5"}
DAY = {
    "starts_at": "2026-11-21T10:00", "ends_at": "2026-11-21T12:00", "shortage_mw": "5.0", "peak_mw": "40.0",
    "reason": "全省高温",
}  # fmt: skip


class TestPlan:
    def test_written_down_and_led_to_its_page(self, made):
        answer = post(made.dispatcher, "orderly_new", unit=made.company.pk, **FACTS)
        plan = OrderlyPlan.objects.first()
        assert answer.url == reverse("outages:orderly_plan", args=of(plan))
        assert "Level II, orange" in page(desk_of(made.dispatcher), "orderly_plan", *of(plan)).text

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self, made):
        answer = post(made.dispatcher, "orderly_new", unit=made.company.pk, **FACTS | {"shortage_mw": "100.1"})
        assert errors(answer) == (422, ["shortage_mw"])
        assert 'value="迎峰度夏"' in answer.text

    def test_a_double_click_writes_once(self, made):
        key = str(uuid4())
        for _ in range(2):
            post(made.dispatcher, "orderly_new", unit=made.company.pk, request_id=key, **FACTS)
        assert OrderlyPlan.objects.count() == 2  # with the one of the works

    def test_other_figures(self, made):
        own = {"unit": made.company.pk, "revision": made.plan.revision, **FACTS}
        assert post(made.dispatcher, "orderly_edit", *of(made.plan), **own).status_code == 302
        assert errors(post(made.writer, "orderly_edit", *of(made.plan), **own)) == (422, ["__all__"])

    def test_who_may_not_is_told_or_sent_to_the_door(self, made):
        for name, args in (
            ("orderly_new", ()), ("orderly_edit", of(made.plan)), ("orderly_batch_new", of(made.plan)),
            ("orderly_batch", (*of(made.plan), 1)), ("orderly_batch_remove", (*of(made.plan), 1)),
            ("orderly_exempt_new", of(made.plan)), ("orderly_act", (*of(made.plan), "submit")),
        ):  # fmt: skip
            assert post(made.lead, name, *args).status_code == 403
            assert post(made.clerk, name, *args).status_code in (403, 404)
            assert post(None, name, *args).url.startswith(reverse("staff:login"))

    def test_the_page_says_what_it_goes_past_and_who_does_the_next_step(self, made):
        shown = page(desk_of(made.dispatcher), "orderly_plan", *of(made.plan))
        assert "It goes past: Limit" in shown.text
        assert shown.context["page"].covered == D("10.5")
        assert [o.spec.verb for o in shown.context["page"].offers] == ["submit"]

    def test_an_act_there_is_not(self, made):
        assert page(desk_of(made.dispatcher), "orderly_act", *of(made.plan), "explode").status_code == 404

    def test_handed_in_approved_and_seen_in_the_list(self, made):
        answer = post(made.dispatcher, "orderly_act", *of(made.plan), "submit")
        assert errors(answer) == (422, ["skip_reason"])
        post(made.dispatcher, "orderly_act", *of(made.plan), "submit", skip_reason="没有可限的")
        assert post(made.supervisor, "orderly_act", *of(made.plan), "approve").status_code == 302
        shown = page(desk_of(made.auditor), "orderly")
        assert "In force" in shown.text
        assert [plan.covered_mw for plan in shown.context["list"].rows] == [D("10.5")]

    def test_clerks_do_not_read_plans(self, made):
        assert page(desk_of(made.clerk), "orderly").status_code == 403
        assert page(desk_of(made.clerk), "orderly_plan", *of(made.plan)).status_code == 404


@pytest.mark.usefixtures("db")
def test_an_empty_house_is_told_what_a_plan_is(settings):
    settings.REQUIRE_TOTP = False
    shown = page(desk_of(grid().dispatcher), "orderly")
    assert "No plan is written yet" in shown.text


class TestBatch:
    def send(self, made, users, batch=None, **own):
        name, args = ("orderly_batch", (batch,)) if batch else ("orderly_batch_new", ())
        return post(made.dispatcher, name, *of(made.plan), *args, name="铸造限电", measure="limit", users=users, **own)

    def test_pasted_as_it_stands_in_a_list(self, made):
        Customer.objects.filter(pk=made.points[0].customer.pk).update(klass="industrial")
        Customer.objects.filter(pk=made.points[1].customer.pk).update(klass="business")
        assert self.send(made, "4200000100 2.5\n\n4200000101，1.0 MW\n").status_code == 302
        batch = made.plan.batches.get(number=4)
        assert {(u.customer.account_no, u.mw) for u in batch.users.all()} == {
            ("4200000100", D("2.5")), ("4200000101", D("1.0"))
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("users", "said"),
        [
            ("没有数字", "line 1"),
            ("4300000100 2.55", "line 1"),
            ("4300000100 0", "line 1"),
            ("4300000100 1.0\n4300000100 1.0", "line 2 names 4300000100 again"),
            ("9999999999 1.0", "9999999999"),
            ("4200000100 1.0", "陈0 (Livelihood)"),
            ("4300000102 1.0", "水泥避峰"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_field_and_the_list_stays(self, made, users, said):
        answer = self.send(made, users)
        assert errors(answer) == (422, ["users"])
        assert said in str(answer.context["form"].errors["users"])
        assert users.split("\n")[0] in answer.text

    def test_begins_with_what_it_is(self, made):
        assert (
            "4300000100 2.0\n4300000101 1.5" in page(desk_of(made.dispatcher), "orderly_batch", *of(made.plan), 1).text
        )

    def test_written_again_and_taken_out(self, made):
        assert self.send(made, "4300000100 9.0", batch=1).status_code == 302
        assert post(made.dispatcher, "orderly_batch_remove", *of(made.plan), 1).status_code == 302
        assert not made.plan.batches.filter(number=1).exists()
        assert post(made.dispatcher, "orderly_batch_remove", *of(made.plan), 1).status_code == 404

    def test_of_a_plan_in_force_nothing_changes(self, made):
        in_force(made)
        assert errors(self.send(made, "4300000100 9.0", batch=1)) == (422, ["__all__"])


class TestExempt:
    def test_named_by_file_and_by_hand_and_lifted_again(self, made):
        Customer.objects.filter(pk=made.points[0].customer.pk).update(importance="first")
        Customer.objects.filter(account_no="4200000104").update(klass="business")
        answer = post(made.dispatcher, "orderly_exempt_new", *of(made.plan), account="4200 000 104",
                      ground="livelihood", reason="供热")  # fmt: skip
        assert answer.status_code == 302
        shown = page(desk_of(made.dispatcher), "orderly_exempt", *of(made.plan))
        assert [c.account_no for c in shown.context["list"].rows] == ["4200000100", "4200000104"]
        post(made.dispatcher, "orderly_exempt_lift", *of(made.plan), "4200000104")
        assert not Exemption.objects.exists()

    def test_nobody_and_somebody_in_a_batch_are_refused_at_the_field(self, made):
        for account in ("9999999999", "4300000100", "4200000100"):
            answer = post(made.dispatcher, "orderly_exempt_new", *of(made.plan), account=account, ground="livelihood",
                          reason="x")  # fmt: skip
            assert errors(answer) == (422, ["account"])


class TestRun:
    def test_activated_by_the_form_and_led_to_the_run(self, made):
        in_force(made)
        wrong = post(made.dispatcher, "orderly_act", *of(made.plan), "activate", **DAY | {"batches": ["3"]})
        assert errors(wrong) == (422, ["batches"])
        key = str(uuid4())
        for _ in range(2):
            answer = post(made.dispatcher, "orderly_act", *of(made.plan), "activate", request_id=key, **DAY)
        run = OrderlyRun.objects.get()
        assert answer.url == reverse("outages:orderly_run", args=[run.code])
        assert run.receipts_due_at == START - 2 * HOUR
        shown = page(desk_of(made.dispatcher), "orderly_run", run.code)
        assert "10:00" in shown.text
        assert shown.context["page"].report.whole.cell.planned == D("6.5")

    def test_missing_receipts_are_said_when_they_are_due(self, made, clock):
        run = running(made)
        assert not page(desk_of(made.dispatcher), "orderly_run", run.code).context["page"].is_overdue
        clock(run.receipts_due_at + MIN)
        assert "3 receipts are missing" in page(desk_of(made.dispatcher), "orderly_run", run.code).text

    def test_handed_over_with_a_picture_that_only_they_see_who_see_the_run(self, made):
        run = running(made)
        picture = SimpleUploadedFile("签字.png", PNG, "image/png")
        args = (run.code, "4300000100")
        assert errors(post(made.dispatcher, "orderly_receipt", *args, taken_by="")) == (422, ["taken_by"])
        assert post(made.dispatcher, "orderly_receipt", *args, taken_by="王师傅", proof=picture).status_code == 302
        user = run.users.get(customer=made.firms[0])
        shown = page(desk_of(made.dispatcher), "orderly_receipt", *args)
        assert "王师傅" in shown.text
        answer = page(desk_of(made.dispatcher), "orderly_proof", run.code, user.proof_id)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert page(desk_of(made.clerk), "orderly_proof", run.code, user.proof_id).status_code == 404
        assert page(Client(), "orderly_proof", run.code, user.proof_id).status_code == 302
        assert page(desk_of(made.dispatcher), "orderly_proof", run.code, uuid4()).status_code == 404

    def test_sent_twice_it_is_handed_over_once(self, made):
        run, key = running(made), str(uuid4())
        for _ in range(2):
            answer = post(made.dispatcher, "orderly_receipt", run.code, "4300000100", request_id=key, taken_by="王")
            assert answer.status_code == 302
        assert OrderlyEvent.objects.filter(verb="hand_over").count() == 1

    def test_who_is_not_asked_has_no_receipt(self, made):
        run = running(made)
        assert page(desk_of(made.dispatcher), "orderly_receipt", run.code, "4300000103").status_code == 404
        assert post(made.clerk, "orderly_receipt", run.code, "4300000100", taken_by="x").status_code == 404
        assert post(made.auditor, "orderly_receipt", run.code, "4300000100", taken_by="x").status_code == 403
        assert post(None, "orderly_receipt", run.code, "4300000100", taken_by="x").status_code == 302

    def test_the_list_of_users_narrows_to_who_has_not_signed(self, made):
        run = running(made)
        acted(hand_over, run, made.dispatcher, account="4300000100", taken_by="王")
        desk = desk_of(made.dispatcher)
        for query, count in ({}, 3), ({"receipt": "missing"}, 2), ({"batch": 2}, 1), ({"q": "第1"}, 1):
            assert len(page(desk, "orderly_users", run.code, **query).context["list"].rows) == count

    def test_written_down_called_off_and_closed_by_their_forms(self, made, clock):
        run = running(made)
        assert post(made.dispatcher, "orderly_run_act", run.code, "cancel", reason="").status_code == 422
        clock(START + 3 * HOUR)
        own = {"batch": "1", "account": "", "starts_at": "2026-11-21T10:00", "ends_at": "2026-11-21T11:00", "mw": "3.0"}
        wrong = post(made.dispatcher, "orderly_run_act", run.code, "record", **own | {"starts_at": "2026-11-21T09:00"})
        assert errors(wrong) == (422, ["starts_at"])
        key = str(uuid4())
        for _ in range(2):
            post(made.dispatcher, "orderly_run_act", run.code, "record", request_id=key, **own)
        assert Achieved.objects.count() == 1
        assert post(made.dispatcher, "orderly_run_act", run.code, "review", learnt="x").status_code == 403
        post(made.supervisor, "orderly_run_act", run.code, "review", learnt="早一天通知")
        run.refresh_from_db()
        assert run.state == RunState.REVIEWED
        assert page(desk_of(made.dispatcher), "orderly_run_act", run.code, "explode").status_code == 404

    def test_acts_offered_are_those_of_the_hour(self, made, clock):
        run = running(made)

        def offered():
            shown = page(desk_of(made.supervisor), "orderly_run", run.code)  # a new login: the old one has gone idle
            return {offer.spec.verb for offer in shown.context["page"].offers}

        assert offered() == {"cancel"}
        clock(START + MIN)
        assert offered() == {"record", "end"}
        clock(START + 3 * HOUR)
        assert offered() == {"record", "review"}


class TestReport:
    @pytest.fixture
    def run(self, made, clock):
        """Two hours: batch 1 brought 3.0 MW, then firm 0 alone 2.0; batch 2 nothing that was written down."""
        run = running(made)
        acted(hand_over, run, made.dispatcher, account="4300000100", taken_by="王", now=NOON + MIN)
        acted(hand_over, run, made.dispatcher, account="4300000101", taken_by="李", now=START - HOUR)
        over = START + 3 * HOUR
        first = {"batch": 1, "starts_at": START, "ends_at": START + HOUR, "mw": D("3.0")}
        later = {"starts_at": START + HOUR, "ends_at": START + 2 * HOUR, "mw": D("2.0"), "account": "4300000100"}
        for own in (first, first | later):
            acted(record, run, made.dispatcher, now=over, **own)
        clock(over)
        return run

    def test_planned_against_achieved_by_hour_and_measure(self, made, run):
        report = page(desk_of(made.auditor), "orderly_report", run.code).context["page"].report
        assert [(h.cells[0].planned, h.cells[0].achieved) for h in report.hours] == [
            (D("3.5"), D("3.0")), (D("3.5"), D("2.0"))
        ]  # fmt: skip
        assert [h.cells[1].achieved for h in report.hours] == [None, None]
        assert (report.by_measure[0].cell.achieved, report.whole.cell.planned) == (D("2.5"), D("6.5"))
        assert (report.in_time, report.late, report.whole.missing) == (1, 1, 1)

    def test_users_exempt_by_todays_file_are_named(self, made, run):
        Customer.objects.filter(pk=made.firms[0].pk).update(importance="first")
        report = page(desk_of(made.auditor), "orderly_report", run.code).context["page"].report
        assert [user.customer for user in report.exempt_asked] == [made.firms[0]]

    def test_the_file_has_the_figures_of_the_page_and_is_logged(self, made, run):
        assert errors(post(made.auditor, "orderly_report", run.code, purpose="x")) == (422, ["purpose"])
        answer = post(made.auditor, "orderly_report", run.code, purpose="上报经信局")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert rows[1] == ["2026-11-21 10:00", "2026-11-21 11:00", "Shift peak", "3.5", "3.0"]
        assert rows[2][3:] == ["3.0", ""]
        assert AuditEntry.objects.get(act="exported").after["list"] == "outages.orderly_report"
        assert post(made.dispatcher, "orderly_report", run.code, purpose="上报经信局").status_code == 403


class TestCounter:
    """What a clerk sees of it: that this customer is asked, when, how much."""

    def seen(self, made, member, firm=0):
        customer = made.firms[firm]
        SupplyPoint.objects.create(
            customer=customer, transformer=made.boxes[0], address="柏临河路 1 号", is_main=True, meter_no=f"88{firm}"
        )
        return desk_of(member).get(reverse("customers:detail", args=[customer.account_no])).text

    def test_the_place_says_when_and_how_much(self, made, clock):
        running(made)
        clock(START - HOUR)
        assert "Orderly use 10:00 today – 12:00: Shift peak, 2.0 MW" in self.seen(made, made.clerk)

    def test_who_reports_no_power_while_asked_is_known(self, made, clock):
        running(made)
        self.seen(made, made.clerk)
        point, other = made.firms[0].supply_points.get(), made.points[0]
        checks = list(house.preopen_checks)
        for at, words in (START - MIN, None), (START + MIN, "This customer is in orderly use now"):
            with translation.override("en"):
                notes = [check(made.firms[0], point, "fault", at) for check in checks]
            assert [note.title for note in notes if note] == ([words] if words else [])
        assert not any(check(other.customer, other, "fault", START + MIN) for check in checks)

    def test_over_called_off_or_not_asked_it_says_nothing(self, made, clock):
        run = running(made)
        assert "Orderly use 1" not in self.seen(made, made.clerk, firm=3)
        clock(run.ends_at + MIN)
        assert "Orderly use 1" not in self.seen(made, made.clerk)


def test_pages_ask_few_questions_whatever_the_number_of_users(made):
    run, desk = running(made), desk_of(made.dispatcher)
    places = [
        ("orderly",), ("orderly_plan", *of(made.plan)), ("orderly_run", run.code), ("orderly_report", run.code),
        ("orderly_users", run.code),
    ]  # fmt: skip
    for place in places:
        with CaptureQueriesContext(connection) as asked:
            assert page(desk, *place).status_code == 200
        assert len(asked) <= 20, place

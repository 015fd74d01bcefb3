"""The lists of what is watched before summer and winter."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from common.access import Denied
from common.errors import Refusal
from outages.choices import Cause, ScopeKind, Season
from outages.models import Outage, WatchItem
from outages.selectors.needs import Subject
from outages.selectors.watching import is_over, next_season, offers
from outages.services.shipping import load_shipped_leads
from outages.services.watching import Plan, finish, plan_anew, watch
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.outages.test_pages import desk_of
from tests.outages.test_trouble import off
from tests.outages.town import DAY, HOUR, grid
from tests.workorders.world import NOON, at
from workorders.models import WorkOrder
from workorders.services.dispatching import accept, return_order
from workorders.services.rulebook import load_shipped_rules

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SOON = TODAY + 10 * DAY


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: NOON + 10 * HOUR)
    load_shipped_leads()
    load_shipped_rules()
    return grid()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def plan(town, **own):
    facts = {
        "unit": town.station,
        "reason": "晚上过载",
        "measure": "分一半到隔壁",
        "member": town.handler,
        "due_on": SOON,
    }
    return Plan(**(facts | own))


def put(town, n=0, actor=None, request_id=None, **own):
    subject = Subject(ScopeKind.TRANSFORMER, town.boxes[n])
    return watch(
        subject=subject, season="winter", year=2026, plan=plan(town, **own), actor=actor or town.lead, now=NOON,
        request_id=request_id or uuid4(),
    )  # fmt: skip


def done(town, item, actor=None, **own):
    facts = {"outcome": "已分负荷", "done_on": TODAY, "now": NOON, "request_id": uuid4()} | own
    return finish(code=item.code, actor=actor or town.lead, **facts)


@pytest.mark.parametrize(
    ("today", "season"),
    [("2026-11-20", ("winter", 2026)), ("2027-02-28", ("winter", 2026)), ("2027-03-01", ("summer", 2027)),
     ("2027-08-31", ("summer", 2027)), ("2027-09-01", ("winter", 2027))],
)  # fmt: skip
def test_next_season_of_a_day(today, season):
    assert next_season(date.fromisoformat(today)) == season


def test_seasons_pass_in_their_order():
    today = date(2027, 5, 1)
    assert [is_over(*one, today) for one in (("winter", 2026), ("summer", 2027), ("winter", 2027))] == [
        True,
        False,
        False,
    ]


class TestItem:
    def test_evidence_is_kept_as_it_was(self, town):
        off(town)
        Outage.objects.update(cause=Cause.OVERLOAD)
        off(town)
        item = watch(
            subject=Subject(ScopeKind.TRANSFORMER, town.boxes[0]), season="winter", year=2026, plan=plan(town),
            actor=town.lead, now=NOON + 2 * HOUR, request_id=uuid4(),
        )  # fmt: skip
        assert (item.evidence["outages"], item.evidence["overloads"]) == (2, 1)
        assert item.evidence["until"] == "2026-11-20"

    def test_once_a_season_and_once_a_request(self, town):
        request = uuid4()
        assert put(town, request_id=request) == put(town, request_id=request)
        with pytest.raises(Refusal) as refused:
            put(town)
        assert refused.value.field == "device"

    def test_a_task_has_a_day_to_come(self, town):
        assert put(town, due_on=TODAY).due_on == TODAY
        with pytest.raises(Refusal) as refused:
            put(town, n=1, due_on=TODAY - DAY)
        assert refused.value.field == "due_on"

    def test_another_unit_is_not_planned_for(self, town):
        with pytest.raises(Denied):
            put(town, unit=town.other_station)
        with pytest.raises(Denied):
            put(town, actor=town.dispatcher)

    def test_plan_changes_until_it_is_done(self, town):
        item = put(town)
        args = {"code": item.code, "actor": town.lead, "now": NOON}
        changed = plan_anew(plan=plan(town, measure="换大的"), revision=1, request_id=uuid4(), **args)
        assert (changed.measure, changed.revision) == ("换大的", 2)
        with pytest.raises(Refusal, match="meanwhile"):
            plan_anew(plan=plan(town), revision=1, request_id=uuid4(), **args)
        done(town, item)
        with pytest.raises(Refusal, match="done already"):
            plan_anew(plan=plan(town), revision=3, request_id=uuid4(), **args)

    def test_done_by_whoever_does_it_and_only_once(self, town):
        item, request = put(town), uuid4()
        for _ in range(2):
            assert done(town, item, actor=town.handler, request_id=request).done_on == TODAY
        with pytest.raises(Refusal, match="done already"):
            done(town, item)
        with pytest.raises(Denied):
            done(town, put(town, n=1), actor=town.dispatcher)

    @pytest.mark.parametrize(("own", "field"), [({"outcome": " "}, "outcome"), ({"done_on": TODAY + DAY}, "done_on")])
    def test_done_says_what_and_when(self, town, own, field):
        with pytest.raises(Refusal) as refused:
            done(town, put(town), **own)
        assert refused.value.field == field

    def test_item_becomes_one_order_due_at_the_end_of_its_day(self, town):
        order = put(town).order
        assert WorkOrder.objects.get() == order
        assert (order.due_by, order.assignee) == (at("2026-12-01 00:00:00"), town.handler)

    def test_order_moves_with_its_plan_and_is_filed_with_it(self, town):
        item = put(town)
        later = plan(town, due_on=TODAY + 20 * DAY, member=town.lead)
        plan_anew(code=item.code, plan=later, revision=1, actor=town.lead, now=NOON, request_id=uuid4())
        order = WorkOrder.objects.get()
        assert (order.due_by, order.assignee) == (at("2026-12-11 00:00:00"), town.lead)
        done(town, item)
        order.refresh_from_db()
        assert (order.state, order.result) == ("closed", "已分负荷")

    def test_order_that_came_back_follows_its_plan_all_the_same(self, town):
        item = put(town)
        accept(code=item.order.code, actor=town.lead, now=NOON, request_id=uuid4())
        return_order(code=item.order.code, actor=town.lead, now=NOON, request_id=uuid4(), reason="wrong_unit", note="")
        args = {"code": item.code, "actor": town.lead, "now": NOON}
        plan_anew(plan=plan(town, measure="换大的"), revision=1, request_id=uuid4(), **args)
        assert WorkOrder.objects.get().state == "returned"
        plan_anew(plan=plan(town, member=town.lead), revision=2, request_id=uuid4(), **args)
        order = WorkOrder.objects.get()
        assert (order.state, order.assignee) == ("dispatched", town.lead)


class TestOffers:
    def test_overloads_and_frequent_ones_that_are_not_listed(self, town):
        for n in range(3):
            off(town, after=-n * DAY)
        Outage.objects.filter(pk=Outage.objects.first().pk).update(cause=Cause.OVERLOAD)
        names = [offer.subject.label for offer in offers(town.lead, "winter", 2026, NOON + DAY)]
        assert names == ["0 号变", "1 号变", "夷兴线"]
        put(town)
        assert [o.subject.label for o in offers(town.lead, "winter", 2026, NOON + DAY)] == ["1 号变", "夷兴线"]
        assert len(offers(town.lead, Season.SUMMER, 2027, NOON + DAY)) == 3

    def test_another_unit_is_offered_nothing(self, town):
        for n in range(3):
            off(town, after=-n * DAY)
        RoleGrant.objects.create(member=town.stranger, role=Role.UNIT_LEAD, unit=town.other_station)
        assert offers(Member.objects.get(pk=town.stranger.pk), "winter", 2026, NOON + DAY) == []


class TestPages:
    def form(self, town, **more):
        return {
            "request_id": str(uuid4()), "season": "winter", "year": "2026", "device": "T-0", "reason": "晚上过载",
            "measure": "分一半到隔壁", "unit": town.station.pk, "member": town.handler.pk, "due_on": SOON.isoformat(),
        } | more  # fmt: skip

    def test_put_on_the_list_once_however_often_it_is_sent(self, town):
        desk, data = desk_of(town.lead), self.form(town)
        for _ in range(2):
            answer = desk.post(reverse("outages:watch_new"), data)
            assert answer.url == reverse("outages:watch_item", args=[WatchItem.objects.get().code])
        assert "分一半到隔壁" in desk.get(reverse("outages:watch")).text

    @pytest.mark.parametrize(("device", "why"), [("T-9", "No feeder"), ("夷兴", "No feeder")])
    def test_what_is_wrong_stands_at_its_field(self, town, device, why):
        answer = desk_of(town.lead).post(reverse("outages:watch_new"), self.form(town, device=device))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["device"])
        assert why in answer.text
        assert "晚上过载" in answer.text

    def test_a_name_that_several_have_asks_for_the_code(self, town):
        town.boxes[1].name = "0 号变"
        town.boxes[1].save()
        answer = desk_of(town.lead).post(reverse("outages:watch_new"), self.form(town, device="0 号变"))
        assert "T-0, T-1" in str(answer.context["form"].errors["device"])

    def test_offer_leads_to_a_form_that_is_filled_in(self, town):
        for n in range(3):
            off(town, after=-n * DAY)
        desk = desk_of(town.lead)
        assert "transformer=T-0" in desk.get(reverse("outages:watch")).text
        shown = desk.get(reverse("outages:watch_new"), {"transformer": "T-0", "season": "winter", "year": "2026"})
        assert 'value="T-0"' in shown.text

    def test_season_that_is_over_is_offered_nothing(self, town):
        for n in range(3):
            off(town, after=-n * DAY)
        shown = desk_of(town.lead).get(reverse("outages:watch"), {"season": "summer", "year": "2026"})
        assert shown.context["offers"] == []

    def test_plan_is_changed_and_finished_on_its_page(self, town):
        item, desk = put(town), desk_of(town.lead)
        url = reverse("outages:watch_item", args=[item.code])
        data = self.form(town, measure="换大的", revision=1)
        for _ in range(2):
            assert desk.post(url, data).status_code == 302
        assert WatchItem.objects.get().revision == 2
        assert desk.post(url, data | {"reason": "", "revision": 2}).status_code == 422
        ready = reverse("outages:watch_done", args=[item.code])
        assert desk.post(ready, {"outcome": ""}).status_code == 422
        said = {"request_id": str(uuid4()), "outcome": "已分负荷", "done_on": TODAY.isoformat()}
        for _ in range(2):
            assert desk.post(ready, said).status_code == 302
        assert "已分负荷" in desk.get(url).text

    def test_whoever_does_it_opens_it_and_finishes_it(self, town):
        item, desk = put(town), desk_of(town.handler)
        assert desk.get(reverse("outages:watch_item", args=[item.code])).status_code == 200
        assert desk.post(reverse("outages:watch_item", args=[item.code]), self.form(town)).status_code == 403
        said = {"outcome": "已分负荷", "done_on": TODAY.isoformat()}
        assert desk.post(reverse("outages:watch_done", args=[item.code]), said).status_code == 302
        assert desk.get(reverse("outages:watch")).status_code == 403
        assert desk_of(town.handler2).get(reverse("outages:watch_item", args=[item.code])).status_code == 404

    def test_list_shows_what_is_overdue_within_few_queries(self, town, django_assert_max_num_queries):
        for n in range(2):
            put(town, n=n)
        WatchItem.objects.filter(transformer=town.boxes[1]).update(due_on=TODAY - DAY)
        desk, url = desk_of(town.supervisor), reverse("outages:watch")
        with django_assert_max_num_queries(19):
            assert desk.get(url).text.count("dh-tag--look") == 1
        assert desk.get(url, {"standing": "late"}).context["list"].count == 1
        assert desk.get(url, {"standing": "done"}).context["list"].count == 0
        for query in ({"season": "moon"}, {"year": "x"}, {"season": "summer", "year": "2030"}):
            assert desk.get(url, query).status_code == 200

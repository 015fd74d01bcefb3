"""Trouble spots: who is off again and again, where the voltage is low, and what the grid is said to need there."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from common.access import Denied
from common.errors import Refusal
from outages.asked import asked_of
from outages.choices import ScopeKind
from outages.models import GridNeed
from outages.selectors.needs import Subject, get_subject_for, standing_needs
from outages.selectors.trouble import Trouble, spots
from outages.services.needs import Word, say_need
from outages.services.restoring import begin, restore, restore_part
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.outages.test_pages import desk_of
from tests.outages.town import DAY, HOUR, MIN, dark, done, grid, written
from tests.workorders.world import NOON, fault
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: NOON + 10 * HOUR)
    load_shipped_leads()
    return grid()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def off(town, scope=None, lasted=HOUR, after=timedelta(0)):
    outage = written(town, scope=scope)
    done(begin, outage, town.dispatcher, now=NOON + after, expected_at=NOON + after + HOUR)
    return done(restore, outage, town.lead, now=NOON + after + lasted)


def found(town, what, least=2, who=None, **query):
    words = QueryDict(mutable=True)
    words.update({"year": "2026"} | query)
    member = Member.objects.get(pk=(who or town.supervisor).pk)
    return {s.subject.label: s for s in spots(asked_of(words, member, NOON + DAY), member, what, least)}


def box(town, n=0):
    return Subject(ScopeKind.TRANSFORMER, town.boxes[n])


def say(town, subject, word, actor=None, **own):
    held = {"after": None, "now": NOON, "request_id": uuid4()} | own
    return say_need(subject=subject, word=word, actor=actor or town.lead, **held)


PROJECT = Word(is_needed=True, project="换一台 400 千伏安的", promised_on=TODAY + 30 * DAY)


class TestFrequent:
    def test_an_outage_in_parts_counts_once_and_brief_ones_not(self, town):
        off(town)
        parted = dark(town)
        done(restore_part, parted, town.lead, now=NOON + HOUR, transformers=[town.boxes[0].pk])
        done(restore, parted, town.lead, now=NOON + 2 * HOUR)
        off(town, lasted=2 * MIN)
        assert found(town, Trouble.FEEDER)["夷兴线"].times == 2
        assert found(town, Trouble.FEEDER, 3) == {}
        boxes = found(town, Trouble.TRANSFORMER)
        assert [(boxes[name].times, boxes[name].lasted) for name in ("0 号变", "1 号变")] == [
            (2, 2 * HOUR),
            (2, 3 * HOUR),
        ]

    def test_place_cut_off_alone_and_with_others_counts_both(self, town):
        off(town)
        off(town, scope=Scope(supply_points=frozenset({town.points[4].pk})))
        places = found(town, Trouble.PLACE)
        assert {name: spot.times for name, spot in places.items()} == {"果园二路 4 号": 2}
        url = f"{reverse('outages:interruptions')}?{places['果园二路 4 号'].query}"
        assert desk_of(town.supervisor).get(url).context["list"].count == 2

    def test_period_and_unit_are_kept(self, town):
        off(town), off(town)
        assert found(town, Trouble.FEEDER, part="Q3") == {}
        assert found(town, Trouble.FEEDER, unit="DJ") == {}
        assert len(found(town, Trouble.FEEDER, unit="CB")) == 1


class TestLowVoltage:
    @pytest.fixture
    def complaints(self, town):
        point = town.points[0]
        for kind in ({"situation": "voltage"}, {"kind": "service", "situation": "", "service_type": "voltage_quality"}):
            fault(town.world, customer=point.customer, supply_point=point, **kind)
        fault(town.world, customer=point.customer, supply_point=point, situation="whole")
        return town

    def test_counts_reports_and_requests_about_the_voltage(self, complaints):
        assert found(complaints, Trouble.VOLTAGE)["0 号变"].times == 2
        area = found(complaints, Trouble.VOLTAGE_AREA)["东苑街道"]
        shown = desk_of(complaints.supervisor).get(f"{reverse('workorders:list')}?{area.query}")
        assert shown.context["list"].count == 2

    def test_cancelled_and_merged_ones_do_not_count(self, complaints):
        WorkOrder.objects.filter(situation="voltage").update(state="cancelled", closed_at=NOON)
        assert found(complaints, Trouble.VOLTAGE) == {}


class TestNeed:
    def test_history_grows_and_the_last_word_holds(self, town):
        first = say(town, box(town), PROJECT)
        later = Word(is_needed=True, project=PROJECT.project, promised_on=TODAY + 60 * DAY)
        say(town, box(town), later, after=first.pk, actor=town.supervisor)
        off(town), off(town)
        assert found(town, Trouble.TRANSFORMER)["0 号变"].need.promised_on == TODAY + 60 * DAY
        assert GridNeed.objects.count() == 2
        assert standing_needs(town.supervisor, (town.company.path,)).count() == 1

    def test_none_needed_takes_it_off_the_promised_ones(self, town):
        first = say(town, box(town), PROJECT)
        say(town, box(town), Word(is_needed=False, project="已换"), after=first.pk)
        assert not standing_needs(town.supervisor, (town.company.path,)).exists()

    @pytest.mark.parametrize(
        ("word", "field"),
        [
            (Word(is_needed=True, project="", promised_on=TODAY), "project"),
            (Word(is_needed=True, project="换线"), "promised_on"),
            (Word(is_needed=True, project="换线", promised_on=TODAY - DAY), "promised_on"),
        ],
    )
    def test_project_has_words_and_a_day_to_come(self, town, word, field):
        with pytest.raises(Refusal) as refused:
            say(town, box(town), word)
        assert refused.value.field == field

    def test_an_overdue_promise_can_be_described_better_without_a_new_day(self, town):
        first = say(town, box(town), PROJECT)
        better = Word(is_needed=True, project="换一台 630 千伏安的", promised_on=PROJECT.promised_on)
        assert say(town, box(town), better, after=first.pk, now=NOON + 90 * DAY).project == better.project

    def test_second_of_two_is_told_and_the_same_request_says_it_once(self, town):
        request = uuid4()
        for _ in range(2):
            say(town, box(town), PROJECT, request_id=request)
        assert GridNeed.objects.count() == 1
        with pytest.raises(Refusal, match="meanwhile"):
            say(town, box(town), Word(is_needed=False), actor=town.supervisor)

    def test_another_units_lead_and_a_dispatcher_do_not_say_it(self, town):
        RoleGrant.objects.create(member=town.stranger, role=Role.UNIT_LEAD, unit=town.other_station)
        for who in (town.stranger, town.dispatcher):
            with pytest.raises(Denied):
                say(town, box(town), PROJECT, actor=Member.objects.get(pk=who.pk))

    def test_database_keeps_every_word(self, town):
        said = say(town, box(town), PROJECT)
        with pytest.raises(IntegrityError), transaction.atomic():
            GridNeed.objects.filter(pk=said.pk).update(project="别的")
        with pytest.raises(IntegrityError), transaction.atomic():
            GridNeed.objects.filter(pk=said.pk).delete()


class TestPages:
    def test_every_list_is_shown_within_few_queries(self, town, django_assert_max_num_queries):
        off(town), off(town)
        say(town, box(town), PROJECT)
        desk = desk_of(town.supervisor)
        for what in [*Trouble.values, "projects", "nonsense"]:
            with django_assert_max_num_queries(20):
                answer = desk.get(reverse("outages:frequent"), {"what": what, "least": "2", "period": "2026"})
            assert answer.status_code == 200
        assert PROJECT.project in desk.get(reverse("outages:frequent"), {"what": "projects"}).text
        assert "Nothing was in trouble 12 times" in desk.get(reverse("outages:frequent"), {"least": "12"}).text

    def test_overdue_promise_is_seen(self, town):
        say(town, box(town), PROJECT, now=NOON - 90 * DAY)
        GridNeed.objects.create(
            transformer=town.boxes[1], is_needed=True, project="换线", promised_on=TODAY - DAY, actor=town.lead,
            at=NOON - 40 * DAY, request_id=uuid4(),
        )  # fmt: skip
        desk = desk_of(town.supervisor)
        assert "1 promised grid project is overdue." in desk.get(reverse("outages:frequent")).text
        assert desk.get(reverse("outages:frequent"), {"what": "projects"}).text.count("dh-tag--look") == 1

    def form(self, **more):
        day = (TODAY + 30 * DAY).isoformat()
        return {"request_id": str(uuid4()), "is_needed": "yes", "project": "换线", "promised_on": day} | more

    def test_said_on_its_page_once_however_often_it_is_sent(self, town):
        desk, url, data = desk_of(town.lead), reverse("outages:need", args=["feeder", "F-E"]), self.form()
        for _ in range(2):
            assert desk.post(url, data).status_code == 302
        assert GridNeed.objects.get().feeder == town.east
        assert "换线" in desk.get(url).text

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self, town):
        url = reverse("outages:need", args=["transformer", "T-0"])
        answer = desk_of(town.lead).post(url, self.form(promised_on="2020-01-01"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["promised_on"])
        assert "换线" in answer.text
        empty = desk_of(town.lead).post(url, {})
        assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["is_needed"])

    def test_who_may_not_is_told_and_a_strangers_thing_is_not_there(self, town):
        url = reverse("outages:need", args=["transformer", "T-0"])
        assert "Unit leads, supervisors and managers" in desk_of(town.dispatcher).get(url).text
        assert desk_of(town.dispatcher).post(url, self.form()).status_code == 403
        assert desk_of(town.clerk).get(url).status_code == 403
        RoleGrant.objects.create(member=town.stranger, role=Role.UNIT_LEAD, unit=town.other_station)
        assert desk_of(town.stranger).get(url).status_code == 404
        for kind, code in (("transformer", "T-9"), ("moon", "T-0"), ("supply_point", "770009")):
            assert desk_of(town.lead).get(reverse("outages:need", args=[kind, code])).status_code == 404

    def test_place_is_found_by_its_meter_without_its_door(self, town):
        town.points[0].door = "302"
        town.points[0].save()
        shown = desk_of(town.lead).get(reverse("outages:need", args=["supply_point", "770000"]))
        assert "果园二路 0 号" in shown.text
        assert "302" not in re.sub(r"value=\"[0-9a-f-]{36}\"", "", shown.text.split("<main")[1])  # but for request ids

    def test_address_names_what_hangs_below_the_unit(self, town):
        subject = get_subject_for(Member.objects.get(pk=town.lead.pk), "area", "A-0")
        assert (subject.kind, subject.code) == (ScopeKind.AREA, "A-0")

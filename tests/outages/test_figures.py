"""The reliability page: the same numbers as an independent sum over the tables, however they are split."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from outages.asked import Split, asked_of
from outages.choices import Cause
from outages.models import Outage, OutageStep
from outages.reliability import Step, indices
from outages.selectors.figures import figures
from outages.selectors.splits import served
from outages.services.restoring import begin, restore, restore_part
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from staff.choices import Role
from staff.models import Member, RoleGrant
from tests.outages.test_pages import desk_of
from tests.outages.town import DAY, HOUR, MIN, announced, dark, done, grid, written
from tests.workorders.world import NOON, at

pytestmark = pytest.mark.django_db
LATER = at("2027-02-01 00:00:00")
BY_SQL = """
SELECT sum(s.customers), sum(s.customers * extract(epoch FROM s.restored_at - s.began_at) / 60)
FROM outages_outagestep s JOIN outages_outage o ON o.id = s.outage_id
WHERE s.restored_at - s.began_at > interval '3 minutes' AND o.kind = ANY(%s)
    AND (s.began_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN '2026-01-01' AND '2026-12-31'
"""


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: NOON + 5 * MIN)
    load_shipped_leads()
    return grid()


def by_sql(*kinds):
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, [list(kinds)])
        return cursor.fetchone()


@pytest.fixture
def year(town):
    """A fault in two stages, a brief one, planned work, and one over New Year that weather brought."""
    fault = dark(town)
    done(restore_part, fault, town.lead, now=NOON + HOUR, transformers=[town.boxes[0].pk])
    done(restore, fault, town.lead, now=NOON + 2 * HOUR)
    done(restore, dark(town), town.lead, now=NOON + 2 * MIN)
    plan = announced(town)
    done(begin, plan, town.dispatcher, now=NOON + 8 * DAY)
    done(restore, plan, town.lead, now=NOON + 8 * DAY + 4 * HOUR)
    late = at("2026-12-31 23:30:00")
    done(begin, over := written(town), town.dispatcher, now=late, expected_at=late + 2 * HOUR)
    done(restore, over, town.lead, now=late + 2 * HOUR)
    Outage.objects.filter(pk=over.pk).update(cause=Cause.WEATHER)
    return town


def found(town, now=LATER, who=None, **query):
    words = QueryDict(mutable=True)
    words.update({"year": "2026"} | query)
    return figures(asked_of(words, Member.objects.get(pk=(who or town.supervisor).pk), now))


def lines(town, split, **query):
    return {line.label: line for line in found(town, by=split, **query).lines}


class TestWhole:
    def test_figures_are_those_of_an_independent_sum(self, year):
        whole = found(year).whole
        times, minutes = by_sql("fault")
        assert whole.unplanned.served == 6  # the five of the grid and the one of the world
        assert whole.unplanned.tally.interrupted == times
        assert whole.unplanned.saidi_min == pytest.approx(float(minutes) / 6)
        times, minutes = by_sql("planned")
        assert (whole.planned.tally.interrupted, whole.planned.tally.minutes) == (times, float(minutes))

    def test_sums_of_the_database_give_the_indices_of_the_steps(self, year):
        dark(year)  # still off
        start, end = at("2026-01-01 00:00:00"), at("2027-01-01 00:00:00")
        steps = [
            Step(s.outage_id, s.customers, s.began_at, s.restored_at, s.outage.is_ahead)
            for s in OutageStep.objects.select_related("outage")
        ]
        for planned, rates in (("exclude", found(year).whole.unplanned), ("only", found(year).whole.planned)):
            told = indices(steps, customers_served=6, start=start, end=end, planned=planned)
            for name in ("saifi", "saidi_min", "caidi_min", "maifi", "asai"):
                assert getattr(rates, name) == getattr(told, name), name
            assert rates.tally.ongoing == told.ongoing

    def test_one_customers_own_matter_is_no_interruption_of_supply(self, town):
        one = written(town, "arrears", scope=Scope(supply_points=frozenset({town.points[0].pk})))
        done(begin, one, town.dispatcher, expected_at=NOON + HOUR)
        assert found(town).whole.unplanned.tally.steps == 0

    def test_variants_leave_out_what_came_from_outside(self, year):
        variants = found(year).variants
        assert variants[1].tally.minutes - variants[2].tally.minutes == 4 * 120

    def test_the_year_before_is_told_as_far_as_this_one_has_got(self, year):
        told = found(year, now=at("2027-11-20 12:00:00"), year="2027")
        assert told.before.tally.interrupted == 0  # last year's began after noon of that day
        assert found(year, now=at("2027-11-20 18:00:00"), year="2027").before.tally.interrupted == 4


class TestSplit:
    def test_months_add_up_and_new_year_belongs_to_the_old_one(self, year):
        told = found(year)
        assert len(told.lines) == 12
        whole = told.whole.unplanned.tally.minutes
        assert sum(line.pair.unplanned.tally.minutes for line in told.lines) == pytest.approx(whole)
        assert told.lines[-1].pair.unplanned.tally.minutes == 4 * 120
        assert found(year, year="2027").whole.unplanned.tally.interrupted == 0

    @pytest.mark.parametrize("split", [s for s in Split if s not in ("year", "area", "transformer")])
    def test_every_split_adds_up_to_the_whole(self, year, split):
        told = found(year, by=split)
        for planned in ("unplanned", "planned"):
            parts = [getattr(line.pair, planned).tally for line in told.lines]
            assert sum(part.minutes for part in parts) == pytest.approx(getattr(told.whole, planned).tally.minutes)
            assert sum(part.interrupted for part in parts) == getattr(told.whole, planned).tally.interrupted

    def test_months_that_have_not_begun_are_left_out_and_the_running_one_says_so(self, year):
        told = found(year, now=NOON + 3 * HOUR).lines
        assert (len(told), [line.is_running for line in told]) == (11, [False] * 10 + [True])

    def test_years_reach_back(self, year):
        told = found(year, by="year", year="2027").lines
        assert [line.label for line in told] == ["2023", "2024", "2025", "2026", "2027"]
        assert told[3].pair.unplanned.tally.interrupted == 8

    def test_quarter_takes_its_months(self, year):
        told = found(year, part="Q4", by="month")
        assert [line.key for line in told.lines] == ["2026-10", "2026-11", "2026-12"]
        assert found(year, part="Q3").whole.unplanned.tally.steps == 0

    def test_transformer_counts_itself(self, year):
        told = lines(year, "transformer")
        first = told["0 号变"].pair
        assert (first.unplanned.saifi, first.unplanned.saidi_min) == (2, 60 + 120)
        assert (first.planned.saifi, first.planned.saidi_min) == (1, 240)
        assert told["1 号变"].pair.unplanned.saidi_min == 120 + 120
        assert "2 号变" not in told

    def test_transformer_above_a_single_place_had_power(self, town):
        one = written(town, scope=Scope(supply_points=frozenset({town.points[5].pk})))
        done(begin, one, town.dispatcher, expected_at=NOON + HOUR)
        done(restore, one, town.lead, now=NOON + HOUR)
        assert found(town, by="transformer").lines == []
        assert found(town).whole.unplanned.tally.minutes == 60

    def test_areas_weigh_transformers_by_who_hangs_on_them_now(self, year):
        told = lines(year, "area")
        assert told["东苑街道"].pair.unplanned.saidi_min == 180  # three customers, one transformer
        assert told["云集街道"].pair.unplanned.saidi_min == pytest.approx(240 * 2 / 3)  # two of three on the second

    def test_feeder_has_its_own_customers_and_link(self, year):
        east = lines(year, "feeder")["夷兴线"]
        assert (east.pair.unplanned.served, east.key) == (4, "F-E")
        assert "feeder=F-E" in east.query

    def test_lead_of_several_units_sees_each_of_theirs(self, year):
        RoleGrant.objects.create(member=year.lead, role=Role.UNIT_LEAD, unit=year.other_station)
        told = found(year, who=year.lead, by="unit")
        assert {line.label for line in told.lines} == {"城北供电所", "点军供电所"}
        assert told.whole.unplanned.tally.interrupted == 8
        assert found(year, who=year.lead, unit="DJ").whole.unplanned.saifi is None

    def test_roles_that_read_no_figures_do_not_widen_them(self, year):
        RoleGrant.objects.create(member=year.lead, role=Role.CLERK, unit=year.company)
        assert asked_of(QueryDict(), Member.objects.get(pk=year.lead.pk), LATER).paths == (year.station.path,)

    def test_a_unit_has_its_own_customers(self, year):
        assert served((year.station.path,)) == 6
        assert served((year.other_station.path,)) == 0


@pytest.fixture
def stormy(town):
    """Twelve days of one short outage each, and a day on which it took six hours."""
    for n in range(13):
        start = NOON - (40 - n) * DAY
        outage = written(town)
        done(begin, outage, town.dispatcher, now=start, expected_at=start + HOUR)
        done(restore, outage, town.lead, now=start + (360 if n == 12 else 10) * MIN + n * timedelta(seconds=1))
    return town


class TestMajorEventDays:
    def test_the_year_itself_sets_the_limit_when_there_is_none_before(self, stormy):
        events = found(stormy).events
        assert (events.is_own, len(events.days)) == (True, 1)
        assert events.without.tally.interrupted == 12 * 4

    def test_earlier_years_set_the_limit(self, stormy):
        events = found(stormy, year="2027").events
        assert (events.is_own, events.basis, events.days) == (False, (2026, 2026), [])

    def test_left_out_of_every_figure(self, stormy):
        told = found(stormy, days="out")
        assert told.whole.unplanned.tally.interrupted == 12 * 4
        assert sum(line.pair.unplanned.tally.interrupted for line in told.lines) == 12 * 4
        url = reverse("outages:interruptions")
        shown = desk_of(stormy.supervisor).get(url, {"period": "2026", "days": "out"}).context["list"]
        assert shown.count == 12


class TestPage:
    def test_what_cannot_be_said_is_a_dash(self, town):
        answer = desk_of(town.supervisor).get(reverse("outages:figures"))
        assert answer.status_code == 200
        assert "—" in answer.text
        assert "No interruption in this period" in answer.text

    @pytest.mark.parametrize("split", Split)
    def test_every_split_is_shown_within_few_queries(self, year, django_assert_max_num_queries, split):
        desk = desk_of(year.supervisor)
        with django_assert_max_num_queries(24):
            answer = desk.get(reverse("outages:figures"), {"by": split})
        assert "dh-fig" in answer.text

    def test_takes_no_nonsense(self, year):
        desk = desk_of(year.supervisor)
        odd = ({"year": "x"}, {"year": "99999"}, {"unit": "nowhere"}, {"period": "2026-13"}, {"by": "moon"},
               {"year": "2026", "part": "Q9"}, {"period": "٢٠٢٦"})  # fmt: skip
        for query in odd:
            assert desk.get(reverse("outages:figures"), query).status_code == 200
            assert desk.get(reverse("outages:interruptions"), query).status_code == 200

    def test_figure_leads_to_its_interruptions(self, year):
        line = lines(year, "feeder")["夷兴线"]
        url = f"{reverse('outages:interruptions')}?{line.query}&planned=no&lasting=long"
        shown = desk_of(year.supervisor).get(url).context["list"]
        assert shown.count == 3  # the two groups of noon, and New Year's
        for more, n in (("transformer=T-0", 2), ("area=A-1", 2), ("cause=weather", 1), ("feeder=-", 0)):
            assert desk_of(year.supervisor).get(f"{url}&{more}").context["list"].count == n, more


class TestExport:
    def test_figures_made_again_from_the_file_are_those_of_the_page(self, year):
        desk, query = desk_of(year.supervisor), {"period": "2026", "export": "1"}
        url = reverse("outages:interruptions")
        assert desk.get(url, query).status_code == 200
        assert desk.post(f"{url}?period=2026&export=1", {"purpose": ""}).status_code == 422
        answer = desk.post(f"{url}?period=2026&export=1", {"purpose": "年报核对"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        lasting = [r for r in rows if not r["Minutes"] or float(r["Minutes"]) > 3]
        whole = found(year).whole
        for planned, rates in (("no", whole.unplanned), ("yes", whole.planned)):
            mine = [r for r in lasting if r["Planned"] == planned]
            on = int(rows[0]["Customers served"])
            assert sum(int(r["Customers"]) for r in mine) / on == rates.saifi
            minutes = sum(int(r["Customers"]) * float(r["Minutes"]) for r in mine if r["Minutes"])
            assert minutes / on == pytest.approx(rates.saidi_min)
        spans = [r for r in rows if r["Back since"]]
        assert all(
            (datetime.fromisoformat(r["Back since"]) - datetime.fromisoformat(r["Off since"])) / MIN
            == pytest.approx(float(r["Minutes"]))
            for r in spans
        )

    def test_transformers_figure_is_in_the_file_too(self, year):
        url = f"{reverse('outages:interruptions')}?period=2026&transformer=T-0&export=1"
        answer = desk_of(year.supervisor).post(url, {"purpose": "年报核对"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        mine = [r for r in rows if "T-0" in r["Transformers"].split() and r["Planned"] == "no"]
        minutes = sum(float(r["Minutes"]) for r in mine if float(r["Minutes"]) > 3)
        assert minutes == lines(year, "transformer")["0 号变"].pair.unplanned.saidi_min

    def test_who_leads_a_unit_may_not_take_lists_out(self, year):
        url = f"{reverse('outages:interruptions')}?period=2026&export=1"
        assert desk_of(year.lead).post(url, {"purpose": "年报核对"}).status_code == 403

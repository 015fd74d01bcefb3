"""Reliability indices: the published vectors, the formulas by hand, and what cannot be known."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outages.reliability import (
    Step,
    daily_saidi,
    indices,
    major_event_days,
    major_event_threshold,
    variants,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors" / "reliability.json"
JAN = datetime(2026, 1, 1, tzinfo=UTC)
MIN, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = {"start": JAN, "end": JAN + 365 * DAY}


def step(customers, minutes, *, at=JAN, outage="A", **more):
    end = None if minutes is None else at + minutes * MIN
    return Step(outage, customers, at, end, **more)


def of(steps, served=1000, **more):
    return indices(steps, customers_served=served, **(YEAR | more))


class TestPublished:
    """Figures others have published, or worked out in public."""

    def vector(self, name):
        known = {v["id"]: v for v in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]}
        return known[name]["input"], known[name]["expect"], known[name]["tolerance"]

    def test_site_figures_of_thirty_days(self):
        given_, expect, within = self.vector("REL-03")
        steps = [step(s["customers"], s["minutes"]) for s in given_["sustained"]]
        found = of(steps, given_["customers_served"], end=JAN + given_["period_hours"] * HOUR)
        assert found.saifi == pytest.approx(expect["saifi"], abs=within)
        assert found.saidi_min / 60 == pytest.approx(expect["saidi_h"], abs=within)
        assert found.caidi_min / 60 == pytest.approx(expect["caidi_h"], abs=within)
        assert found.asai == pytest.approx(expect["asai"], abs=within)

    def test_classes_of_customers(self):
        given_, expect, within = self.vector("REL-12")
        steps = [step(c["customer_interruptions"], 60) for c in given_["classes"]]
        served = sum(c["customers"] for c in given_["classes"])
        assert of(steps, served).saifi == pytest.approx(expect["saifi"], abs=within)

    @pytest.mark.parametrize("name", ["REL-18", "REL-21"])
    def test_quarterly_statements(self, name):
        given_, expect, within = self.vector(name)
        steps = [step(given_["customer_interruptions"], 60)]
        steps.append(step(given_["momentary_customer_interruptions"], 1, outage="B"))
        found = of(steps, given_["customers_served"])
        assert found.saifi == pytest.approx(expect["saifi"], abs=within)
        assert found.maifi == pytest.approx(expect["maifi"], abs=within)

    def test_one_interruption_is_never_counted_in_both(self):
        given_, expect, _within = self.vector("REL-15")
        lasting, brief = given_["sustained_customer_interruptions"], given_["momentary_customer_interruptions"]
        found = of([step(lasting, 60), step(brief, 2, outage="B")], given_["customers_served"])
        assert (found.saifi, found.maifi) == (expect["saifi"], expect["maifi"])

    @pytest.mark.parametrize("name", ["REL-24", "REL-27"])
    def test_customer_hours(self, name):
        given_, expect, within = self.vector(name)
        found = of([step(10, given_["customer_hours"] * 6)], given_["customers_served"])
        assert found.saidi_min / 60 == pytest.approx(expect["saidi_h"], abs=within)

    def test_worked_example(self):
        """Standards T1."""
        steps = [step(n, m, outage=i) for i, (n, m) in enumerate([(10, 90), (1000, 20), (2, 175), (1, 120), (1, 38)])]
        found = of(steps, 50_000)
        assert (found.customer_minutes, found.customer_interruptions) == (21_408, 1_014)
        assert found.saidi_min == pytest.approx(0.42816)
        assert found.saifi == pytest.approx(0.02028)
        assert found.caidi_min == pytest.approx(21.1124, abs=1e-4)

    def test_supply_reliability_as_hours(self):
        given_, expect, within = self.vector("REL-30")
        out_h = (1 - given_["supply_availability_percent"] / 100) * given_["period_hours"]
        found = of([step(1000, out_h * 60)], end=JAN + given_["period_hours"] * HOUR)
        assert found.saidi_min / 60 == pytest.approx(expect["average_outage_hours"], abs=within)
        assert found.asai == pytest.approx(given_["supply_availability_percent"] / 100, abs=1e-9)


class TestWhatCounts:
    def test_sustained_is_strictly_longer_than_the_threshold(self):
        edge = [step(10, 3), Step("B", 20, JAN, JAN + 3 * MIN + timedelta(microseconds=1))]
        found = of(edge)
        assert (found.customer_interruptions, found.maifi) == (20, 0.01)
        assert of(edge, sustained=5 * MIN).customer_interruptions == 0

    @pytest.mark.parametrize(("planned", "count"), [("exclude", 1), ("only", 2), ("include", 3)])
    def test_planned_ones_are_kept_apart(self, planned, count):
        steps = [step(1, 60), step(2, 240, planned=True)]
        assert of(steps, planned=planned).customer_interruptions == count

    def test_one_that_goes_on_is_counted_and_not_timed(self):
        found = of([step(100, None), step(50, 60, outage="B")])
        assert (found.saifi, found.saidi_min, found.caidi_min, found.ongoing) == (0.15, 3.0, 60.0, 1)

    def test_restoration_in_stages_is_a_step_a_group(self):
        found = of([step(600, 30), step(300, 60), step(100, 90)])
        assert (found.saifi, found.saidi_min, found.caidi_min) == (1.0, 45.0, 45.0)

    def test_one_over_the_end_of_a_period_belongs_to_the_one_it_started_in(self):
        late = step(10, 180, at=JAN + 31 * DAY - HOUR)
        january = of([late], end=JAN + 31 * DAY)
        february = of([late], start=JAN + 31 * DAY, end=JAN + 59 * DAY)
        assert (january.customer_minutes, february.customer_interruptions) == (1800, 0)

    def test_start_is_in_and_end_is_out(self):
        edges = [step(1, 60, at=JAN), step(2, 60, at=JAN + DAY)]
        assert of(edges, end=JAN + DAY).customer_interruptions == 1

    def test_clock_change_does_not_change_a_duration(self):
        berlin = ZoneInfo("Europe/Berlin")
        night = Step("A", 1, datetime(2026, 3, 29, 1, 0, tzinfo=berlin), datetime(2026, 3, 29, 4, 0, tzinfo=berlin))
        assert of([night]).customer_minutes == 120  # from one to four, without the hour that was not there
        back = Step("A", 1, datetime(2026, 10, 25, 1, 0, tzinfo=berlin), datetime(2026, 10, 25, 4, 0, tzinfo=berlin))
        assert of([back]).customer_minutes == 240

    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**7), st.integers(0, 364 * 86400)), max_size=30))
    def test_months_add_up_to_the_year(self, drawn):
        steps = [
            Step(i, n, JAN + timedelta(seconds=at), JAN + timedelta(seconds=at + s))
            for i, (n, s, at) in enumerate(drawn)
        ]
        edges = [JAN + 30 * k * DAY for k in range(12)] + [YEAR["end"]]
        months = [of(steps, start=a, end=b) for a, b in zip(edges, edges[1:], strict=False)]
        year = of(steps)
        assert sum(m.customer_interruptions for m in months) == year.customer_interruptions
        assert math.fsum(m.customer_minutes for m in months) == pytest.approx(year.customer_minutes)


class TestMomentaryEvents:
    """MAIFI counts interruptions, MAIFI-E what one outage's reclosing did to a customer, once."""

    def test_reclosing_is_one_event(self):
        again = [Step("A", 100, JAN, JAN + timedelta(seconds=10)), Step("A", 100, JAN + MIN, JAN + 2 * MIN)]
        found = of(again)
        assert (found.maifi, found.maifi_e) == (0.2, 0.1)

    def test_groups_that_come_back_one_after_the_other_are_different_people(self):
        assert of([step(60, 1), step(40, 2)]).maifi_e == 0.1

    def test_flicker_before_a_lockout_is_no_event_of_its_own(self):
        steps = [Step("A", 1000, JAN, JAN + timedelta(seconds=10)), Step("A", 300, JAN + MIN, JAN + HOUR)]
        found = of(steps)
        assert (found.saifi, found.maifi, found.maifi_e) == (0.3, 1.0, 0.7)

    def test_with_names_the_people_are_counted(self):
        steps = [
            Step("A", 2, JAN, JAN + MIN, customer_ids={1, 2}),
            Step("A", 2, JAN + 2 * MIN, JAN + 3 * MIN, customer_ids={2, 3}),
            Step("A", 1, JAN + 4 * MIN, JAN + HOUR, customer_ids={3}),
        ]
        assert of(steps, 10).maifi_e == 0.2

    def test_two_outages_are_two_events(self):
        assert of([step(10, 1), step(10, 1, outage="B")]).maifi_e == 0.02


class TestCustomers:
    """What is known only when the customers are."""

    STEPS = (
        Step("A", 3, JAN, JAN + 2 * HOUR, customer_ids=(1, 2, 3)),
        Step("B", 2, JAN + DAY, JAN + DAY + 8 * HOUR, customer_ids=(1, 2)),
        Step("C", 1, JAN + 2 * DAY, None, customer_ids=(1,)),
    )

    def test_cemi_and_celid(self):
        found = of(self.STEPS, 10)
        assert [found.cemi(n) for n in (1, 2, 3, 4)] == [0.3, 0.2, 0.1, 0.0]
        assert [found.celid(h) for h in (1, 2, 7, 8, 9)] == [0.3, 0.3, 0.2, 0.2, 0.0]

    def test_of_those_who_had_any(self):
        found = of(self.STEPS, 10)
        assert (found.caifi, found.ctaidi_min) == (2.0, (3 * 120 + 2 * 480) / 3)

    def test_a_number_will_do_where_there_are_no_names(self):
        found = of([step(6, 60)], distinct_customers=3)
        assert (found.caifi, found.ctaidi_min) == (2.0, 120.0)
        assert found.cemi(1) is None
        assert found.celid(1) is None

    def test_one_nameless_step_and_nothing_is_known(self):
        found = of([*self.STEPS, step(6, 60, outage="D")])
        assert (found.caifi, found.ctaidi_min, found.cemi(1), found.celid(1)) == (None, None, None, None)

    def test_cemi_counts_from_one(self):
        with pytest.raises(ValueError):
            of([]).cemi(0)


class TestNothingThere:
    """T7: undefined is None, never an error and never a false nought."""

    def test_nobody_served(self):
        found = of([step(1, 60)], 0)
        assert (found.saifi, found.saidi_min, found.asai, found.maifi, found.maifi_e) == (None,) * 5
        assert (found.customer_interruptions, found.caidi_min) == (1, 60.0)
        assert found.cemi(1) is None

    def test_nothing_happened(self):
        found = of([])
        assert (found.saifi, found.saidi_min, found.maifi, found.maifi_e, found.asai) == (0, 0, 0, 0, 1)
        assert (found.caidi_min, found.caifi, found.ctaidi_min) == (None, None, None)
        assert (found.cemi(1), found.celid(1)) == (0, 0)

    def test_only_momentary(self):
        found = of([step(500, 1)])
        assert (found.saifi, found.caidi_min, found.maifi) == (0, None, 0.5)

    def test_only_ongoing(self):
        found = of([step(500, None)])
        assert (found.saifi, found.saidi_min, found.caidi_min) == (0.5, 0, None)

    def test_a_period_of_no_length(self):
        assert of([], end=JAN).asai is None

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: Step("A", 1, datetime(2026, 1, 1)),  # noqa: DTZ001
            lambda: Step("A", 1, JAN, datetime(2026, 1, 2)),  # noqa: DTZ001
            lambda: Step("A", 1, JAN, JAN - MIN),
            lambda: Step("A", -1, JAN),
            lambda: of([], -1),
            lambda: of([], end=JAN - DAY),
            lambda: of([], start=datetime(2026, 1, 1)),  # noqa: DTZ001
            lambda: of([], planned="both"),
            lambda: of([], distinct_customers=-1),
        ],
    )
    def test_nonsense_is_refused(self, wrong):
        with pytest.raises(ValueError):
            wrong()


def test_chinese_variants_leave_causes_out():
    steps = [
        step(100, 60),
        step(10, 60, outage="B", cause_class="external"),
        step(1, 60, outage="C", cause_class="shortage", planned=True),
    ]
    found = variants(steps, customers_served=1000, **YEAR)
    assert [found[n].customer_interruptions for n in (1, 2, 3, 4)] == [111, 101, 110, 100]


class TestMajorEventDays:
    def test_threshold_by_hand(self):
        series = [1.0, 2.0, 4.0, 0.0]
        logs = [0.0, math.log(2), math.log(4)]
        mean = sum(logs) / 3
        beta = math.sqrt(sum((x - mean) ** 2 for x in logs) / 2)
        assert major_event_threshold(series) == pytest.approx(math.exp(mean + 2.5 * beta))

    def test_printed_threshold_of_a_source_was_wrong(self):
        """REL-33 prints 137.19 for these two; the formula gives 99.66."""
        alpha, beta = 1.7073, 1.1578
        pair = [math.exp(alpha - beta / math.sqrt(2)), math.exp(alpha + beta / math.sqrt(2))]
        assert major_event_threshold(pair) == pytest.approx(99.6635486714229)

    @pytest.mark.parametrize("series", [[], [0.0], [3.0], [0.0, 3.0]])
    def test_too_few_days_have_none(self, series):
        assert major_event_threshold(series) is None
        assert major_event_days({date(2026, 1, 1): 9.0}, None) == []

    def test_more_days_may_be_asked_for(self):
        assert major_event_threshold([1.0, 2.0], min_days=36) is None

    def test_a_day_at_the_threshold_is_an_ordinary_day(self):
        days = {date(2026, 1, 1): 10.0, date(2026, 1, 2): 10.1}
        assert major_event_days(days, 10.0) == [date(2026, 1, 2)]

    @pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
    def test_a_saidi_that_is_none_is_refused(self, bad):
        with pytest.raises(ValueError):
            major_event_threshold([1.0, bad])

    def test_day_is_that_of_the_start_where_the_customers_are(self):
        shanghai = ZoneInfo("Asia/Shanghai")
        steps = [step(100, 600, at=JAN + 17 * HOUR), step(9, 2, outage="B"), step(9, None, outage="C")]
        assert daily_saidi(steps, customers_served=1000, zone=shanghai) == {date(2026, 1, 2): 60.0}

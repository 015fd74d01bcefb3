"""What was announced or promised against what happened: windows, times of return, arrivals."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from outages.asked import asked_of
from outages.models import Outage
from outages.selectors.kept import fault_rules, planned_in, planned_summary, promises, return_summary
from outages.services.restoring import begin, estimate, restore
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope, Writing, edit
from outages.templatetags.outages import over_words
from tests.outages.test_pages import desk_of
from tests.outages.town import DAY, HOUR, MIN, announced, dark, done, grid, written
from tests.workorders.pages import accepted
from tests.workorders.world import NOON
from workorders.models import Clock, PolicyRule
from workorders.services.rulebook import bump, load_shipped_rules

pytestmark = pytest.mark.django_db
LATER = NOON + 20 * DAY


@pytest.fixture
def town(db, settings, monkeypatch):
    settings.REQUIRE_TOTP = False
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    load_shipped_leads()
    return grid()


def asked(town, **query):
    words = QueryDict(mutable=True)
    words.update({"year": "2026"} | query)
    return asked_of(words, town.supervisor, LATER)


def took_place(town, lasted):
    """A planned outage of four hours announced, that lasted this long."""
    plan = announced(town)
    start = NOON + 8 * DAY
    done(begin, plan, town.dispatcher, now=start)
    if lasted:
        done(restore, plan, town.lead, now=start + lasted)
    return Outage.objects.get(pk=plan.pk)


class TestPlanned:
    @pytest.mark.parametrize(("seconds", "in_time"), [(-1, 1), (0, 1), (1, 0)])
    def test_a_window_is_kept_to_its_last_second(self, town, seconds, in_time):
        took_place(town, 4 * HOUR + timedelta(seconds=seconds))
        found = planned_summary(asked(town))
        assert (found.whole, found.in_time, found.too_long) == (1, in_time, 1 - in_time)

    def test_still_off_past_its_window_is_too_long(self, town):
        took_place(town, None)
        found = planned_summary(asked(town))
        assert (found.in_time, found.too_long, found.share) == (0, 1, 0.0)

    def test_share_and_averages_of_several(self, town):
        took_place(town, 3 * HOUR)
        took_place(town, 5 * HOUR)
        found = planned_summary(asked(town))
        assert (found.share, found.told, found.actual) == (0.5, 4 * HOUR, 4 * HOUR)

    def test_window_lengthened_while_it_was_off_does_not_save_it(self, town):
        plan = took_place(town, None)
        start = NOON + 8 * DAY
        facts = {name: getattr(plan, name) for name in ("kind", "unit", "feeder", "place", "reason", "starts_at")}
        facts["ends_at"] = plan.ends_at + 2 * HOUR
        writing = Writing(facts, Scope(feeders=frozenset({town.east.pk})))
        done(edit, plan, town.dispatcher, now=start + HOUR, writing=writing, reason="要多干一会")
        done(restore, plan, town.lead, now=start + 5 * HOUR)
        row = planned_in(asked(town)).get(pk=plan.pk)
        assert (row.told_to, row.over) == (NOON + 8 * DAY + 4 * HOUR, HOUR)

    def test_whether_it_was_avoidable_and_live_is_counted(self, town):
        one, _other = took_place(town, HOUR), took_place(town, HOUR)
        Outage.objects.filter(pk=one.pk).update(is_avoidable=True, live_line="in_part")
        found = planned_summary(asked(town))
        assert (found.avoidable, found.judged, found.live_asked, found.live_done) == (1, 1, 1, 1)

    def test_page_lists_narrows_and_exports(self, town, django_assert_max_num_queries):
        late = took_place(town, 5 * HOUR)
        took_place(town, 3 * HOUR)
        desk, url = desk_of(town.supervisor), reverse("outages:planned")
        with django_assert_max_num_queries(16):
            assert "50.0\N{NO-BREAK SPACE}%" in desk.get(url, {"period": "2026"}).text
        shown = desk.get(url, {"ended": "over"}).context["list"]
        assert [row.code for row in shown.rows] == [late.code]
        for query in ({"avoidable": "yes"}, {"live": "in_part"}, {"ended": "off"}):
            assert desk.get(url, query).context["list"].count == 0
        for query in ({"avoidable": "unknown"}, {"live": "unasked"}):
            assert desk.get(url, query).context["list"].count == 2
        file = b"".join(desk.post(f"{url}?export=1", {"purpose": "季度汇总"}).streaming_content).decode()
        assert "60.0" in file
        assert desk_of(town.clerk).get(url).status_code == 403

    def test_page_without_any_teaches(self, town):
        answer = desk_of(town.supervisor).get(reverse("outages:planned"))
        assert "No planned outage fits" in answer.text
        assert "—" in answer.text


class TestReturns:
    def test_first_and_last_time_told_are_kept_apart(self, town):
        fault = dark(town)  # back by 16:32 first
        done(estimate, fault, town.dispatcher, now=NOON + HOUR, reason="要换一段", expected_at=NOON + 4 * HOUR)
        done(restore, fault, town.lead, now=NOON + 3 * HOUR)
        found = return_summary(asked(town))
        assert (found.over, found.first.told, found.first.kept, found.last.kept) == (1, 1, 0, 1)
        assert (found.first.missed_min, found.last.missed_min) == (60, 60)

    def test_no_time_told_is_neither_kept_nor_missed(self, town):
        fault = written(town)
        done(begin, fault, town.dispatcher, next_news_at=NOON + HOUR)
        done(restore, fault, town.lead, now=NOON + 2 * HOUR)
        found = return_summary(asked(town))
        assert (found.over, found.first.told, found.first.share, found.first.missed_min) == (1, 0, None, None)

    def test_announced_ones_and_those_still_off_are_not_among_them(self, town):
        took_place(town, HOUR)
        dark(town)
        assert return_summary(asked(town)).over == 0

    @pytest.mark.parametrize(
        ("span", "words"),
        [(5 * MIN, "5 min late"), (-90 * MIN, "1 h 30 min early"), (timedelta(seconds=20), "on the minute"),
         (None, "—")],
    )  # fmt: skip
    def test_words_against_what_was_told(self, span, words):
        with translation.override("en"):
            assert over_words(span) == words


class TestArrivals:
    def test_average_and_cap_come_from_the_rules(self, town):
        load_shipped_rules()
        found = {(rule.clock, rule.target, rule.area_class): rule.amount for rule in fault_rules(asked(town))}
        arrive = {key[1:]: amount for key, amount in found.items() if key[0] == "arrive"}
        assert arrive == {  # standards A1.8 and B2.3
            ("average", "urban"): 45, ("average", "rural"): 90, ("average", "remote"): 120,
            ("cap", "urban"): 60, ("cap", "rural"): 120, ("cap", "remote"): 240,
        }  # fmt: skip
        PolicyRule.objects.filter(key="measures-arrive-urban").update(amount=50)
        bump()
        assert {r.amount for r in fault_rules(asked(town)) if (r.target, r.area_class) == ("cap", "urban")} == {50}

    def test_reached_is_the_average_of_one_and_the_longest_of_the_other(self, town):
        load_shipped_rules()
        order = accepted(town.world)
        for minutes, clock in zip((50, 70), _two_clocks(order), strict=True):
            clock.state, clock.started_at, clock.fire_at = "stopped", NOON, None
            clock.stopped_at, clock.due_at = NOON + minutes * MIN, NOON + 60 * MIN
            clock.save()
        urban = [p for p in promises(asked(town)) if (p.rule.clock, p.rule.area_class) == ("arrive", "urban")]
        found = {promise.rule.target: promise for promise in urban}
        assert (found["average"].reached, found["average"].is_broken) == (50 * MIN, True)
        assert (found["cap"].reached, found["cap"].kept.broken) == (70 * MIN, 1)
        shown = desk_of(town.supervisor).get(f"{reverse('workorders:list')}?{found['cap'].query}")
        assert [row.code for row in shown.context["list"].rows] == [order.code]

    def test_page_stays_within_few_queries(self, town, django_assert_max_num_queries):
        load_shipped_rules()
        done(restore, dark(town), town.lead, now=NOON + HOUR)
        desk = desk_of(town.supervisor)
        with django_assert_max_num_queries(19):
            answer = desk.get(reverse("outages:promises"))
        assert "on average 45 min" in answer.text
        assert desk_of(town.clerk).get(reverse("outages:promises")).status_code == 403
        narrowed = desk_of(town.supervisor).get(reverse("outages:promises"), {"told": "first_late"})
        assert narrowed.context["list"].count == 0


def _two_clocks(order):
    rows = Clock.objects.filter(order=order, kind="arrive").select_related("rule")
    return [next(c for c in rows if c.rule.target == target) for target in ("average", "cap")]

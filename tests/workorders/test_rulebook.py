"""Rules as data: which apply, how they are edited, what a recalculation moves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override

from common.access import Denied
from common.errors import Refusal
from common.services.calendar import save_day
from tests.workorders.world import NOON, fault
from workorders.choices import UNCONFIRMED, Kind
from workorders.forms.rules import RuleForm
from workorders.models import Clock, Event, PolicyRule
from workorders.rules import Case, applicable, rulebook
from workorders.services.recalculation import preview, recalculate_moved
from workorders.services.rulebook import confirm_rule, edit_rule, load_shipped_rules

FRIDAY = date(2026, 11, 20)
MIN = timedelta(minutes=1)


def limits(clock: str, **case) -> dict[str, int]:
    rules = applicable(rulebook(), case=Case(**case), on=FRIDAY)
    return {rule.family: rule.amount for rule in rules if rule.clock == clock}


@pytest.mark.parametrize(("area", "published", "cap"), [("urban", 45, 60), ("rural", 90, 120), ("remote", 120, 240)])
def test_arrival_of_a_fault_crew(world, area, published, cap):
    """Source: A1.8 (average, urban / rural / remote) and B2.3 (cap)."""
    assert limits("arrive", kind="fault", area_class=area) == {"ten_promises": published, "supply_measures": cap}


@pytest.mark.parametrize(
    ("channel", "limit"),
    [("counter", {}), ("hotline", {"hotline_rules": 4}), ("regulator", {"channel_rules": 10}),
     ("city_hotline", {"channel_rules": 7 * 1440}), ("letter", {"channel_rules": 10 * 1440})],
)  # fmt: skip
def test_answer_to_a_complaint_by_channel(world, channel, limit):
    """Source: A1.17 (5 working days), A7.1, A7.3, B2.10 (10 working days): all run side by side."""
    everywhere = {"ten_promises": 5, "supply_measures": 10}
    assert limits("answer", kind="complaint", channel=channel) == everywhere | limit


@pytest.mark.parametrize(
    ("kind", "service", "expected"),
    [("inquiry", "", 5), ("suggestion", "", 2), ("service", "meter_check", 4), ("service", "reading_anomaly", 5),
     ("tip_off", "", None)],
)  # fmt: skip
def test_tightest_answer(world, kind, service, expected):
    """Source: A4.5, req 110, A7.6 (Q) beside A1.14, A1.15, A7.2 (hotline only)."""
    found = limits("answer", kind=kind, service_type=service, channel="counter")
    found.pop("internal_aims", None)
    assert min(found.values(), default=None) == expected


def test_rules_of_the_past_hold_in_the_past(world):
    rules = applicable(rulebook(), case=Case("complaint", channel="counter"), on=date(2015, 5, 5))
    assert {(r.clock, r.amount) for r in rules if r.family == "ten_promises"} == {("contact", 1), ("answer", 7)}


def test_inactive_set_applies_to_nobody(world):
    families = {r.family for kind in Kind for r in applicable(rulebook(), case=Case(kind), on=FRIDAY)}
    assert not {f for f in families if f.startswith("csg")}


def test_unconfirmed_rules_are_never_promises(world):
    assert not any(rule.is_promise for rule in PolicyRule.objects.all() if rule.confidence in UNCONFIRMED)


def test_every_rule_names_its_source(world):
    assert not PolicyRule.objects.filter(source="").exists()
    assert not PolicyRule.objects.filter(source_ref="").exists()


def test_loading_again_leaves_edited_rules_alone(world):
    edit_rule(key="ten-arrive-urban", version=1, actor=world.admin, now=NOON, amount=40)
    assert load_shipped_rules() == 0
    assert limits("arrive", kind="fault", area_class="urban")["ten_promises"] == 40


def test_edit_makes_a_version_and_open_orders_keep_theirs(world):
    order = fault(world)
    edit_rule(key="ten-arrive-urban", version=1, actor=world.admin, now=NOON, amount=30)
    assert Clock.objects.get(order=order, kind="arrive", rule__family="ten_promises").amount == 45
    fresh = fault(world, now=NOON + MIN)
    assert fresh.promise_clock.due_at == NOON + 31 * MIN


@pytest.mark.parametrize("who", ["supervisor", "dispatcher", "auditor"])
def test_only_administrators_edit(world, who):
    with pytest.raises(Denied):
        edit_rule(key="ten-arrive-urban", version=1, actor=getattr(world, who), now=NOON, amount=30)


@pytest.mark.parametrize("values", [{"version": 7, "amount": 30}, {"version": 1, "amount": 45}])
def test_stale_or_empty_edit_is_refused(world, values):
    with pytest.raises(Refusal):
        edit_rule(key="ten-arrive-urban", actor=world.admin, now=NOON, **values)


def test_empty_amount_is_asked_for_in_our_words_beside_its_unit(world):
    form = RuleForm({}, rule=PolicyRule.objects.get(key="ten-arrive-urban"))
    assert set(form.errors) >= {"amount", "valid_from", "source"}
    with override("zh-hans"):
        assert [str(error) for error in form.errors["amount"]] == ["写多少。"]
    assert not any("required" in str(errors) for errors in form.errors.values())


@pytest.mark.parametrize(("base", "unit"), [("around_clock", "分钟"), ("working_days", "个工作日")])
def test_amount_has_the_unit_it_is_counted_in_beside_it(world, base, unit):
    form = RuleForm({"base": base}, rule=PolicyRule.objects.get(key="ten-arrive-urban"))
    with override("zh-hans"):
        assert str(form.unit) == unit


def test_confirmed_aim_may_be_promised_and_only_once(world):
    rule = confirm_rule(key="aim-fault-accept", version=1, actor=world.admin, now=NOON)
    assert not rule.is_unconfirmed
    with pytest.raises(Refusal):
        confirm_rule(key="aim-fault-accept", version=1, actor=world.admin, now=NOON)


def test_recalculation_moves_what_its_preview_says(world):
    order = fault(world)
    edit_rule(key="ten-arrive-urban", version=1, actor=world.admin, now=NOON, amount=30)
    assert (preview(now=NOON).looked_at, preview(now=NOON).moved) == (1, 1)
    run = uuid4()
    assert recalculate_moved(actor=world.admin, now=NOON + MIN, run_id=run) == 1
    clock = Clock.objects.get(order=order, kind="arrive", rule__family="ten_promises", state="running")
    assert (clock.due_at, preview(now=NOON).moved) == (NOON + 30 * MIN, 0)
    assert Event.objects.filter(order=order, verb="recalculate").count() == 1


def test_changed_day_of_the_calendar_moves_promises_in_working_days(world):
    order = fault(world, kind="inquiry", situation="", subject="分时电价")
    before = order.promise_clock.due_at
    save_day(day=date(2026, 11, 24), kind="holiday", spells=[], note="停工", actor=world.admin, now=NOON)
    assert preview(now=NOON, rules=False).moved == 1
    recalculate_moved(actor=None, now=NOON, run_id=uuid4(), rules=False)
    order.refresh_from_db()
    assert order.promise_clock.due_at == before + timedelta(days=3)  # Friday's close becomes Monday's


def test_working_day_limit_falls_due_at_the_close_of_its_last_day(world):
    """Accepted Friday afternoon, 5 working days: the next Friday at 18:00. Source: design §11."""
    order = fault(world, kind="inquiry", situation="", subject="分时电价")
    assert f"{order.promise_clock.due_at.astimezone(NOON.tzinfo):%m-%d %H:%M:%S}" == "11-27 18:00:00"

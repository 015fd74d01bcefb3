"""Why this deadline: the sum like a till receipt, and what it says about days."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override

from common.calendars import company_calendar
from tests.workorders import pages
from tests.workorders.world import NOON, World, at, fault
from workorders.choices import Base, ClockState
from workorders.models import Clock, WorkOrder
from workorders.services.closing import answer
from workorders.why import Sum, why

pytestmark = pytest.mark.django_db


def summed(clock: Clock, now=NOON, language="en") -> Sum | None:
    with override(language):
        return why(clock, calendar=company_calendar(), now=now)


def clock_of(order: WorkOrder, kind: str, family: str) -> Clock:
    return Clock.objects.select_related("rule").get(order=order, kind=kind, rule__family=family)


def lines(found: Sum) -> list[tuple[str, str]]:
    return [(line.label, line.value) for line in found.lines]


def complaint(world: World, when: str) -> Clock:
    order = fault(world, now=at(when), kind="complaint", situation="", channel="counter")
    return clock_of(order, "answer", "ten_promises")


def test_arrival_is_start_plus_amount(world):
    found = summed(clock_of(pages.received(world), "arrive", "ten_promises"))
    assert found.title == "Why 15:17"
    assert lines(found) == [
        ("Received", "Fri 14:32:10"),
        ("plus 45 min, around the clock", "0:45:00"),
        ("Pauses", "0"),
        ("Extension", "none"),
    ]
    assert (found.result.label, found.result.value) == ("Promised: Arrive", "15:17:10")


def test_rule_is_named_with_version_start_and_source(world):
    found = summed(clock_of(pages.received(world), "arrive", "ten_promises"))
    assert found.rule == "Urban · Fault report · Ten promises · rule version 1, since 2023-08-08"
    assert found.source.endswith("A1.8")
    assert any("average" in remark for remark in found.remarks)


def test_inside_limit_is_due_not_promised_and_says_that_nobody_confirmed_it(world):
    found = summed(clock_of(pages.received(world), "dispatch", "internal_aims"))
    assert found.result.label == "Due: Dispatch"
    assert any("internal aim" in remark for remark in found.remarks)


def test_working_days_name_every_run_of_days_and_those_that_do_not_count(world):
    found = summed(complaint(world, "2026-11-19 10:00:00"))
    assert lines(found)[1:-2] == [
        ("plus 5 working days", ""),
        ("Thu 11-19", "not counted, it came in then"),
        ("Fri 11-20", "day 1"),
        ("Sat 11-21 – Sun 11-22", "not counted"),
        ("Mon 11-23 – Thu 11-26", "days 2–5"),
    ]
    assert found.result.value == "Thu 11-26 18:00"


def test_weekend_on_which_it_came_in_is_not_counted_either(world):
    found = summed(complaint(world, "2026-11-21 10:00:00"))
    assert lines(found)[2:5] == [
        ("Sat 11-21", "not counted, it came in then"),
        ("Sun 11-22", "not counted"),
        ("Mon 11-23 – Fri 11-27", "days 1–5"),
    ]


def test_holiday_and_make_up_day_are_named(world):
    labels = dict(lines(summed(complaint(world, "2026-09-29 10:00:00"))))
    assert labels["National Day, Thu 10-01 – Wed 10-07"] == "not counted"
    assert labels["Make-up workday, Sat 10-10"] == "day 4"


def test_last_numbered_day_is_the_day_it_falls_due(world):
    """Source: requirements of every limit in working days: as many days as promised, no more."""
    for day in range(1, 29):
        clock = complaint(world, f"2026-11-{day:02d} 10:00:00")
        counted = [value for _label, value in lines(summed(clock)) if value.startswith("day")]
        assert counted[-1].endswith(str(clock.amount)), day


def test_days_of_a_calendar_that_is_not_announced_are_said_to_be_shaky(world):
    clock = complaint(world, "2026-12-29 10:00:00")
    assert clock.is_provisional
    assert any("not announced" in remark for remark in summed(clock).remarks)


def test_working_time_is_summed_by_day(world):
    clock = clock_of(pages.received(world), "arrive", "ten_promises")
    clock.base, clock.amount = Base.WORKING_TIME, 600
    clock.started_at = at("2026-11-20 16:00:00")
    clock.due_at = company_calendar().work.add(clock.started_at, timedelta(minutes=600))
    assert lines(summed(clock))[1:-2] == [
        ("plus 10 h of working time", ""),
        ("Fri 11-20", "2 h"),
        ("Sat 11-21 – Sun 11-22", "not counted"),
        ("Mon 11-23", "8 h"),
    ]


def test_limit_that_began_anew_is_counted_from_what_made_it_begin(world):
    order = pages.returned(world)
    again = Clock.objects.select_related("rule").get(order=order, kind="dispatch", ordinal=1)
    assert lines(summed(again))[0] == ("Returned", "Fri 14:36:10")


def test_clock_without_a_due_instant_has_no_sum(world):
    order = pages.received(world)
    assert summed(clock_of(order, "restore", "ten_promises")) is None
    answer(code=order.code, actor=world.clerk, now=NOON, request_id=uuid4(), text="合上总开关就来电了")
    overtaken = clock_of(order, "arrive", "ten_promises")
    assert overtaken.state == ClockState.VOID
    assert summed(overtaken) is None

"""The supervisors' board: every count leads to exactly its orders, at every moment, for everybody who may see it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from dashboard.figures import Row, board_of, pressing
from dashboard.month import month_of
from tests.conftest import moment
from tests.dashboard.city import live
from tests.workorders.world import NOON, fault
from workorders.choices import State
from workorders.models import Clock, Heartbeat, WorkOrder
from workorders.selectors.figures import Kept, Standing

BOARD = reverse("dashboard:board")
LIST = reverse("workorders:list")
LINK = re.compile(r'<a id="([^"]+)"[^>]*? href="([^"]+)"(?: aria-label="([^"]*)")?[^>]*>(.*?)</a>', re.S)
MOMENTS = {
    "an afternoon": "2026-11-20 14:32:10",
    "the last second of a month": "2026-11-30 23:59:59",
    "the first instant of a month": "2026-12-01 00:00:00",
    "half an hour into a month": "2026-12-01 00:30:00",
    "a Sunday night": "2026-11-22 03:00:00",
}


@pytest.fixture
def lead(world, client):
    client.force_login(world.supervisor)
    client.world = world
    return client


def counts(page: str) -> Iterator[tuple[str, str, int]]:
    """Every link of the board to a list: its id, where it leads, the figure it carries."""
    for name, url, label, words in LINK.findall(page):
        if unescape(url).startswith(LIST + "?"):
            figures = re.findall(r"[\d,]+", re.sub(r"<[^>]+>", " ", label or words))
            yield name, unescape(url), int(figures[-1].replace(",", ""))


def listed(client, url: str) -> int:
    return client.get(url).context["list"].count


# ── a figure and its orders ──


@pytest.mark.parametrize("when", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("unit", ["XL", "CB", "YY"])
def test_every_figure_lists_exactly_as_many_orders_as_it_says(lead, when, unit):
    now = moment(when)
    live(lead.world, now)
    with time_machine.travel(now, tick=False):
        lead.force_login(lead.world.supervisor)  # a session of that month
        found = list(counts(lead.get(BOARD, {"unit": unit}).content.decode()))
        wrong = {name: (n, listed(lead, url)) for name, url, n in found if listed(lead, url) != n}
    assert not wrong
    assert {name for name, _url, _n in found} >= {"k-open", "k-hour", "k-late", "k-today"}


def test_afternoon_has_one_of_every_sort(lead):
    live(lead.world, NOON)
    with time_machine.travel(NOON, tick=False):
        found = {name: n for name, _url, n in counts(lead.get(BOARD).content.decode())}
    assert found["k-open"] == 8
    assert (found["k-late"], found["k-untold"], found["k-hour"]) == (3, 2, 3)
    assert found["k-broken"] == 4  # complaint, told, untold, came late: five promises or more on four orders
    assert {name for name in found if name.startswith(("f-", "b-", "o-", "h-", "l-"))} >= {
        "f-ten-arrive-urban", "b-14", "o-CB", "h-CB", "l-CB", "o-fault", "l-complaint"
    }  # fmt: skip


def test_due_at_this_very_instant_is_soon_and_not_late_a_microsecond_after_it_is(lead):
    order = fault(lead.world, now=NOON)
    for shift, expected in [("0", (1, 0)), ("1", (0, 1))]:
        with time_machine.travel(order.next_due_at, tick=False) as clock:
            clock.shift(float(shift) / 1_000_000)
            found = {name: n for name, _url, n in counts(lead.get(BOARD).content.decode())}
        assert (found["k-hour"], found["k-late"]) == expected


def test_promise_counts_in_the_month_it_falls_due_in(lead):
    order = fault(lead.world, now=moment("2026-11-30 23:40:00"))  # arrive by 0:25 on the first of December
    due = Clock.objects.get(order=order, kind="arrive", rule__family="ten_promises").due_at
    before, after = (
        board_of(lead.world.company, now=moment("2026-11-30 23:59:59")),
        board_of(lead.world.company, now=due),
    )
    assert (before.kept.made, after.kept.made) == (0, 0)
    broken = board_of(lead.world.company, now=moment("2026-12-01 00:26:00"))
    assert (broken.month, broken.kept.made, broken.kept.broken, broken.kept.orders) == ("2026-12", 1, 1, 1)


def test_nothing_a_stranger_made_up_breaks_the_list(lead):
    for promise in (
        "broken",
        "broken:",
        "broken:2026-13",
        "ended:yesterday:x",
        "won:2026-11",
        "broken:2026-11:no-rule",
    ):
        assert listed(lead, f"{LIST}?standing=all&promise={promise}") == 0


# ── what adds up ──


@pytest.mark.parametrize("unit", ["company", "station"])
def test_rows_by_unit_and_by_kind_add_up_to_the_whole(lead, unit):
    live(lead.world, NOON)
    board = board_of(getattr(lead.world, unit), now=NOON)
    for rows in (board.units, board.kinds):
        assert sum((row.standing for row in rows), Standing()) == board.standing
        assert sum((row.kept for row in rows), Kept()) == board.kept


def test_orders_that_the_unit_holds_itself_have_a_row_of_their_own(lead):
    fault(lead.world)
    rows = {row.key: row for row in board_of(lead.world.station, now=NOON).units}
    assert rows["CB-only"].standing.open == 1


def test_bar_of_a_row_is_as_long_as_its_orders():
    row = Row("x", "x", Standing(open=10, hour=3, late=2), Kept(), "", widest=20)
    assert row.bar == [("open", 0.0, 25.0), ("soon", 25.0, 15.0), ("late", 40.0, 10.0)]


@pytest.mark.parametrize(
    ("made", "broken", "percent"), [(0, 0, None), (2500, 1, 99.9), (3, 0, 100.0), (1000, 14, 98.6)]
)
def test_rate_is_rounded_down_and_unknown_without_promises(made, broken, percent):
    assert Kept(made, broken).percent == percent


def test_usual_day_is_compared_only_with_weeks_that_had_orders(lead):
    assert board_of(lead.world.company, now=NOON).usual_by_now is None
    for day in ("2026-11-13", "2026-11-06"):
        for hour in ("08:00:00", "20:00:00"):
            fault(lead.world, now=moment(f"{day} {hour}"))
    board = board_of(lead.world.company, now=NOON)
    assert (board.usual_by_now, sum(board.intake.usual)) == (1, 2)


def test_average_published_as_an_average_only_is_shown_and_breaks_no_order(lead):
    live(lead.world, NOON)
    Clock.objects.filter(rule__key="ten-arrive-urban").update(per_order=False)
    board = board_of(lead.world.company, now=NOON)
    (row,) = [row for row in board.fulfilment if row.rule.key == "ten-arrive-urban"]
    assert row.spent.average is not None
    assert row.spent.broken == 0


def test_waiting_longest_is_sorted_by_what_is_most_over(lead):
    live(lead.world, NOON)
    longest = board_of(lead.world.company, now=NOON).longest
    assert [o.next_due_at for o in longest] == sorted(o.next_due_at for o in longest)
    assert longest[0].kind == "complaint"


# ── for whom ──


def test_board_is_not_for_clerks_and_crews(client, world):
    for who in ("clerk", "handler", "admin"):
        client.force_login(getattr(world, who))
        assert client.get(BOARD).status_code == 403


@pytest.mark.parametrize("who", ["supervisor", "manager", "dispatcher", "auditor"])
def test_board_is_for_those_who_answer_for_it(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(BOARD).status_code == 200


def test_unit_out_of_reach_is_404(client, world):
    grant = world.supervisor.grants.get()
    grant.unit = world.station
    grant.save()
    client.force_login(world.supervisor)
    assert client.get(BOARD).context["board"].unit == world.station
    assert client.get(BOARD, {"unit": "DJ"}).status_code == 404


def test_supervisor_of_a_station_finds_the_same_orders_behind_its_figures(client, world):
    grant = world.supervisor.grants.get()
    grant.unit = world.station
    grant.save()
    live(world, NOON)
    client.force_login(world.supervisor)
    with time_machine.travel(NOON, tick=False):
        found = list(counts(client.get(BOARD).content.decode()))
        assert all(listed(client, url) == n for _name, url, n in found)


def test_anonymous_visitor_is_sent_to_login_and_nobody_posts(client, world):
    assert reverse("staff:login") in client.get(BOARD).url
    client.force_login(world.supervisor)
    assert client.post(BOARD).status_code == 405


# ── the page ──


def test_empty_board_stands(lead):
    page = lead.get(BOARD).content.decode()
    assert "k-open" in page
    assert not WorkOrder.objects.exists()


def test_board_costs_the_same_however_many_orders(lead, django_assert_max_num_queries):
    live(lead.world, NOON)
    lead.get(BOARD)
    with django_assert_max_num_queries(28):
        lead.get(BOARD)
    for n in range(6):
        fault(lead.world, now=NOON, actor=lead.world.clerk, address=f"{n} 号")
    with django_assert_max_num_queries(28):
        lead.get(BOARD)


def test_figures_of_a_unit_cost_a_dozen_queries(lead, django_assert_max_num_queries):
    live(lead.world, NOON)
    board_of(lead.world.company, now=NOON)
    with django_assert_max_num_queries(12):
        board_of(lead.world.company, now=NOON)


@pytest.mark.parametrize("query", [{}, {"wall": "1"}])
def test_board_renews_itself_and_every_link_keeps_its_name(lead, query):
    live(lead.world, NOON)
    page = lead.get(BOARD, query).content.decode()
    board = page[page.index('id="dh-board"') :]
    assert 'hx-trigger="every 30s"' in board
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    links = re.findall(r"<a ([^>]*)>", board[: board.index("</main>")])
    names = [re.search(r'id="([^"]+)"', link) for link in links]
    assert all(names)
    assert len({name[1] for name in names}) == len(names)


def test_wall_has_no_controls_and_keeps_the_banner(lead):
    Heartbeat.objects.create(name="sweep", at=moment("2026-11-20 14:00:00"))
    with time_machine.travel(NOON, tick=False):
        page = lead.get(BOARD, {"wall": "1"}).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"<(select|button|input|form|details)", main)
    assert "dh-wclock" in main
    assert "dh-banner" in page
    assert "dh-rail" not in page


def test_month_is_counted_once_in_half_a_minute_and_anew_after_it(lead, settings, django_assert_num_queries):
    settings.BOARD_MONTH_KEPT_S = 30
    live(lead.world, NOON)
    company, later = lead.world.company, NOON + timedelta(seconds=29)
    first = month_of(company, "2026-11", now=NOON)
    with django_assert_num_queries(0):
        assert month_of(company, "2026-11", now=later) is first
    with django_assert_num_queries(2):
        assert month_of(company, "2026-11", now=later + timedelta(seconds=1)).counted_at > NOON
    assert month_of(company, "2026-10", now=later).kept == Kept()


def test_units_that_need_eyes_are_shown_and_the_calm_ones_on_request():
    rows = [
        Row(str(n), f"unit {n}", Standing(open=n_open, hour=hour, late=late), Kept(), "")
        for n, (n_open, hour, late) in enumerate([(30, 0, 0), (20, 0, 1), (10, 2, 0), (5, 0, 3), (2, 0, 0)])
    ]
    shown, rest = pressing(rows, 3)
    assert [row.key for row in shown] == ["1", "2", "3"]
    assert [row.key for row in rest] == ["0", "4"]
    assert pressing(rows, 4) == (rows, [])  # nobody is left out for one line


def test_no_unit_with_something_late_or_due_soon_is_left_out_but_at_the_wall():
    rows = [Row(str(n), f"unit {n}", Standing(open=9, hour=n % 2, late=1 - n % 2), Kept(), "") for n in range(5)]
    rows += [Row(f"calm {n}", "", Standing(open=20), Kept(), "") for n in range(3)]
    shown, rest = pressing(rows, 2)
    assert shown == rows[:5]
    assert rest == rows[5:]
    on_the_wall, hidden = pressing(rows, 2, cut=True)
    assert [row.standing.late for row in on_the_wall] == [1, 1]
    assert len(hidden) == 6


def test_closed_orders_count_in_what_ended_today(lead):
    live(lead.world, NOON)
    ended = WorkOrder.objects.filter(state__in=[State.CLOSED, State.CANCELLED]).count()
    assert board_of(lead.world.company, now=NOON).ended_today == ended == 2

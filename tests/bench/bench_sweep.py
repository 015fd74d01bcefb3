"""The sweep among few and among very many orders: its time, its statements, its memory, its throughput (design §10)."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.lines import BenchLine, at_least, at_most, at_most_times
from tests.bench.peak import peak_of
from tests.bench.timing import Took, median, taking
from tests.bench.towns import Town, copy_of_town, inside, make_due, town
from workorders.services.sweep import sweep

DUE, ROUNDS = 1_000, 7
BUDGET_S, TIMES, LEAST_PER_S, MOST_MB = 0.5, 1.3, 3_000, 150


def run(quick: bool) -> list[BenchLine]:
    """A thousand due among few and among many in turn, so that both meet the same weather; then a great many due."""
    few, many = (1_000, 100_000) if quick else (10_000, 1_000_000)
    number = min(DUE, few // 4)
    times: dict[int, list[Took]] = {few: [], many: []}
    with copy_of_town(few) as small_town, town(many) as large_town:
        for _ in range(ROUNDS + 1):
            for there in (small_town, large_town):
                with inside(there.database):
                    times[there.orders].append(swept(there, number))
    small, large = (median(took[1:]) for took in times.values())  # the first of each warms up
    with town(many) as there:
        statements = [_statements(there, due) for due in (40, 400)]
        many_due = 3_000 if quick else 20_000
        all_of_it = swept(there, many_due)
        memory_mb = _memory_mb(there, 2_000)
    work = f"work {large.work_s:.3f} s × {large.work_s / small.work_s:.2f}"
    return [
        at_most(f"sweep, {number:,} due among {many:,} open orders", large.wall_s, "s", BUDGET_S, work),
        at_most_times(f"… against the same among {few:,}", large.wall_s, "s", other=small.wall_s, times=TIMES, note=work),
        at_most_times("… statements for 400 due against 40", statements[1], "", other=statements[0], times=1),
        at_least(
            "sweep, throughput of one process", many_due / all_of_it.wall_s, "clocks/s", LEAST_PER_S,
            f"{many_due / all_of_it.work_s:,.0f} by work alone",
        ),
        at_most("sweep, memory of run_clocks at its peak", memory_mb, "MB", MOST_MB),
    ]  # fmt: skip


def swept(there: Town, number: int) -> Took:
    """Let ``number`` clocks become due and fire them, each with an alarm, a timeline row and its messages."""
    sweep(now=there.built_at)  # what a run that was cut off left behind
    make_due(number, at=there.built_at)
    with taking() as took:
        fired = sweep(now=there.built_at)
    assert fired == number, fired
    return took


def _statements(there: Town, number: int) -> int:
    make_due(number, at=there.built_at)
    with CaptureQueriesContext(connection) as queries:
        assert sweep(now=there.built_at) == number
        return len(queries)


def _memory_mb(there: Town, number: int) -> float:
    """The most that a process of its own ever held while it swept and sent."""
    make_due(number, at=there.built_at)
    return peak_of("run_clocks", "--once", database=there.url)

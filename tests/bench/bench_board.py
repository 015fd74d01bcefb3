"""The supervisors' board of a center with very many orders (design §10: ≤ 20 queries, p50 ≤ 100 ms)."""

from staff.choices import Role
from tests.bench.lines import BenchLine, at_most
from tests.bench.pages import p50_ms, queries_of, shown, window_of
from tests.bench.towns import person, town_on_record
from tests.bench.weather import bare_list_ms, within_ms

MOST_QUERIES, BUDGET_MS, TIMES = 20, 100, 20


def run(quick: bool) -> list[BenchLine]:
    """The whole company's board."""
    size = 100_000 if quick else 1_000_000
    with town_on_record(size), window_of(person(Role.SUPERVISOR)) as window:
        p50, note = p50_ms(shown(window, "/board/", times=TIMES))
        queries = queries_of(window, "/board/")
        bare = bare_list_ms(person(Role.SUPERVISOR))
    return [
        within_ms(f"board, {size:,} orders, {size // 50:,} of them open, p50", p50, BUDGET_MS, bare_ms=bare, note=note),
        at_most("… queries", queries, "", MOST_QUERIES),
    ]

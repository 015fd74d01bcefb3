"""The queue page among few and among very many orders (design §10: ≤ 10 queries, p50 ≤ 60 ms, ≤ 1.3 × the time at 10 k)."""

from statistics import mean

from staff.choices import Role
from tests.bench.lines import BenchLine, at_most, at_most_times
from tests.bench.pages import p50_ms, queries_of, shown, window_of
from tests.bench.timing import Took
from tests.bench.towns import person, town
from tests.bench.weather import bare_list_ms, within_ms

PAGES = {
    "my unit's work, as a handler": (Role.HANDLER, "/my/?view=unit"),
    "all orders, as a clerk": (Role.CLERK, "/orders/"),
    "all orders of a station, as its lead": (Role.UNIT_LEAD, "/orders/"),
}
ROUNDS, TIMES_EACH = 4, 8
MOST_QUERIES, BUDGET_MS, TIMES = 10, 60, 1.3


def run(quick: bool) -> list[BenchLine]:
    """Each page in the small and in the large town in turn."""
    few, many = (10_000, 100_000) if quick else (10_000, 1_000_000)
    return [line for name in PAGES for line in _page(name, few, many)]


def _page(name: str, few: int, many: int) -> list[BenchLine]:
    role, url = PAGES[name]
    spans: dict[int, list[Took]] = {few: [], many: []}
    queries, bare = 0, []
    for _ in range(ROUNDS):
        for size, seen in spans.items():
            with town(size), window_of(person(role)) as window:
                seen.extend(shown(window, url, times=TIMES_EACH))
                queries = queries_of(window, url)
        with town(many):
            bare.append(bare_list_ms(person(role), times=TIMES_EACH))
    (small, _note), (large, note) = p50_ms(spans[few]), p50_ms(spans[many])
    return [
        within_ms(f"queue · {name} · {many:,} orders, p50", large, BUDGET_MS, bare_ms=mean(bare), note=note),
        at_most_times(f"… against {few:,}", large, "ms", other=small, times=TIMES),
        at_most("… queries", queries, "", MOST_QUERIES),
    ]

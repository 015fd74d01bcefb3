"""The order page with a short and with a very long history (design §10: ≤ 15 queries at any length, p50 ≤ 60 ms)."""

from datetime import timedelta

from django.urls import reverse

from staff.choices import Role
from tests.bench.lines import BenchLine, at_most, at_most_times
from tests.bench.pages import p50_ms, queries_of, shown, window_of
from tests.bench.timing import Took
from tests.bench.towns import person, town
from tests.bench.weather import bare_list_ms, within_ms
from workorders.choices import State, Verb
from workorders.models import Event, WorkOrder

LENGTHS = (10, 2_000)
ROUNDS, TIMES_EACH = 4, 6
MOST_QUERIES, BUDGET_MS, TIMES = 15, 60, 1.3


def run(quick: bool) -> list[BenchLine]:
    """The same order but for its history, as a dispatcher sees it, in a large town."""
    spans: dict[int, list[Took]] = {length: [] for length in LENGTHS}
    queries: dict[int, int] = {}
    with town(10_000 if quick else 1_000_000), window_of(person(Role.DISPATCHER)) as window:
        urls = {length: reverse("workorders:detail", args=[_order(n, length)]) for n, length in enumerate(LENGTHS)}
        bare = bare_list_ms(person(Role.DISPATCHER))
        for _ in range(ROUNDS):
            for length, url in urls.items():
                spans[length] += shown(window, url, times=TIMES_EACH)
                queries[length] = queries_of(window, url)
    (short, short_note), (long, long_note) = (p50_ms(spans[length]) for length in LENGTHS)
    return [
        within_ms(f"order page, {LENGTHS[0]} events, p50", short, BUDGET_MS, bare_ms=bare, note=short_note),
        within_ms(f"order page, {LENGTHS[1]:,} events, p50", long, BUDGET_MS, bare_ms=bare, note=long_note),
        at_most_times("… against the short one", long, "ms", other=short, times=TIMES),
        at_most("… queries, the most", max(queries.values()), "", MOST_QUERIES),
    ]


def _order(place: int, length: int) -> str:
    """An accepted fault report with this many timeline rows."""
    orders = WorkOrder.objects.filter(kind="fault", state=State.ACCEPTED, next_due_at__isnull=False)
    order = orders.order_by("-id")[place]
    missing = length - Event.objects.filter(order=order).count()
    Event.objects.bulk_create(
        Event(
            order=order,
            verb=Verb.NOTE if n % 3 else Verb.ADD_CONTACT,
            at=order.received_at + timedelta(seconds=600 + n),
            recorded_at=order.received_at + timedelta(seconds=600 + n),
            actor=order.first_owner,
            unit=order.unit,
            text="客户又打来，问师傅什么时候到。",
            is_public=n % 2 == 0,
        )
        for n in range(missing)
    )
    return order.code

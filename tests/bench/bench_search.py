"""Customer search among a million: p95 of every form that the search box understands (design §10: 30 ms).

    from tests.bench import bench_search
    bench_search.run(quick=False)

Wants a migrated database of its own; fills it the first time.
"""

import random
import statistics
from collections.abc import Callable
from time import perf_counter

from customers.models import Customer
from customers.selectors import search
from staff.choices import Role
from staff.models import Member, Unit
from tests.bench.city import FIRST_ACCOUNT, build_city
from tests.bench.lines import BenchLine, at_most
from tests.bench.timing import taking
from tests.bench.towns import own_database
from tests.staff.factories import member

BUDGET_MS = 30.0
TRIES, TRIES_QUICK = 200, 80
FORMS: dict[str, Callable[[Customer, random.Random], str]] = {
    "account in full": lambda c, r: c.account_no,
    "account, first 7": lambda c, r: c.account_no[:7],
    "account, first 4 (everybody)": lambda c, r: c.account_no[:4],
    "meter in full": lambda c, r: c.supply_points.all()[0].meter_no,
    "meter, last 6": lambda c, r: c.supply_points.all()[0].meter_no[-6:],
    "phone in full": lambda c, r: c.contacts.all()[0].phone,
    "phone, last 4": lambda c, r: c.contacts.all()[0].phone[-4:],
    "name in full": lambda c, r: c.name,
    "two characters of a name": lambda c, r: c.name[-2:],
    "pinyin initials": lambda c, r: c.initials,
    "full pinyin, beginning": lambda c, r: c.pinyin[: max(4, len(c.pinyin) - 2)],
    "address fragment": lambda c, r: c.supply_points.all()[0].address.split("街道")[1],
    "address, half the city": lambda c, r: r.choice(("1单元", "街道", "栋1单元", "路1", "单元")),
    "three digits": lambda c, r: r.choice(("302", "101", "18", "120")),
    "name and street": lambda c, r: f"{c.name[:2]} {c.supply_points.all()[0].address.split('街道')[0]}",
    "initials and phone": lambda c, r: f"{c.initials} {c.contacts.all()[0].phone[-4:]}",
    "three words": lambda c, r: f"{c.name[0]} 1单元 {c.supply_points.all()[0].address[-6:]}",
    "common words together": lambda c, r: r.choice(("街道 1单元", "li 1单元", "王 路1", "zh 栋1单元", "1单元 302")),
    "nobody": lambda c, r: r.choice(("玛丽", "1单元 9单元", "xqz", "9999999999", "欧阳 桔城路")),
}


def run(quick: bool) -> list[BenchLine]:
    """One line per form, searched by a clerk (everybody) and, for the widest, by a crew and a county."""
    size = 100_000 if quick else 1_000_000
    with own_database("search"):
        build_city(size)
        return _searched(size, TRIES_QUICK if quick else TRIES)


def _searched(size: int, tries: int) -> list[BenchLine]:
    clerk = _person(Role.CLERK, Unit.objects.get_root_nodes().first())
    handler = _person(Role.HANDLER, Unit.objects.get(code="BENCHS00A"))
    lead = _person(Role.UNIT_LEAD, Unit.objects.get(code="BENCHC1"))
    draw = random.Random(7)  # noqa: S311
    numbers = [str(FIRST_ACCOUNT + draw.randint(1, size)) for _ in range(tries)]
    customers = list(Customer.objects.filter(account_no__in=numbers).prefetch_related("contacts", "supply_points"))
    lines = [_line(name, [form(c, draw) for c in customers], clerk, size) for name, form in FORMS.items()]
    for name in ("address, half the city", "two characters of a name"):
        texts = [FORMS[name](c, draw) for c in customers]
        lines.append(_line(f"{name}, by a crew", texts, handler, size))
        lines.append(_line(f"{name}, by a county", texts, lead, size))
    return lines


def _line(name: str, texts: list[str], actor: Member, size: int) -> BenchLine:
    with taking() as took:
        spans = [min(_span_ms(text, actor) for _ in range(2)) for text in texts]  # the better of two: no cold pages
    p95 = statistics.quantiles(spans, n=20)[-1]
    work = f"p50 {statistics.median(spans):.1f} ms, work per search {took.work_s * 500 / len(texts):.1f} ms"
    return at_most(f"search, {size:,}: {name}, p95", round(p95, 1), "ms", BUDGET_MS, work)


def _span_ms(text: str, actor: Member) -> float:
    start = perf_counter()
    search(text, actor=actor)
    return (perf_counter() - start) * 1000


def _person(role: Role, place: Unit) -> Member:
    staff_no = f"BENCH{role.upper()}"
    return Member.objects.filter(staff_no=staff_no).first() or member(staff_no, unit=place, roles=[role])

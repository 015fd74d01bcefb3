"""Outages at size: whom a feeder takes in, freezing and telling everybody, a year's indices, the public page (issue 3)."""

import random
import re
import resource
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from customers.addresses import short
from customers.models import Customer, Feeder, SupplyPoint, Transformer
from notifications.models import Message
from outages.choices import Kind, State
from outages.models import Affected, Asking, Notice, Outage, OutageStep
from outages.reliability import Step, indices
from outages.selectors.places import touching
from outages.services.freezing import reach_of
from outages.services.reporting import attach
from outages.services.restoring import begin
from outages.services.telling import spread
from outages.services.writing import Scope, Writing, draft
from staff.choices import Role
from staff.models import Member, Unit
from tests.bench.city import build_city
from tests.bench.lines import BenchLine, at_least, at_most, at_most_times
from tests.bench.pages import PLAIN
from tests.bench.timing import Took, median, taking
from tests.bench.towns import own_database
from tests.staff.factories import member

FEEDER = 50_000
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEPS = 1_000_000

RAW_LIST = """
INSERT INTO bench_affected (version_id, supply_point_id, customer_id, transformer_id)
SELECT 1, id, customer_id, transformer_id FROM customers_supplypoint
"""
RAW_MESSAGES = """
INSERT INTO bench_message (address, channel, language, kind, data, dedupe_key, urgent, about, not_before, created_at)
SELECT c.phone, 'sms', p.language, 'outage_off', %s::jsonb, 'raw:sms:' || c.phone, false, 'RAW', now(), now()
FROM customers_customer p JOIN customers_contact c ON c.customer_id = p.id AND c.is_primary
"""


def run(quick: bool) -> list[BenchLine]:
    """In a database of its own, kept between runs."""
    size = 100_000 if quick else 1_000_000
    with own_database("outages"):
        build_city(size)
        people = _people()
        return [*_feeder(size), *_everybody(size, people, quick), *_year(quick), *_public(people)]


def _people() -> tuple[Member, Member]:
    top = Unit.objects.get_root_nodes()[0]
    found = list(Member.objects.filter(grants__role=Role.DISPATCHER, home_unit=top).order_by("pk")[:2])
    while len(found) < 2:
        found.append(member(unit=top, roles=[Role.DISPATCHER]))
    return found[0], found[1]


def _written(people: tuple[Member, Member], scope: Scope) -> Outage:
    facts = {"kind": Kind.FAULT, "unit": Unit.objects.get_root_nodes()[0], "place": "全城", "reason": "总闸跳了"}
    return draft(writing=Writing(facts, scope), actor=people[0], now=NOW, request_id=uuid4())


def _feeder(size: int) -> list[BenchLine]:
    """The exact list behind a feeder of 50,000 customers, counted."""
    each = size // Transformer.objects.count()
    feeder, _new = Feeder.objects.get_or_create(code="BENCH50", defaults={"name": "五万线"})
    boxes = list(Transformer.objects.order_by("pk").values_list("pk", flat=True)[: FEEDER // each])
    Transformer.objects.filter(feeder=feeder).update(feeder=Feeder.objects.get(code="BENCH"))
    Transformer.objects.filter(pk__in=boxes).update(feeder=feeder)
    outage = _written(_people(), Scope(feeders=frozenset({feeder.pk})))
    times = []
    for _ in range(7):
        began = perf_counter()
        reach = reach_of(outage)
        times.append((perf_counter() - began) * 1000)
    assert reach.customers == FEEDER // each * each, reach
    return [at_most(f"affected customers of a feeder of {reach.customers:,}", sorted(times)[3], "ms", 300)]


def _callers(outage: Outage, clerk: Member) -> BenchLine:
    """Who reports “no power” while it lasts: matched, put to it, told what is known."""
    points = list(SupplyPoint.objects.select_related("customer").order_by("-pk")[:300])
    began = perf_counter()
    for point in points:
        assert touching([point], NOW)[point.pk] == outage
        attach(
            code=outage.code, customer=point.customer, point=point, phone=f"139{point.pk:08d}", text="", actor=clerk,
            now=NOW, request_id=uuid4(),
        )  # fmt: skip
    rate = len(points) / (perf_counter() - began) * 60
    assert outage.reports.count() == len(points)
    return at_least("reports matched and put to it, one process", rate, "a minute", 300)


def _everybody(size: int, people: tuple[Member, Member], quick: bool) -> list[BenchLine]:
    """An outage of everybody: frozen and every message written, beside the same rows written raw."""
    _raw()  # warms the caches
    raw_s = _raw()
    Message.objects.filter(kind__startswith="outage_").delete()
    feeders = frozenset(Feeder.objects.values_list("pk", flat=True))
    outage = _written(people, Scope(feeders=feeders))
    before_mb = _peak_mb()
    began = perf_counter()
    begin(code=outage.code, actor=people[1], now=NOW, request_id=uuid4(), expected_at=NOW + HOUR)
    spread(notice_id=Notice.objects.get(outage=outage).pk, now=NOW)
    took = perf_counter() - began
    written = Message.objects.filter(about=outage.code).count()
    assert written == Customer.objects.count(), written
    lines = [
        at_most_times(
            f"{size:,} customers frozen and told", took, "s", other=raw_s, times=2, note=f"{written:,} messages"
        ),
        at_most("… memory it added", _peak_mb() - before_mb, "MB", 20),
        _callers(outage, people[0]),
    ]
    if not quick:
        lines.append(at_most("… in seconds", took, "s", 60))
    _clear()
    return lines


def _raw() -> float:
    """The same rows by one statement each into tables with the same columns and indexes."""
    with connection.cursor() as cursor:
        for table, like in (("bench_affected", "outages_affected"), ("bench_message", "notifications_message")):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TABLE {table} (LIKE {like} INCLUDING ALL)")
        data = '{"place": "全城", "reason": "总闸跳了", "back": {"at": "2026-11-20T15:30:00+08:00"}}'
        began = perf_counter()
        cursor.execute(RAW_LIST)
        cursor.execute(RAW_MESSAGES, [data])
        took = perf_counter() - began
        for table in ("bench_affected", "bench_message"):
            cursor.execute(f"DROP TABLE {table}")
    return took


def _clear() -> None:
    """Nothing of an outage of everybody stays for the next run."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_message")
        cursor.execute("TRUNCATE outages_outage CASCADE")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _year(quick: bool) -> list[BenchLine]:
    """The indices of a year of a million steps."""
    number = STEPS // 10 if quick else STEPS
    draw, january = random.Random(1), datetime(2026, 1, 1, tzinfo=UTC)
    steps = []
    for n in range(number):
        start = january + timedelta(seconds=draw.randrange(365 * 86_400))
        steps.append(Step(n // 3, draw.randrange(1, 500), start, start + timedelta(seconds=draw.randrange(1, 20_000))))
    began = perf_counter()
    indices(steps, customers_served=1_000_000, start=january, end=january + timedelta(days=365))
    budget = 0.5 if quick else 5
    return [at_most(f"indices of {number:,} steps", perf_counter() - began, "s", budget)]


def _public(people: tuple[Member, Member]) -> list[BenchLine]:
    """The public page and feed with five thousand live outages; then a client that keeps what it has."""
    boxes = list(Transformer.objects.order_by("pk").values_list("pk", flat=True))
    unit = Unit.objects.get_root_nodes()[0]
    made = Outage.objects.bulk_create(
        Outage(
            code=f"TD-260101-{n:05}", kind=Kind.FAULT, state=State.UNDER_WAY, unit=unit, place=f"第{n}处",
            began_at=NOW - HOUR, published_at=NOW - HOUR, expected_at=NOW + HOUR, version=1, customers=1, changed_at=NOW,
        )
        for n in range(5_000)
    )  # fmt: skip
    versions = [_version(outage, boxes[n % len(boxes)]) for n, outage in enumerate(made)]
    type(versions[0]).objects.bulk_create(versions)
    Affected.objects.bulk_create(
        Affected(version=version, supply_point_id=n + 1, customer_id=n + 1, transformer_id=boxes[n % len(boxes)])
        for n, version in enumerate(versions)
    )
    OutageStep.objects.bulk_create(
        OutageStep(outage=v.outage, number=1, transformers=v.boxes, customers=1, began_at=NOW - HOUR) for v in versions
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does in life
    with override_settings(**PLAIN):
        window = Client()
        page = _p95(lambda: (cache.clear(), window.get(reverse("outages:public")))[1], 200)
        feed = _p95(lambda: window.get(reverse("outages:json")), 200)
        each_s = 1000 / _p95(lambda: window.get(reverse("outages:json"), headers=_known(window)), 304)
        kept = _work(lambda: window.get(reverse("outages:public")))
        searches = {name: _work(partial(_searched, window, text)) for name, text in _asked().items()}
    _clear()
    return [
        at_most("public page, 5,000 live outages, p95", page, "ms", 100),
        at_most("public JSON, 5,000 live outages, p95", feed, "ms", 100),
        at_least(
            "… asked again by who has it, one process", each_s, "answers/s", 250, "two processes on two cores: 500"
        ),
        at_least("public page as it is kept, one process", 1 / kept.work_s, "answers/s", 250, "of work; two: 500"),
        *(at_most(f"public search, {name}", took.work_s * 1000, "ms", 100, "work") for name, took in searches.items()),
    ]


def _asked() -> dict[str, str]:
    """What people type: an account, a whole address, a road that very many live on, an area."""
    point = SupplyPoint.objects.select_related("customer", "transformer__area").order_by("pk")[1_000]
    road = re.match(r"\D+", short(point.address))
    return {
        "an account": point.customer.account_no,
        "an address": point.address,
        "a long road": road[0].strip() if road else point.address,
        "an area": point.transformer.area.name,
    }


def _searched(window: Client, text: str) -> HttpResponse:
    Asking.objects.all().delete()
    return window.get(reverse("outages:public"), {"q": text})


def _work(ask: Callable[[], HttpResponse]) -> Took:
    """What one answer costs, the middle of a few."""
    spans = []
    for _ in range(32):
        with taking() as took:
            assert ask().status_code == 200
        spans.append(took)
    return median(spans[2:])


def _version(outage: Outage, box: int):
    return outage.versions.model(
        outage=outage, number=1, at=NOW, told={}, customers=1, supply_points=1, transformers=1, boxes=[box]
    )  # fmt: skip


def _known(window: Client) -> dict[str, str]:
    """The tag a client has; asked for when the minute is young enough not to end while it is used."""
    global _tag
    if not _tag or perf_counter() - _tag[1] > 5:
        _tag = (window.get(reverse("outages:json")).headers["ETag"], perf_counter())
    return {"if-none-match": _tag[0]}


_tag: tuple[str, float] | None = None


def _p95(ask, expected: int) -> float:
    times = []
    for _ in range(40):
        began = perf_counter()
        assert ask().status_code == expected
        times.append((perf_counter() - began) * 1000)
    return sorted(times[2:])[int(38 * 0.95)]

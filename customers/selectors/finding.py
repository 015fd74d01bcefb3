"""The one search box.

Asks the index in circles (`customers.search.Query.circles`): the very name first, then names and numbers, then
addresses. A circle that may be common is asked in a fixed sample of the customers first; only when the sample says that
few fit is everybody asked. So neither “1单元”, which fits half the city, nor a rare name has much to read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.addresses import short
from customers.models import Customer
from customers.ranking import Entry, rank, underlined
from customers.search import TAIL, Query, parse, plain
from customers.selectors.files import Reach, reach_of, visible_in, with_places
from staff.models import Member

ENOUGH = 60  # so many in the sample: the question is common, rank those (everybody would be ~2,000 or more)
MOST = 120  # candidates that are ranked otherwise
RARE = 0.003  # fewer than three in a thousand: everybody is asked at once
FULL_PHONE = 7
Found = dict[int, str]  # id → the lines of its search entry, empty when a whole number led there

STATISTICS = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs::float8[] FROM pg_stats
    WHERE tablename = 'customers_searchentry' AND attname = 'keys' AND most_common_elems IS NOT NULL"""
READ_AGAIN_S = 600


@dataclass
class _Shares:
    """What this process knows of the table's statistics."""

    by_key: Mapping[str, float] = field(default_factory=dict)
    read_at: float = 0.0


_shares = _Shares()


@dataclass(frozen=True)
class Hit:
    """One row of the list: customer, where it is, what it was found by, and the matched part to underline."""

    customer: Customer
    address: str  # without the sub-district
    name_parts: tuple[str, str, str]  # before, matched, after
    why: str = ""


@dataclass(frozen=True)
class SearchResult:
    """``exact`` is set when an account, meter or full phone names exactly one customer: go straight there."""

    hits: list[Hit]
    exact: Customer | None = None


def search(text: str, *, actor: Member, limit: int = 8) -> SearchResult:
    """Find customers by account, meter, phone, name, pinyin or address; several words narrow.

    Never shows more than ``visible_to(actor)``. At most a dozen small queries, whatever the number of customers.
    """
    query = parse(text, common_keys())
    reach = reach_of(actor)
    if not query.words or reach.is_nowhere:
        return SearchResult([])
    seen = visible_in(actor, reach)
    owned = _hits(_owners(query.number), query, seen, limit)
    if owned:
        return SearchResult(owned, exact=owned[0].customer if len(owned) == 1 else None)
    return SearchResult(_hits(_candidates(query, reach, limit), query, seen, limit))


def common_keys() -> Mapping[str, float]:
    """The shares of the most common keys, as the database counted them last; read anew every ten minutes."""
    now = monotonic()
    if not _shares.read_at or now - _shares.read_at > READ_AGAIN_S:
        with connection.cursor() as cursor:
            cursor.execute(STATISTICS)
            row = cursor.fetchone()
        _shares.by_key = dict(zip(*row, strict=False)) if row else {}
        _shares.read_at = now
    return _shares.by_key


def _owners(number: str) -> Found:
    """Customers whose account, meter or whole phone this is."""
    if len(number) < FULL_PHONE:
        return {}
    sql = """
        SELECT id FROM customers_customer WHERE account_no = %(number)s
        UNION SELECT customer_id FROM customers_supplypoint WHERE meter_no = %(number)s AND meter_no <> ''
        UNION SELECT customer_id FROM customers_contact WHERE phone = %(number)s
        LIMIT 50"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"number": number.upper()})
        return dict.fromkeys((row[0] for row in cursor.fetchall()), "")


def _candidates(query: Query, reach: Reach, limit: int) -> Found:
    """Customers worth loading, best first."""
    here = " | ".join(f"'@{unit}'" for unit in sorted(reach.units))
    ranked: Found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # A sequential scan that hopes to fill the LIMIT early reads the whole table when the rows lie at its end.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for circle in query.circles():
            keys = [circle.keys, here] if here else [circle.keys]
            found = _ask(cursor, keys, query, ENOUGH, sampled=True) if circle.share > RARE else []
            if len(found) < ENOUGH:
                found = _ask(cursor, keys, query, MOST, sampled=False)
            found.sort(key=lambda row: rank(row[1], query))
            ranked |= {pk: lines for pk, lines in found if pk not in ranked}
            if len(ranked) >= limit:
                break
        cursor.execute("SET LOCAL enable_seqscan = on")
    return ranked


def _ask(cursor, keys: list[str], query: Query, most: int, *, sampled: bool) -> list[tuple[int, str]]:
    checks = query.checks()
    holds = ["keys @@ %s::tsquery"] * len(keys) + ["lines LIKE ANY(%s)"] * len(checks)
    if sampled:
        holds.append("is_sampled")
    sql = f"SELECT customer_id, lines FROM customers_searchentry WHERE {' AND '.join(holds)} LIMIT %s"  # noqa: S608
    cursor.execute(sql, [*keys, *checks, most])
    return cursor.fetchall()


def _hits(found: Found, query: Query, seen: QuerySet[Customer], limit: int) -> list[Hit]:
    """The first of these that the member may see, in this order; two queries unless some may not be seen."""
    hits: list[Hit] = []
    ids = list(found)
    while ids and len(hits) < limit:
        page, ids = ids[:limit], ids[limit:]
        loaded = with_places(seen.filter(pk__in=page)).in_bulk()
        hits += [hit(loaded[pk], query, found[pk]) for pk in page if pk in loaded]
    return hits[:limit]


def hit(customer: Customer, query: Query, lines: str = "") -> Hit:
    """A customer as a row of the list; supply points are prefetched, ``lines`` are those of its search entry."""
    places = list(customer.supply_points.all())
    place = next((p for p in places if any(w.text in plain(p.address) for w in query.words)), None)
    address = (place or places[0]).address if places else ""
    return Hit(customer, short(address), underlined(customer.name, query), _why(query, lines))


def _why(query: Query, lines: str) -> str:
    """Which number ends so, when it is not the account that stands beside the name; says no more than was typed."""
    kinds = {"phone": _("phone ending in %(tail)s"), "meter": _("meter ending in %(tail)s")}
    entry = Entry.read(lines) if lines else None
    for word in query.words if entry else ():
        if word.text.isdigit() and len(word.text) >= TAIL and (kind := entry.ends_with(word.text)) in kinds:
            return kinds[kind] % {"tail": word.text[-TAIL:]}
    return ""

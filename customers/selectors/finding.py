"""The one search box.

Asks the index in circles (`customers.search.Query.circles`): the very name first, then names and numbers, then
addresses. Each circle is asked in a fixed sample of the customers first; only when the sample says that few fit is
everybody asked. So neither “1单元”, which fits half the city, nor a rare name has much to read.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.ranking import rank, underlined
from customers.search import TAIL, Query, parse, plain
from customers.selectors.files import Reach, reach_of, visible_in, with_places
from staff.models import Member

ENOUGH = 60  # so many in the sample: the question is common, rank those (everybody would be ~2,000 or more)
MOST = 240  # candidates that are ranked otherwise
FULL_PHONE = 7


@dataclass(frozen=True)
class Hit:
    """One row of the list: customer, where it is, what it was found by, and the matched part to underline."""

    customer: Customer
    address: str
    name_parts: tuple[str, str, str]  # before, matched, after
    why: str = ""


@dataclass(frozen=True)
class SearchResult:
    """``exact`` is set when an account, meter or full phone names exactly one customer: go straight there."""

    hits: list[Hit]
    exact: Customer | None = None


def search(text: str, *, actor: Member, limit: int = 8) -> SearchResult:
    """Find customers by account, meter, phone, name, pinyin or address; several words narrow.

    Never shows more than ``visible_to(actor)``. At most ten small queries, whatever the number of customers.
    """
    query = parse(text)
    reach = reach_of(actor)
    if not query.words or reach.is_nowhere:
        return SearchResult([])
    seen = visible_in(actor, reach)
    ids = _owners(query.number)
    if ids:
        hits = _hits(ids, query, seen, limit)
        if hits:
            return SearchResult(hits, exact=hits[0].customer if len(hits) == 1 else None)
    return SearchResult(_hits(_candidates(query, reach, limit), query, seen, limit))


def _owners(number: str) -> list[int]:
    """Customers whose account, meter or whole phone this is."""
    if len(number) < FULL_PHONE:
        return []
    sql = """
        SELECT id FROM customers_customer WHERE account_no = %(number)s
        UNION SELECT customer_id FROM customers_supplypoint WHERE meter_no = %(number)s AND meter_no <> ''
        UNION SELECT customer_id FROM customers_contact WHERE phone = %(number)s
        LIMIT 50"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"number": number.upper()})
        return [row[0] for row in cursor.fetchall()]


def _candidates(query: Query, reach: Reach, limit: int) -> list[int]:
    """Ids worth loading, best first."""
    here = " | ".join(f"'@{unit}'" for unit in sorted(reach.units))
    ranked: dict[int, None] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # A sequential scan that hopes to fill the LIMIT early reads the whole table when the rows lie at its end.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for circle in query.circles():
            keys = [circle, here] if here else [circle]
            found = _ask(cursor, keys, query, ENOUGH, sampled=True)
            if len(found) < ENOUGH:
                found = _ask(cursor, keys, query, MOST, sampled=False)
            found.sort(key=lambda row: rank(row[1], query))
            ranked.update(dict.fromkeys(row[0] for row in found))
            if len(ranked) >= limit:
                break
        cursor.execute("SET LOCAL enable_seqscan = on")
    return list(ranked)


def _ask(cursor, keys: list[str], query: Query, most: int, *, sampled: bool) -> list[tuple[int, str]]:
    checks = query.checks()
    holds = ["keys @@ %s::tsquery"] * len(keys) + ["lines LIKE ANY(%s)"] * len(checks)
    if sampled:
        holds.append("is_sampled")
    sql = f"SELECT customer_id, lines FROM customers_searchentry WHERE {' AND '.join(holds)} LIMIT %s"  # noqa: S608
    cursor.execute(sql, [*keys, *checks, most])
    return cursor.fetchall()


def _hits(ids: list[int], query: Query, seen: QuerySet[Customer], limit: int) -> list[Hit]:
    """The first of these that the member may see, in this order; three queries unless some may not be seen."""
    found: list[Hit] = []
    while ids and len(found) < limit:
        page, ids = ids[:limit], ids[limit:]
        loaded = with_places(seen.filter(pk__in=page)).prefetch_related("contacts").in_bulk()
        found += [hit(loaded[pk], query) for pk in page if pk in loaded]
    return found[:limit]


def hit(customer: Customer, query: Query) -> Hit:
    """A customer as a row of the list; supply points are prefetched."""
    places = list(customer.supply_points.all())
    place = next((p for p in places if any(w.text in plain(p.address) for w in query.words)), None)
    address = (place or places[0]).address if places else ""
    return Hit(customer, address, underlined(customer.name, query), _why(customer, query))


def _why(customer: Customer, query: Query) -> str:
    """Which number fits, when it is not the account that stands beside the name anyway; says no more than was typed."""
    tails = [word.text for word in query.words if word.text.isdigit() and len(word.text) >= TAIL]
    for tail in tails:
        if any(place.meter_no.endswith(tail) for place in customer.supply_points.all()):
            return _("meter ending in %(tail)s") % {"tail": tail[-TAIL:]}
        if any(contact.phone.endswith(tail) for contact in customer.contacts.all()):
            return _("phone ending in %(tail)s") % {"tail": tail[-TAIL:]}
    return ""

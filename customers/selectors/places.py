"""Supply points as somebody without a login may ask for them: by address to the building, by account number.

Answers are ids for the house's own use; what is said of them names an area, never a person or a door. Customers with a
secrecy level are not found.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from customers.addresses import to_building
from customers.asking import Asker, narrowest
from customers.choices import Secrecy
from customers.models import Customer, SupplyPoint
from customers.search import MAX_CHARS, MAX_WORDS, grams, plain
from customers.selectors.finding import ENOUGH, RARE, common_keys

MOST = 2_000  # customers read for one address; a road that has more is asked for in the sample …
SAMPLED = 400  # … of which so many stand for it

PLACES = """
SELECT p.id, p.address FROM (
    SELECT customer_id FROM customers_searchentry WHERE {holds} LIMIT %(most)s
) found JOIN customers_supplypoint p USING (customer_id) JOIN customers_customer c ON c.id = p.customer_id
WHERE c.secrecy_level = 'none' OR c.secrecy_until < %(today)s
"""


@dataclass(frozen=True)
class Places:
    """Ids of supply points; ``is_sample`` when so many fit that only some of them were read."""

    points: tuple[int, ...] = ()
    is_sample: bool = False


def places_at(text: str, today: date) -> Places:
    """The supply points whose address has every word of ``text``; door and unit are left out of it.

    At most four small queries, whatever the number of customers.
    """
    typed = to_building(text.strip()[:MAX_CHARS])
    words = [word for word in map(plain, typed.split()) if len(word) > 1][:MAX_WORDS]
    if not words:
        return Places()
    asker = Asker(common_keys())
    question = narrowest(asker.pieces("/", grams(word)) for word in words)
    with transaction.atomic(), connection.cursor() as cursor:
        # A sequential scan that hopes to fill the LIMIT early reads the whole table when the rows lie at its end.
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = _ask(cursor, question.keys, words, today, sampled=True) if question.share > RARE else []
        is_sample = len(found) >= ENOUGH
        if not is_sample:
            found = _ask(cursor, question.keys, words, today, sampled=False)
        cursor.execute("SET LOCAL enable_seqscan = on")
    return Places(tuple(found), is_sample or len(found) >= MOST)


def _ask(cursor, keys: str, words: list[str], today: date, *, sampled: bool) -> list[int]:
    """Ids of those whose address, not only its door, has the words."""
    holds = ["keys @@ %(keys)s::tsquery", *(f"lines LIKE %(like{n})s" for n in range(len(words)))]
    likes = {f"like{n}": f"%/%{_like(word)}%" for n, word in enumerate(words)}
    sql = PLACES.replace("{holds}", " AND ".join([*holds, "is_sampled"] if sampled else holds))
    most = SAMPLED if sampled else MOST
    cursor.execute(sql, {"keys": keys, "most": most, "today": today} | likes)
    return [pk for pk, address in cursor.fetchall() if all(word in plain(address) for word in words)]


def _like(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def points_of_account(account_no: str, today: date) -> QuerySet[SupplyPoint]:
    """The supply points of an account, none when there is no such account."""
    open_ones = Customer.objects.filter(Q(secrecy_level=Secrecy.NONE) | Q(secrecy_until__lt=today))
    return SupplyPoint.objects.filter(customer__in=open_ones.filter(account_no=account_no))

"""How many rows several lists hold, without counting everything: figures beside a menu, tabs, a bell.

    mine, units = counted_up_to(99, my_orders(member), unit_orders(member))

One query for all of them, which ends each count where people stop caring.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def counted_up_to(most: int, *lists: QuerySet) -> tuple[int, ...]:
    """The number of rows of each list, at most ``most``; one query, none for lists that must be empty."""
    counts: list[str] = []
    params: list[Any] = []
    for rows in lists:
        try:
            text, values = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            counts.append("0")
        else:
            counts.append(f"(SELECT count(*) FROM ({text}) AS counted)")  # noqa: S608  # Django's own SQL
            params += values
    if not params:
        return (0,) * len(lists)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return cursor.fetchone()

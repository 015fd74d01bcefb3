"""Pages by place instead of by number: “the 50 rows after this one”, at the same cost on every page.

The place is a row comparison, ``(next_due_at, id) > (…, …)``, which an index on exactly these columns serves without
a sort. All keys run the same way; the last must be unique; only the first of a rising order may be NULL, and those rows
come last, as PostgreSQL's own index order has them.
"""

import base64
import json
from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet, Value


class RowCompare(Func):
    """``(a, b) > (x, y)`` as one comparison; rows with a NULL among the keys are left out, as SQL has it."""

    output_field = BooleanField()

    def __init__(self, names: Sequence[str], operator: str, values: Sequence[Any]) -> None:
        super().__init__(*[F(name) for name in names], *[Value(value) for value in values])
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *_how: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        sql: list[str] = []
        params: list[Any] = []
        for expression in self.source_expressions:
            part, its_params = compiler.compile(expression)
            sql.append(part)
            params.extend(its_params)
        half = len(sql) // 2
        return f"({', '.join(sql[:half])}) {self.operator} ({', '.join(sql[half:])})", tuple(params)


class Keyset:
    """A queryset in a fixed order, read from a place.

    ``order`` names fields or annotations, all rising (``"next_due_at", "id"``) or all falling (``"-at", "-id"``).
    """

    def __init__(self, queryset: QuerySet, order: Sequence[str]) -> None:
        self.falling = order[0].startswith("-")
        if any(name.startswith("-") != self.falling for name in order):
            raise ImproperlyConfigured(f"Keys must run the same way to be one row comparison: {order}")
        self.names = [name.lstrip("-") for name in order]
        self.fields = [_field(queryset, name) for name in self.names]
        self.has_nulls = not self.falling and getattr(self.fields[0], "null", False)
        self.ordered = queryset.order_by(*order)

    def page(self, *, after: str, limit: int) -> list[Any]:
        """Up to ``limit`` rows behind the cursor ``after``; from the start when it is empty or nonsense.

        One query; two at the seam where the NULLs of the first key begin.
        """
        place = self.decode(after)
        if place is None:
            return list(self.ordered[:limit])
        if not self.has_nulls:
            return list(self.ordered.filter(self._behind(self.names, place))[:limit])
        nulls = self.ordered.filter(**{f"{self.names[0]}__isnull": True})
        if place[0] is None:
            return list(nulls.filter(self._behind(self.names[1:], place[1:]))[:limit])
        rows = list(self.ordered.filter(self._behind(self.names, place))[:limit])
        return rows + list(nulls[: limit - len(rows)]) if len(rows) < limit else rows

    def cursor(self, row: Any) -> str:
        """The place of a row, to be given back as ``after``."""
        values = [_plain(reduce(getattr, name.split("__"), row)) for name in self.names]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> list[Any] | None:
        """The key values of a cursor; None for an empty one and for anything this list did not make."""
        if not cursor:
            return None
        try:
            values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            place = [field.to_python(value) for field, value in zip(self.fields, values, strict=True)]
        except (ValueError, TypeError, ValidationError):
            return None
        nulls = place[1:] if self.has_nulls else place
        return None if any(value is None for value in nulls) else place

    def _behind(self, names: Sequence[str], values: Sequence[Any]) -> Expression:
        return RowCompare(names, "<" if self.falling else ">", values)


def _field(queryset: QuerySet, name: str) -> Any:
    """The field of a path, or the output field of an annotation."""
    if name in queryset.query.annotations:
        return queryset.query.annotations[name].output_field
    model: type[Model] = queryset.model
    for part in name.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    return field


def _plain(value: Any) -> Any:
    """As JSON keeps it and ``to_python`` of its field reads it."""
    if value is None or isinstance(value, (int, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)

"""What the users of a run are narrowed by; what they say stands in the address."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from outages.models import RunUser

RECEIPT = [("missing", _("Missing")), ("handed", _("Handed over")), ("left_out", _("Left out"))]


class RunUserFilter(filters.FilterSet):
    """Account or name, batch, how far the written notice is."""

    q = filters.CharFilter(label=_("Account number or name"), method="by_words")
    batch = filters.NumberFilter(label=_("Batch number"), field_name="batch__number")
    receipt = filters.ChoiceFilter(label=_("Receipt"), choices=RECEIPT, method="by_receipt", empty_label=_("All"))

    class Meta:
        model = RunUser
        fields: list[str] = []

    def by_words(self, rows: QuerySet[RunUser], _name: str, value: str) -> QuerySet[RunUser]:
        text = value.strip()
        digits = "".join(text.split())
        if digits.isdigit():
            return rows.filter(customer__account_no=digits)
        return rows.filter(customer__name__icontains=text)

    def by_receipt(self, rows: QuerySet[RunUser], _name: str, value: str) -> QuerySet[RunUser]:
        wanted: dict[str, dict[str, Any]] = {
            "missing": {"left_out": "", "handed_at__isnull": True},
            "handed": {"handed_at__isnull": False},
            "left_out": {"left_out__gt": ""},
        }
        return rows.filter(**wanted[value]) if value in wanted else rows

"""What the desk's list of outages is narrowed by; what they say stands in the address."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from outages.choices import ENDED, Kind, State
from outages.models import Call, CallReason, Outage
from outages.selectors.calls import STILL_TO_CALL

STANDING = [("off", _("Power is off")), ("ahead", _("Not yet off")), ("ended", _("Over")), ("all", _("All"))]
AHEAD = (State.DRAFT, State.CHECKED, State.APPROVED, State.PUBLISHED, State.POSTPONED)


class OutageFilter(filters.FilterSet):
    """How far it is, its kind, its code or place."""

    q = filters.CharFilter(label=_("Code, place or feeder"), method="by_words")
    standing = filters.ChoiceFilter(
        label=_("How far"), choices=STANDING, method="by_standing", empty_label=_("Not over")
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=Kind, empty_label=_("All kinds"))

    class Meta:
        model = Outage
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[Outage]:
        rows = super().qs
        return rows if self.data.get("standing") else rows.exclude(state__in=ENDED)

    def by_words(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        text = value.strip()
        return rows.filter(Q(code__istartswith=text) | Q(place__icontains=text) | Q(feeder__name__icontains=text))

    def by_standing(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        states: dict[str, Any] = {"off": [State.UNDER_WAY], "ahead": AHEAD, "ended": ENDED}
        return rows.filter(state__in=states[value]) if value in states else rows


TO_DO = [("open", _("To call")), ("done", _("Done")), ("all", _("All"))]


class CallFilter(filters.FilterSet):
    """Who is still to be called, and why."""

    standing = filters.ChoiceFilter(
        label=_("How far"), choices=TO_DO[1:], method="by_standing", empty_label=TO_DO[0][1]
    )
    why = filters.ChoiceFilter(label=_("Why"), choices=CallReason, empty_label=_("All reasons"))

    class Meta:
        model = Call
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[Call]:
        rows = super().qs
        return rows if self.data.get("standing") else rows.filter(result__in=STILL_TO_CALL)

    def by_standing(self, rows: QuerySet[Call], _name: str, value: str) -> QuerySet[Call]:
        return rows.exclude(result__in=STILL_TO_CALL) if value == "done" else rows

"""What the lists of planned and actual, and of times of return, are narrowed by."""

from datetime import timedelta

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outages.choices import LiveLine
from outages.models import Outage
from outages.selectors.kept import IN_TIME, too_long
from outages.stepfilter import carried

ENDED = [("in_time", _("In time")), ("over", _("Longer than told")), ("off", _("Still off"))]
AVOIDABLE = [("yes", _("Could have been avoided")), ("no", _("Could not")), ("unknown", _("Not said yet"))]
LIVE = [("unasked", LiveLine.NOT_ASKED.label), *[(one.value, one.label) for one in LiveLine if one.value]]
TOLD = [
    ("first_late", _("Later than first told")),
    ("last_late", _("Later than last told")),
    ("untold", _("No time was told")),
]
LATE = timedelta(0)
BY_TOLD = {
    "first_late": Q(first_over__gt=LATE),
    "last_late": Q(last_over__gt=LATE),
    "untold": Q(first_expected_at__isnull=True),
}


class _OfPeriod(filters.FilterSet):
    """The period and the unit have chosen the rows already."""

    period = carried(method="as_it_is")
    unit = carried(method="as_it_is")

    class Meta:
        model = Outage
        fields: list[str] = []

    def as_it_is(self, rows: QuerySet[Outage], _name: str, _value: str) -> QuerySet[Outage]:
        return rows


class PlannedFilter(_OfPeriod):
    """How it ended, whether it could have been avoided, whether it was done live."""

    ended = filters.ChoiceFilter(label=_("How it ended"), choices=ENDED, method="by_end", empty_label=_("Any"))
    avoidable = filters.ChoiceFilter(
        label=_("Avoidable"), choices=AVOIDABLE, method="by_avoidable", empty_label=_("Any")
    )
    live = filters.ChoiceFilter(label=_("Live-line work"), choices=LIVE, method="by_live", empty_label=_("Any"))

    def by_end(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        now = self.request.now if self.request else timezone.now()
        ways = {"in_time": IN_TIME, "over": too_long(now), "off": Q(restored_at__isnull=True)}
        return rows.filter(ways[value])

    def by_avoidable(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        return rows.filter(is_avoidable={"yes": True, "no": False}.get(value))

    def by_live(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        return rows.filter(live_line="" if value == "unasked" else value)


class ReturnFilter(_OfPeriod):
    """Which time that was told was missed."""

    told = filters.ChoiceFilter(label=_("Time of return"), choices=TOLD, method="by_told", empty_label=_("Any"))

    def by_told(self, rows: QuerySet[Outage], _name: str, value: str) -> QuerySet[Outage]:
        return rows.filter(BY_TOLD[value])

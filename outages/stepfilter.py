"""What the list of interruptions behind a figure is narrowed by; figures link to it with these words."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from customers.models import Transformer
from outages.choices import Cause
from outages.models import OutageStep
from outages.selectors.steps import BRIEF, LONG, ONGOING, PLANNED, on_boxes
from outages.selectors.trouble import steps_of_place

SORTS = [("no", _("Not planned")), ("yes", _("Planned"))]
LASTING = [("long", _("Interruptions")), ("brief", _("Brief ones")), ("off", _("Still off"))]
BY_LASTING = {"long": LONG, "brief": BRIEF, "off": ONGOING}


def carried(**options: Any) -> filters.CharFilter:
    """Said by a link, not drawn, and kept while others are set."""
    return filters.CharFilter(widget=HiddenInput, **options)


class StepFilter(filters.FilterSet):
    """Planned or not, brief or not, why; of one feeder, transformer, area or place where the figure was."""

    planned = filters.ChoiceFilter(label=_("Planned or not"), choices=SORTS, method="by_sort", empty_label=_("Both"))
    lasting = filters.ChoiceFilter(label=_("How long"), choices=LASTING, method="by_lasting", empty_label=_("Any"))
    cause = filters.ChoiceFilter(
        label=_("Cause"), choices=Cause, field_name="outage__cause", empty_label=_("All causes")
    )
    feeder = carried(method="by_feeder")
    transformer = carried(method="by_transformer")
    area = carried(method="by_area")
    place = carried(method="by_place")
    # the period, the unit and the days left out have chosen the rows already
    period = carried(method="as_it_is")
    unit = carried(method="as_it_is")
    days = carried(method="as_it_is")

    class Meta:
        model = OutageStep
        fields: list[str] = []

    def by_sort(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        return rows.filter(PLANNED if value == "yes" else ~PLANNED)

    def by_lasting(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        return rows.filter(BY_LASTING[value])

    def by_feeder(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        """By its code; “-”: outages that name none."""
        return rows.filter(Q(outage__feeder__isnull=True) if value == "-" else Q(outage__feeder__code=value))

    def by_transformer(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        return on_boxes(rows, Transformer.objects.filter(code=value))

    def by_area(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        return on_boxes(rows, Transformer.objects.filter(area__code=value))

    def by_place(self, rows: QuerySet[OutageStep], _name: str, value: str) -> QuerySet[OutageStep]:
        return steps_of_place(rows, value, self.request.user)

    def as_it_is(self, rows: QuerySet[OutageStep], _name: str, _value: str) -> QuerySet[OutageStep]:
        return rows

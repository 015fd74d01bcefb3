"""Which of what is watched is shown; what the filters say stands in the address."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from outages.choices import Season
from outages.models import WatchItem
from outages.selectors.watching import next_season

STANDING = [("open", _("To be done")), ("late", _("Overdue")), ("done", _("Done"))]


class WatchFilter(filters.FilterSet):
    """Season and year, which begin with the peak that comes next; done or not."""

    season = filters.ChoiceFilter(label=_("Season"), choices=Season, empty_label=None)
    year = filters.NumberFilter(label=_("Year"))
    standing = filters.ChoiceFilter(
        label=_("How far"), choices=STANDING, method="by_standing", empty_label=_("Done or not")
    )

    class Meta:
        model = WatchItem
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, request: Any = None, **kwargs: Any) -> None:
        self.today = localdate(request.now)
        season, year = next_season(self.today)
        data = data.copy() if data is not None else {}
        data.setdefault("season", season)
        data.setdefault("year", str(year))
        super().__init__(data, *args, request=request, **kwargs)

    @property
    def chosen(self) -> tuple[Season, int]:
        """The season shown; the next one when what the address says is none."""
        season, year = next_season(self.today)
        data = self.form.cleaned_data if self.form.is_valid() else {}
        return Season(data.get("season") or season), int(data.get("year") or year)

    def by_standing(self, rows: QuerySet[WatchItem], _name: str, value: str) -> QuerySet[WatchItem]:
        if value == "done":
            return rows.filter(done_on__isnull=False)
        rows = rows.filter(done_on__isnull=True)
        return rows.filter(due_on__lt=self.today) if value == "late" else rows

"""Reads of imported history: its files on their way in, and what of it the figures count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outages.models import HistoryRow, HistoryRun, HistorySource, PastStep
from outages.models.history import TO_WRITE, RowState, RunState
from outages.policies import LEAD
from staff.directory import visible_units
from staff.models import Member, Unit
from staff.selectors import scope_of

SHOWN = 100
LATEST = 20
MOST_WORDS = 60  # to be translated at once


class Origin(models.TextChoices):
    """Whose outages a figure counts."""

    OWN = "", _("Own only")
    BOTH = "both", _("With imported")
    IMPORTED = "imported", _("Imported only")


@dataclass(frozen=True)
class Past:
    """How many outages of a source there are."""

    source: str
    outages: int

    def __str__(self) -> str:
        words = {"n": f"{self.outages:,}", "source": self.source}
        return ngettext("%(n)s outage of %(source)s", "%(n)s outages of %(source)s", self.outages) % words


def past_in(rows: QuerySet[PastStep]) -> list[Past]:
    """How many outages of each source are among these steps; one query."""
    named = rows.order_by("source__name").values_list("source__name")
    return [Past(name, number) for name, number in named.annotate(Count("number", distinct=True))]


def first_past_year() -> int | None:
    """The year in which imported history begins; None when there is none."""
    began = PastStep.objects.aggregate(Min("began_at"))["began_at__min"]
    return localtime(began).year if began else None


def led_units(actor: Member) -> QuerySet[Unit]:
    """Units whose history this person may bring in, in the order of the tree."""
    return visible_units(actor, LEAD).filter(is_active=True)


def history_units(actor: Member) -> dict[str, int]:
    """The same by code."""
    return dict(led_units(actor).values_list("code", "pk"))


def sources() -> QuerySet[HistorySource]:
    """Every source whose files can be read."""
    return HistorySource.objects.order_by("name")


def runs_for(actor: Member) -> QuerySet[HistoryRun]:
    """The last files of the units this person leads, whoever gave them."""
    rows = HistoryRun.objects.filter(unit__in=scope_of(actor).unit_ids(*LEAD))
    return rows.select_related("source", "unit", "actor").order_by("-at", "-id")


def get_run_for(actor: Member, code: str) -> HistoryRun:
    """One file. Raises: Http404 when it does not exist for this person."""
    found = runs_for(actor).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def last_year_of(run: HistoryRun) -> int | None:
    """The last year that the written rows of a file speak of; None when there are none."""
    written = run.staged.filter(state__in=TO_WRITE).annotate(began=KeyTextTransform("began_at", "data"))
    last = written.aggregate(Max("began"))["began__max"]
    return localtime(datetime.fromisoformat(last)).year if last else None


def rows_shown(run: HistoryRun, state: str) -> list[HistoryRow]:
    """The first rows of a state."""
    return list(run.staged.filter(state=state).order_by("line_no")[:SHOWN])


def every_row(run: HistoryRun) -> Iterator[HistoryRow]:
    """All rows of the report, one after the other; memory stays flat."""
    return run.staged.order_by("line_no").iterator(chunk_size=1000)


def untold_causes(run: HistoryRun) -> list[tuple[str, int]]:
    """Words for causes that nobody has translated yet, with how many rows say them, the most frequent first."""
    if run.state != RunState.CHECKED or run.source is None or not run.counts.get(RowState.WRONG):
        return []
    rows = run.staged.filter(state=RowState.WRONG).exclude(data__cause_given__in=["", *run.source.causes])
    words = rows.order_by().values_list("data__cause_given").annotate(times=Count("pk"))
    return list(words.order_by("-times", "data__cause_given")[:MOST_WORDS])
